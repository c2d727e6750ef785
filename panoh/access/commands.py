"""`panoh access`: the first administrator, and the table of who may do what."""

import argparse
import getpass
import sys

from django.utils import timezone

# Nobody is a member yet when these are recorded.
RECORDED_AT_START = ("access.organisation.added", "access.account.added", "access.member.added")


def register(subparsers: argparse._SubParsersAction) -> None:
    access = subparsers.add_parser("access", help="the first administrator; who may do what")
    acts = access.add_subparsers(title="acts", metavar="ACT", required=True)

    start = acts.add_parser("start", help="make the first organisation and its administrator")
    start.add_argument("--organisation", required=True, metavar="CODE", help="short code, for example prs-mia")
    start.add_argument("--kind", required=True, choices=["authority", "un", "ngo", "partner"])
    start.add_argument("--country", default="", metavar="ISO3", help="the state an authority answers to")
    start.add_argument("--title", required=True, help="the organisation's name in English")
    start.add_argument("--username", required=True)
    start.add_argument("--name", required=True, help="the administrator's name")
    start.set_defaults(run=run_start)

    policy = acts.add_parser("policy", help="print the table role × verb")
    policy.set_defaults(run=run_policy)


def run_start(arguments: argparse.Namespace) -> int:
    """Refuses where somebody administers already: further members are added on the site."""
    from panoh.access import operations
    from panoh.access.context import acting_without_member
    from panoh.access.models import Member
    from panoh.kernel.problems import Problem

    if Member.objects.exists():
        raise Problem("access.start.done")
    # A script pipes the password in; a person is asked without echo.
    password = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    today = timezone.localdate()
    with acting_without_member("the first administrator", records=RECORDED_AT_START):
        organisation = operations.add_organisation(
            by=None,
            code=arguments.organisation,
            kind=arguments.kind,
            titles={"en": arguments.title},
            valid_from=today,
            country=arguments.country,
        )
        account = operations.add_account(by=None, username=arguments.username, name=arguments.name, password=password)
        operations.add_member(
            by=None, account=account, organisation=organisation, role="administrator", valid_from=today
        )
    print(f"{arguments.username} may now sign in and add offices and members.")
    return 0


def run_policy(arguments: argparse.Namespace) -> int:
    sys.stdout.write(policy_table())
    return 0


def policy_table() -> str:
    """Role × verb as text: one line a verb, the roles that hold it. Kept in docs/policy.txt, so a change shows as a diff."""
    from panoh.access.verbs import list_verbs

    lines = ["# Who may do what. Made by `panoh access policy`; a test compares.\n"]
    for verb in list_verbs():
        marks = [verb.on if verb.on != "none" else ""]
        marks.append("files of others too" if verb.shared else "")
        marks.append(f"reads {', '.join(verb.reads)}" if verb.reads else "")
        marks.append("with conditions" if verb.needs else "")
        note = "; ".join(mark for mark in marks if mark)
        lines.append(f"{verb.name}: {', '.join(sorted(verb.roles))}{f'  [{note}]' if note else ''}\n")
    return "".join(lines)
