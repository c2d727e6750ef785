"""Rules about migrations: one line of them in each room, complete, and independent of code that will change."""

from __future__ import annotations

import ast

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from panoh.project.installation import ROOT
from tests.meta.sources import python_files, shown

# What a migration may import of Panoh: ids for defaults, field classes, and the operations that lay the locks of a table.
OPEN_TO_MIGRATIONS = ("panoh.kernel", "panoh.access.rls", "panoh.ledger.guard", "panoh.ledger.fields")


def test_each_room_has_one_last_migration():
    graph = MigrationLoader(None).graph
    forks = {room: graph.leaf_nodes(room) for room in settings.ROOMS if len(graph.leaf_nodes(room)) > 1}
    assert forks == {}


@pytest.mark.django_db(databases=list(settings.DATABASES))
def test_models_and_migrations_agree(capsys):
    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=1)
    except SystemExit:
        pytest.fail(capsys.readouterr().out)


def test_migrations_import_nothing_that_changes_with_the_code():
    found = []
    for path in python_files("panoh"):
        if "migrations" not in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            for name in imported_modules(node):
                own = ".".join(path.relative_to(ROOT).parts[:3])  # its room's own migrations folder
                if name.startswith("panoh.") and not name.startswith((*OPEN_TO_MIGRATIONS, own)):
                    found.append(f"{shown(path)}: {name}")
    assert found == []


def imported_modules(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def test_every_table_is_made_by_the_owner_of_all(owner_connection):
    rows = owner_connection.execute(
        "SELECT relname, pg_get_userbyid(relowner) FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')"
    ).fetchall()
    assert {owner for _, owner in rows} == {settings.DATABASE_ROLES.owner}
    assert {model._meta.db_table for model in apps.get_models()} <= {name for name, _ in rows}


@pytest.mark.django_db(databases=["owner"])
def test_every_foreign_key_has_an_index_that_starts_with_it():
    """Deleting or joining would read the whole table otherwise; and a lock on a parent would wait for it."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            """
            SELECT k.conrelid::regclass::text, k.conname
              FROM pg_constraint k
             WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace
               AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = k.conrelid AND i.indkey[0] = k.conkey[1])
             ORDER BY 1, 2
            """
        )
        assert cursor.fetchall() == []
