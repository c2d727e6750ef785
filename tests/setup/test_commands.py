"""The `panoh` command: expected errors are told plainly, a second run finds the work done."""

from __future__ import annotations

import os
import re
import signal
import socket
import stat
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime

import psycopg
import pytest

from panoh.project import postgres
from tests.setup.installations import Installation, children_of, is_running, postmaster_pid


def refused(done, code: str) -> str:
    """The text of a refusal: exit code 1, the stable code in brackets, no traceback."""
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"[{code}]" in done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"PANOH_MODE": "prodution"}, "setup.mode.unknown"),
        ({"PANOH_SECRET_KEY": "short"}, "setup.secret.too_short"),
        ({"DATABASE_URL": "postgresql://user@"}, "setup.database.bad_url"),
        ({"DATABASE_URL": "postgresql://host/name?nonsense=1"}, "setup.database.bad_url"),
        ({"DATABASE_URL": "postgresql://panoh:of-the-owner@127.0.0.1:9/panoh"}, "setup.database.unreachable"),
        ({"PGBIN": "/nonexistent"}, "setup.postgres.no_binaries"),
    ],
)
def test_wrong_setting_is_told_plainly(reachable_directory, settings, code):
    text = refused(Installation(reachable_directory / "wrong").panoh("migrate", **settings), code)
    assert "of-the-owner" not in text


def test_command_without_a_subcommand_prints_its_help(reachable_directory):
    done = Installation(reachable_directory / "help").panoh("database")
    assert done.returncode == 2
    assert "usage: panoh database" in done.stdout


def test_check_finds_a_migrated_installation_in_order(installation):
    done = installation.panoh("check")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "FAIL" not in done.stdout


