"""Says whether an installation is in order: database reachable, roles bound, migrations run, letters understood, rulebook sound.

Called by `panoh check`; changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.conf import settings
from django.core.checks import Error, run_checks
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from panoh.project import database
from panoh.project.ruling import faults_on_disk, unknown_cases
from panoh.rulebook import current


def check() -> int:
    """Print one line a check; exit code 1 when one of them fails."""
    failed = 0
    for title, judge in CHECKS:
        complaints = list(judge())
        print(f"{'ok  ' if not complaints else 'FAIL'}  {title}")
        for complaint in complaints:
            print(f"      {complaint}")
        failed += bool(complaints)
    return 1 if failed else 0


def complaints_of_django() -> Iterator[str]:
    for message in run_checks():
        if isinstance(message, Error) or message.level >= 40:
            yield f"{message.msg} {message.hint or ''} ({message.id})".strip()


def unapplied_migrations() -> Iterator[str]:
    executor = MigrationExecutor(connections["owner"])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        yield f"{len(plan)} migrations have not been run; run `panoh migrate`."


def roles_too_strong() -> Iterator[str]:
    with settings.DATABASE_TARGET.connect(settings.DATABASE_ROLES.owner) as owner:
        database.check_roles(owner, settings.DATABASE_TARGET)
        row = owner.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
        if row and row[0]:
            yield "DATABASE_URL names a superuser; give the database to an ordinary role with CREATEROLE."


def letters_not_understood() -> Iterator[str]:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT lower('ҚӮРҒОН'), cardinality(show_trgm('паноҳ')), cardinality(show_trgm('پناه'))")
        lowered, cyrillic, arabic = cursor.fetchone()
    if lowered != "қӯрғон" or cyrillic < 4 or arabic < 3:
        yield "The database's LC_CTYPE does not know Cyrillic or Arabic letters; create it with LC_CTYPE C.UTF-8."


def cases_not_in_the_rulebook() -> Iterator[str]:
    if not list(unapplied_migrations()):
        yield from unknown_cases(current())


CHECKS: tuple[tuple[str, Callable[[], Iterator[str]]], ...] = (
    ("the code and its settings agree", complaints_of_django),
    ("the migrations have been run", unapplied_migrations),
    ("the application's roles are bound by row-level security", roles_too_strong),
    ("the database knows the letters of all three scripts", letters_not_understood),
    ("the rulebook on disk has no errors", faults_on_disk),
    ("the rulebook in force knows every case", cases_not_in_the_rulebook),
)
