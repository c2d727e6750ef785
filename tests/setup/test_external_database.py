"""An external PostgreSQL by one setting, DATABASE_URL: here a second embedded server plays its part."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from panoh.project import postgres
from tests.setup.installations import Installation
from tests.setup.test_commands import refused

BOUND = ("register_app", "register_reader", "register_sequencer")


@pytest.fixture
def external(cluster) -> Iterator[postgres.Cluster]:
    lease = postgres.Lease(cluster)
    with cluster.connect() as admin:
        admin.execute("CREATE ROLE ministry LOGIN CREATEROLE PASSWORD 'of-the-ministry'")
        admin.execute("CREATE DATABASE register OWNER ministry")
    yield cluster
    lease.give_back()


@pytest.fixture
def installation(tmp_path: Path, external) -> Installation:
    url = f"postgresql://ministry:of-the-ministry@/register?host={external.socket_directory}"
    return Installation(tmp_path / "state", {"DATABASE_URL": url})


def test_one_setting_is_enough(installation, external):
    for _ in range(2):
        done = installation.panoh("migrate", "--quiet")
        assert (done.returncode, done.stderr) == (0, "")
    done = installation.panoh("check")
    assert done.returncode == 0, done.stdout
    assert not (installation.state / "postgres").exists(), "no embedded server beside the external one"
    with external.connect() as admin:
        rows = admin.execute(
            "SELECT rolname, rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles WHERE rolname LIKE 'register_%'"
        ).fetchall()
    assert sorted(rows) == [(role, False) for role in BOUND]


def test_nobody_else_may_connect(installation, external):
    assert installation.panoh("migrate", "--quiet").returncode == 0
    with external.connect() as admin:
        admin.execute("CREATE ROLE stranger LOGIN PASSWORD 'of-the-stranger'")
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        psycopg.connect(
            host=str(external.socket_directory), dbname="register", user="stranger", password="of-the-stranger"
        )


def test_owner_without_createrole_is_told_what_to_make(installation, external):
    with external.connect() as admin:
        admin.execute("ALTER ROLE ministry NOCREATEROLE")
        text = refused(installation.panoh("migrate"), "setup.database.role_missing")
        assert "panoh database password register_app" in text
        for role in BOUND:
            password = installation.panoh("database", "password", role).stdout.strip()
            admin.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{password}'")
    done = installation.panoh("migrate", "--quiet")
    assert (done.returncode, done.stderr) == (0, "")


def test_role_that_could_bypass_row_level_security_is_refused(installation, external):
    assert installation.panoh("migrate", "--quiet").returncode == 0
    with external.connect() as admin:
        admin.execute("ALTER ROLE register_app BYPASSRLS")
    refused(installation.panoh("migrate"), "setup.database.role_too_strong")


def test_user_who_does_not_own_the_database_is_told(installation, external):
    with external.connect() as admin:
        admin.execute(f"ALTER DATABASE register OWNER TO {postgres.SUPERUSER}")
    refused(installation.panoh("migrate"), "setup.database.not_owner")


def test_wrong_password_is_told_without_showing_it(installation):
    url = installation.settings["DATABASE_URL"].replace("of-the-ministry", "not-of-the-ministry")
    text = refused(installation.panoh("migrate", DATABASE_URL=url), "setup.database.unreachable")
    assert "not-of-the-ministry" not in text
