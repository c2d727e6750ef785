"""The operator's commands that belong to no room: migrate, serve, check, django, database."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def register(subparsers: Any) -> None:
    migrate = subparsers.add_parser("migrate", help="make the database ready: roles, tables, rights; safe to repeat")
    migrate.add_argument("--quiet", action="store_true", help="say nothing when all goes well")
    migrate.set_defaults(run=run_migrate)

    serve = subparsers.add_parser("serve", help="serve the pages and keep the ledger, until stopped")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument("--workers", type=int, default=2, help="web processes (default: 2)")
    serve.set_defaults(run=run_serve)

    check = subparsers.add_parser("check", help="say whether this installation is in order, and what is not")
    check.set_defaults(run=run_check)

    django = subparsers.add_parser(
        "django", help="Django's own commands, for developers", add_help=False, prefix_chars="\0"
    )
    django.add_argument("arguments", nargs=argparse.REMAINDER)
    django.set_defaults(run=run_django)

    for_database = subparsers.add_parser("database", help="the database of this installation")
    actions = for_database.add_subparsers(title="actions", metavar="ACTION")
    password = actions.add_parser("password", help="print the password derived for a role of an external PostgreSQL")
    password.add_argument("role")
    password.set_defaults(run=run_password, needs_database=False)
    renew = actions.add_parser(
        "renew", help="remove the demo's database with everything in it, and make it anew, empty"
    )
    renew.set_defaults(run=run_renew)
    dump = actions.add_parser("dump", help="write the embedded database into a file: the whole register, in clear")
    dump.add_argument("file", type=Path)
    dump.set_defaults(run=run_dump)
    restore = actions.add_parser("restore", help="bring a dump back, where no database is there yet")
    restore.add_argument("file", type=Path)
    restore.set_defaults(run=run_restore)
    stop = actions.add_parser("stop", help="stop the embedded PostgreSQL where a killed command left it running")
    stop.set_defaults(run=run_stop, needs_database=False)


def run_migrate(arguments: argparse.Namespace) -> int:
    from panoh.project.migrating import migrate

    migrate(quiet=arguments.quiet)
    return 0


def run_serve(arguments: argparse.Namespace) -> int:
    from panoh.project.serving import serve

    return serve(host=arguments.host, port=arguments.port, workers=arguments.workers)


def run_check(arguments: argparse.Namespace) -> int:
    from panoh.project.checking import check

    return check()


def run_django(arguments: argparse.Namespace) -> int:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["panoh django", *arguments.arguments])
    return 0


def run_password(arguments: argparse.Namespace) -> int:
    from panoh.project.database import role_password

    print(role_password(arguments.role))
    return 0


def run_renew(arguments: argparse.Namespace) -> int:
    from panoh.project.migrating import renew

    renew()
    return 0


def run_dump(arguments: argparse.Namespace) -> int:
    from django.conf import settings

    from panoh.project.safekeeping import dump

    dump(settings.DATABASE_TARGET, arguments.file)
    print(f"The register is in {arguments.file}, in clear: keep it as you keep the register.")
    return 0


def run_restore(arguments: argparse.Namespace) -> int:
    from django.conf import settings

    from panoh.project.safekeeping import restore

    restore(settings.DATABASE_TARGET, arguments.file)
    print("Restored. Now hold it against a checkpoint that somebody else has kept: panoh ledger verify --against FILE")
    return 0


def run_stop(arguments: argparse.Namespace) -> int:
    from django.conf import settings

    from panoh.project import postgres

    if settings.DATABASE_TARGET.cluster is None:
        print("The database is an external one; it is not ours to stop.")
    else:
        postgres.stop(settings.DATABASE_TARGET.cluster)
    return 0
