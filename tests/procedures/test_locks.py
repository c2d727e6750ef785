"""Every table of this room stands under its locks, or on a written list of exemptions."""

from django.apps import apps
from django.db import connection

EXEMPT_FROM_ENTRIES = {
    "procedures_due": "a projection of steps, always recomputed whole",
    "procedures_notice": "only reminds; nothing follows from it",
}
WITHOUT_POLICY = {"procedures_barrier": "says nothing about a person"}


def tables():
    return {model._meta.db_table for model in apps.get_app_config("procedures").get_models()}


def test_every_table_needs_an_entry_for_each_change_or_is_exempt(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'ledger_require_entry'")
        guarded = {name for (name,) in cursor.fetchall() if name.startswith("procedures_")}
    assert guarded | set(EXEMPT_FROM_ENTRIES) == tables()
    assert not guarded & set(EXEMPT_FROM_ENTRIES)


def test_every_table_is_closed_by_row_level_security_or_exempt(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity AND relname LIKE 'procedures%'"
        )
        closed = {name for (name,) in cursor.fetchall()}
    assert closed | set(WITHOUT_POLICY) == tables()


def test_every_foreign_key_has_an_index_that_begins_with_it(db):
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT c.conrelid::regclass::text || '.' || a.attname FROM pg_constraint c
               JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
               WHERE c.contype = 'f' AND c.conrelid::regclass::text LIKE 'procedures%'
                 AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indkey[0] = c.conkey[1])"""
        )
        assert [name for (name,) in cursor.fetchall()] == []
