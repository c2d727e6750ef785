"""The `panoh` command: what an operator does. Each room registers its own subcommands in `panoh/<room>/commands.py`.

A subcommand sets `run`, a callable that takes the parsed arguments and returns the exit code. It runs with the database
up unless it sets `needs_database=False`. A refusal is printed as text with its code; a traceback means a defect.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import os
import signal
import sys
from collections.abc import Sequence

import panoh
from panoh.kernel.problems import Problem, render
from panoh.project.attached import attach_to_server
from panoh.project.problems import SetupProblem, print_problem
from panoh.rulebook import RulebookError

ROOMS_WITH_COMMANDS = (
    "project",
    "rulebook",
    "ledger",
    "access",
    "registry",
    "papers",
    "procedures",
    "scheduling",
    "library",
    "statistics",
    "journeys",
    "web",
    "demo",
)


def main(arguments: Sequence[str] | None = None) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    attach_to_server()
    try:
        return run(arguments)
    except SetupProblem as problem:
        print_problem(problem.code, problem.happened, problem.why, problem.next_step)
        return 1
    except RulebookError as error:  # every command reads the rulebook, so its errors are told before anything else
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return 130
    except BrokenPipeError:  # `panoh … | head`: the reader has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:  # a file that was named cannot be read or written; any other is a defect
        if error.filename is None:
            raise
        print_problem(
            "setup.file.unusable",
            f"{error.filename} cannot be used.",
            error.strerror or str(error),
            "Choose another file or folder.",
        )
        return 1


def run(arguments: Sequence[str] | None = None) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "panoh.project.settings")
    import django

    given = sys.argv[1:] if arguments is None else arguments
    check_arguments(given)
    if "demo" in given[:1]:
        os.environ.setdefault("PANOH_MODE", "demo")  # its database is its own: an installation's is never meant
    django.setup()
    parsed = build_parser().parse_args(arguments)
    if not hasattr(parsed, "run"):
        parsed.parser_in_use.print_help()
        return 2

    try:
        return run_with_database(parsed) if getattr(parsed, "needs_database", True) else parsed.run(parsed) or 0
    except Problem as refusal:
        print_refusal(refusal)
        return 1


def check_arguments(arguments: Sequence[str]) -> None:
    """Bytes that are no text in this terminal's encoding come in as half characters, which nothing here can keep."""
    for argument in arguments:
        if "\0" in argument or any("\ud800" <= letter <= "\udfff" for letter in argument):
            raise SetupProblem(
                "setup.command.not_text",
                f"{argument[:60]!r} is not readable text.",
                "It holds bytes that are no letters in the encoding of this terminal.",
                "Type it again, or rename the file.",
            )


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="panoh", description="Panoh: what an operator does.")
    parser.add_argument("--version", action="version", version=f"Panoh {panoh.__version__}")
    parser.set_defaults(parser_in_use=parser)
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=ReminderParser)
    for room in ROOMS_WITH_COMMANDS:
        name = f"panoh.{room}.commands"
        if importlib.util.find_spec(name) is not None:
            importlib.import_module(name).register(subparsers)
    return parser


class ReminderParser(argparse.ArgumentParser):
    """A parser that remembers itself, so that a command without its subcommand prints its own help."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.set_defaults(parser_in_use=self)


def run_with_database(parsed: argparse.Namespace) -> int:
    import psycopg
    from django.conf import settings
    from django.db import OperationalError, connections

    from panoh.project import database
    from panoh.project.migrating import migrate

    lease = database.obtain_lease(settings.DATABASE_TARGET)
    try:
        makes_ready = getattr(parsed, "makes_ready", False)
        if makes_ready and (settings.MODE == "demo" or database.is_new(settings.DATABASE_TARGET)):
            migrate(quiet=True)
        return parsed.run(parsed) or 0
    except (OperationalError, psycopg.OperationalError) as error:
        raise SetupProblem(
            "setup.database.unreachable",
            "The database cannot be used.",
            str(error).strip(),
            "On a new installation run `panoh migrate` first; else check that the database server runs.",
        ) from None
    finally:
        connections.close_all()
        if lease is not None:
            lease.give_back()


def print_refusal(refusal: Problem) -> None:
    """Print a Problem, or each of several, in the words of its room's catalogue."""
    for problem in render(refusal):
        print_problem(problem.code, problem.happened, problem.why, problem.next)


if __name__ == "__main__":
    sys.exit(main())
