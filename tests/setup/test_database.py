"""The database as the application finds it: which role it is, and what that role may not do."""

from __future__ import annotations

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections


@pytest.mark.django_db
def test_pages_work_as_the_application_role():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (settings.DATABASE_ROLES.app, False, False)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE intruder (id int)",
        "ALTER TABLE django_session ADD COLUMN intruder int",
        "DROP TABLE django_session",
        "TRUNCATE django_session",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('a', 'b', now())",
        "CREATE ROLE intruder",
    ],
)
def test_application_role_is_refused(app_connection, owner_connection, statement):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app_connection.execute(statement)


def test_owner_may_change_tables(owner_connection):
    owner_connection.execute("ALTER TABLE django_session ADD COLUMN of_the_owner int")


def test_reader_sees_nothing_that_was_not_granted(reader_connection):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        reader_connection.execute("SELECT * FROM django_session")


@pytest.mark.django_db(databases=["reader"])
def test_reader_cannot_write_at_all():
    with connections["reader"].cursor() as cursor:
        cursor.execute("SHOW default_transaction_read_only")
        assert cursor.fetchone() == ("on",)


def test_committed_rows_are_gone_in_the_next_test(owner_connection):
    owner_connection.execute("CREATE TABLE IF NOT EXISTS left_behind (id int)")
    count = owner_connection.execute("SELECT count(*) FROM left_behind").fetchone()[0]
    owner_connection.execute("INSERT INTO left_behind VALUES (1)")
    assert count == 0


def test_committed_rows_are_gone_in_the_next_test_again(owner_connection):
    test_committed_rows_are_gone_in_the_next_test(owner_connection)
