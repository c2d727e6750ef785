"""Dump and restore of the embedded database: whole, private, and never over what is there."""

from __future__ import annotations

import stat

import pytest

from panoh.project import postgres
from tests.setup.installations import Installation
from tests.setup.test_commands import refused


@pytest.fixture
def dumped(installation, reachable_directory, monkeypatch, request):
    """An installation with one row in it, and its dump."""
    monkeypatch.setenv("PANOH_STATE", str(installation.state))
    lease = postgres.Lease(postgres.find_cluster("panoh"))
    with postgres.find_cluster("panoh").connect("panoh") as admin:
        admin.execute(
            "INSERT INTO django_session VALUES ('of-the-dump', 'data', now()) ON CONFLICT (session_key) DO NOTHING"
        )
    lease.give_back()
    file = reachable_directory / f"{request.node.name}.dump"
    done = installation.panoh("database", "dump", str(file))
    assert done.returncode == 0, done.stderr
    return file


def test_dump_comes_back_whole_in_another_place(dumped, reachable_directory, monkeypatch):
    assert stat.S_IMODE(dumped.stat().st_mode) == 0o600
    other = Installation(reachable_directory / "other-place")
    done = other.panoh("database", "restore", str(dumped))
    assert done.returncode == 0, done.stderr
    assert other.panoh("check").returncode == 0
    monkeypatch.setenv("PANOH_STATE", str(other.state))
    lease = postgres.Lease(postgres.find_cluster("panoh"))
    with postgres.find_cluster("panoh").connect("panoh") as admin:
        assert admin.execute("SELECT count(*) FROM django_session WHERE session_key = 'of-the-dump'").fetchone() == (1,)
        owners = admin.execute(
            "SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class"
            " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        ).fetchall()
    assert owners == [("panoh_owner",)]
    lease.give_back()


def test_nothing_is_restored_over_a_register(dumped, installation):
    refused(installation.panoh("database", "restore", str(dumped)), "setup.dump.database_exists")


def test_no_backup_is_written_over(dumped, installation):
    before = dumped.read_bytes()
    refused(installation.panoh("database", "dump", str(dumped)), "setup.dump.file_exists")
    assert dumped.read_bytes() == before


def test_broken_dump_leaves_no_half_register(dumped, reachable_directory):
    other = Installation(reachable_directory / "broken-place")
    broken = dumped.with_suffix(".broken")
    broken.write_bytes(dumped.read_bytes()[: dumped.stat().st_size // 2])
    refused(other.panoh("database", "restore", str(broken)), "setup.dump.failed")
    done = other.panoh("database", "restore", str(dumped))
    assert done.returncode == 0, done.stderr


def test_external_database_is_not_ours_to_dump(tmp_path):
    installation = Installation(tmp_path, {"DATABASE_URL": "postgresql://panoh@127.0.0.1:9/panoh"})
    refused(installation.panoh("database", "dump", str(tmp_path / "file")), "setup.dump.not_ours")