def test_check_says_that_migrations_are_missing(installation):
    done = installation.panoh("check", PANOH_MODE="demo")
    assert done.returncode == 1
    assert "panoh migrate" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_migrate_again_changes_nothing_and_mends_a_lost_secret(installation):
    assert installation.panoh("migrate", "--quiet").returncode == 0
    secret = installation.state / "secret"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    secret.unlink()
    done = installation.panoh("migrate", "--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    assert installation.panoh("check").returncode == 0


def test_only_the_demo_can_be_renewed(installation, monkeypatch):
    refused(installation.panoh("database", "renew"), "setup.database.not_a_demo")
    monkeypatch.setenv("PANOH_STATE", str(installation.state))
    for _ in range(2):
        assert installation.panoh("database", "renew", PANOH_MODE="demo").returncode == 0
    assert installation.panoh("check", PANOH_MODE="demo").returncode == 0


def test_two_migrations_at_once_both_succeed(reachable_directory):
    fresh = Installation(reachable_directory / "two-at-once")
    processes = [fresh.start("migrate", "--quiet") for _ in range(2)]
    assert [process.wait(180) for process in processes] == [0, 0]
    assert fresh.panoh("check").returncode == 0


def test_server_is_stopped_when_the_last_command_ends(installation, monkeypatch):
    monkeypatch.setenv("PANOH_STATE", str(installation.state))
    assert installation.panoh("check").returncode == 0
    assert not postgres.find_cluster("panoh").is_running()


@pytest.fixture(scope="class")
def address(installation):
    port = free_port()
    process = installation.start("serve", "--port", str(port), "--workers", "1")
    address = f"http://127.0.0.1:{port}/"
    try:
        wait_for(lambda: status(address) is not None)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
    assert process.returncode in (0, 143)
    assert status(address) is None


class TestServe:
    def test_headers_let_nothing_in_from_elsewhere(self, address):
        headers = dict(answer(address).headers)
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-content-type-options"] == "nosniff"

    def test_static_files_have_hashed_names_and_come_compressed(self, address, installation):
        manifest = installation.state / "static" / "staticfiles.json"
        assert manifest.exists()

    def test_unknown_page_is_not_an_error(self, address):
        assert status(address + "no/such/page") in (302, 404)

    def test_taken_port_is_told_plainly(self, address, installation):
        port = re.search(r":(\d+)/", address)[1]
        refused(installation.panoh("serve", "--port", port), "setup.serve.port_taken")

    def test_web_process_keeps_its_connections(self, address, installation, monkeypatch):
        monkeypatch.setenv("PANOH_STATE", str(installation.state))
        for _ in range(5):
            assert status(address + "account/login/") == 200  # asks the database for nothing
            assert status(address + "ledger/checkpoint.txt") in (200, 404)
        with postgres.find_cluster("panoh").connect() as admin:
            kept = admin.execute("SELECT count(*) FROM pg_stat_activity WHERE usename = 'panoh_app'").fetchone()[0]
        assert 1 <= kept <= 4

    def test_pages_come_back_after_kill_9_of_postgresql(self, address, installation, monkeypatch):
        monkeypatch.setenv("PANOH_STATE", str(installation.state))
        cluster = postgres.find_cluster("panoh")
        before = cluster.connect().execute("SELECT pg_postmaster_start_time()").fetchone()[0]
        os.kill(postmaster_pid(cluster), signal.SIGKILL)
        wait_for(lambda: started_at(cluster) > before)
        assert status(address + "account/login/") == 200


def test_kill_9_of_the_server_leaves_no_orphans(installation):
    port = free_port()
    process = installation.start("serve", "--port", str(port), "--workers", "1")
    address = f"http://127.0.0.1:{port}/"
    wait_for(lambda: status(address) is not None)
    keepers = [pid for pid, command in children_of(process.pid).items() if "ledger keep" in command]
    assert len(keepers) == 1
    os.kill(keepers[0], signal.SIGKILL)
    wait_for(lambda: any("ledger keep" in command for command in children_of(process.pid).values()))
    children = children_of(process.pid)
    assert len(children) >= 2
    process.kill()
    process.wait()
    wait_for(lambda: not any(map(is_running, children)))
    assert status(address) is None
    assert installation.panoh("check").returncode == 0


def started_at(cluster: postgres.Cluster) -> datetime:
    try:
        with cluster.connect() as admin:
            return admin.execute("SELECT pg_postmaster_start_time()").fetchone()[0]
    except psycopg.OperationalError:
        return datetime.min.replace(tzinfo=UTC)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answer(address: str):
    try:
        return urllib.request.urlopen(address, timeout=10)
    except urllib.error.HTTPError as error:
        return error


def status(address: str) -> int | None:
    try:
        return answer(address).status
    except OSError:
        return None


def wait_for(condition, seconds: float = 40) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited too long"
        time.sleep(0.2)


def test_a_command_that_is_ended_together_with_the_server_is_no_fault(caplog):
    """A service manager sends SIGTERM to all processes at once, so the one beside is gone before the server says that it stops."""
    from panoh.project.serving import running_beside

    with running_beside("no-such-command", first=0, pause=60):
        time.sleep(3)  # it has ended, with a code that is none of success
    assert "started again" not in caplog.text
    with running_beside("no-such-command", first=0, pause=60):
        wait_for(lambda: "started again" in caplog.text)


def test_what_runs_beside_the_server_comes_again_and_ends_with_it(capfd):
    from panoh.project.serving import running_beside

    with running_beside("--version", first=0, pause=0.1):
        seen, until = "", time.monotonic() + 60
        while seen.count("anoh") < 2 and time.monotonic() < until:
            time.sleep(0.2)
            seen += capfd.readouterr().out
    assert seen.count("anoh") >= 2
    time.sleep(1)
    capfd.readouterr()
    time.sleep(1)
    assert capfd.readouterr().out == ""


def test_the_demo_is_loaded_with_or_without_its_act(reachable_directory):
    """A size that is refused, so that nothing has to be loaded."""
    for act in ([], ["load"]):
        done = Installation(reachable_directory / "size").panoh("demo", *act, "--persons", "5")
        assert done.returncode == 2
        assert "between 200 and 1,000,000 persons" in done.stderr
