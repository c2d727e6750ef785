"""Makes the database of this installation ready: roles, tables, rights. Safe to repeat, and to repeat after a kill.

Called by `panoh migrate`, `bin/demo` and the tests. A room that must set rights again after every migration has
`panoh/<room>/grants.py` with `apply(cursor, roles)`; it runs as the owner, and must be repeatable.
"""

from __future__ import annotations

import importlib
import importlib.util

from django.conf import settings
from django.core.management import call_command
from django.db import connections, transaction

from panoh.project import database
from panoh.project.problems import SetupProblem


def migrate(*, quiet: bool = False) -> None:
    target = settings.DATABASE_TARGET
    with database.one_migration_at_a_time(target):
        database.make_ready(target)
        migrate_tables(verbosity=0 if quiet else 1)
    if not quiet:
        print(f"The database {target.name} is ready.")


def renew() -> None:
    """Remove the demo's database with everything in it, and make it anew, empty. Refused for any other."""
    target = settings.DATABASE_TARGET
    if settings.MODE != "demo":
        raise SetupProblem(
            "setup.database.not_a_demo",
            f"The database {target.name} is not a demo; it is not removed.",
            "What stands in a register and its ledger stays.",
            "Set PANOH_MODE=demo to renew the demo's own database.",
        )
    connections.close_all()
    database.drop(target)
    migrate(quiet=True)


def make_beside(target: database.Target) -> None:
    """Make another database on the embedded server, empty and with all tables; one of that name goes. Django then uses it."""
    if target.name == settings.DATABASE_TARGET.name:
        raise ValueError(f"{target.name} is the database of this installation")
    connections.close_all()
    database.drop(target)
    database.make_ready(target)
    for alias in settings.DATABASES:
        settings.DATABASES[alias]["NAME"] = target.name
        connections[alias].settings_dict["NAME"] = target.name
    migrate_tables()


def migrate_tables(*, verbosity: int = 0) -> None:
    """Run the migrations and the grants of the rooms as the owner, on whatever database the alias `owner` names."""
    call_command("migrate", database="owner", interactive=False, verbosity=verbosity)
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        roles = settings.DATABASE_ROLES
        database.grant_on_migrations_table(cursor, roles)
        for room in settings.ROOMS:
            name = f"panoh.{room}.grants"
            if importlib.util.find_spec(name) is not None:
                importlib.import_module(name).apply(cursor, roles)
