"""The rulebook that was in force last stays in force: real servers, started, killed and started again while files are broken and mended."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from panoh.project import postgres
from panoh.project.installation import ROOT
from tests.setup.installations import Installation, children_of
from tests.setup.test_commands import free_port, refused, status, wait_for

pytestmark = pytest.mark.slow


class Site:
    """An installation with a rulebook of its own on disk, and what its console says."""

    def __init__(self, home: Path) -> None:
        self.countries = home / "countries"
        shutil.copytree(ROOT / "countries" / "tj", self.countries / "tj")
        self.installation = Installation(
            home / "state", {"PANOH_HTTPS": "no", "PANOH_MODE": "demo", "PANOH_COUNTRIES": str(self.countries)}
        )
        self.console = home / "console"
        self.port = free_port()

    @property
    def copies(self) -> Path:
        return self.installation.state / "rulebooks" / "tj"

    def change(self, file: str, old: str, new: str) -> None:
        path = self.countries / "tj" / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def break_it(self) -> None:
        """One state of the asylum procedure is misspelt where an act begins in it."""
        self.change("procedures/asylum.yaml", "from: [lodged, accepted,", "from: [lodged, acepted,")

    def mend_it(self) -> None:
        self.change("procedures/asylum.yaml", "from: [lodged, acepted,", "from: [lodged, accepted,")

    def health(self) -> dict:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=10) as answer:
            return json.load(answer)

    @contextmanager
    def serving(self, seconds: float = 150) -> Iterator[subprocess.Popen[bytes]]:
        with self.console.open("wb") as console:
            server = subprocess.Popen(
                [sys.executable, "-m", "panoh", "serve", "--port", str(self.port), "--workers", "1"],
                env=self.installation.environment(), stdin=subprocess.DEVNULL, stdout=console, stderr=console,
            )  # fmt: skip
            try:
                wait_for(lambda: server.poll() is not None or status(f"http://127.0.0.1:{self.port}/health"), seconds)
                assert server.poll() is None, self.said()
                yield server
            finally:
                server.terminate()
                server.wait(60)

    def refused_to_serve(self, code: str) -> str:
        done = self.installation.panoh("serve", "--port", str(self.port), "--workers", "1")
        return refused(done, code)

    def said(self) -> str:
        return self.console.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def migrated(reachable_directory: Path) -> Iterator[Site]:
    site = Site(reachable_directory)
    done = site.installation.panoh("migrate", "--quiet")
    assert done.returncode == 0, done.stderr
    yield site
    site.installation.panoh("database", "stop")


@pytest.fixture
def site(migrated: Site) -> Iterator[Site]:
    """The installation with a sound rulebook and no copy: as on its first day."""
    shutil.rmtree(migrated.installation.state / "rulebooks", ignore_errors=True)
    yield migrated
    shutil.rmtree(migrated.countries / "tj")
    shutil.copytree(ROOT / "countries" / "tj", migrated.countries / "tj")


def test_a_first_start_with_a_broken_rulebook_is_refused(site: Site):
    site.break_it()
    done = site.installation.panoh("serve", "--port", str(site.port))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "unknown state 'acepted'" in done.stderr and "procedures/asylum.yaml:" in done.stderr
    assert not site.copies.exists()


def test_the_running_rulebook_stays_in_force_until_the_files_are_mended(site: Site):
    with site.serving() as server:
        sound = site.health()
        assert (sound["status"], sound["rulebook"]["on_disk"]) == ("ok", "in_force")
        in_force = sound["rulebook"]["in_force"]
        assert (site.copies / in_force / "country.yaml").is_file()
        site.break_it()
        told = site.health()
        check_tells_the_fault(told, in_force)
        # A web process that is killed comes again, and under the same rulebook.
        (web,) = web_processes(server)
        os.kill(web, signal.SIGKILL)
        wait_for(lambda: web_processes(server) - {web}, 90)
        wait_for(lambda: status(f"http://127.0.0.1:{site.port}/health") == 200, 90)
        check_tells_the_fault(site.health(), in_force)

    with site.serving():  # a restart while the files are broken
        check_tells_the_fault(site.health(), in_force)
        assert "procedures/asylum.yaml:" in site.said() and "unknown state 'acepted'" in site.said()
        assert "did you mean 'accepted'?" in site.said() and in_force[:12] in site.said()
        checked = site.installation.panoh("rulebook", "check")
        assert checked.returncode == 1
        assert "procedures/asylum.yaml:" in checked.stdout and "did you mean 'accepted'?" in checked.stdout
        assert f"fingerprint {in_force}" in checked.stderr
        whole = site.installation.panoh("check")
        assert whole.returncode == 1
        assert "FAIL  the rulebook on disk has no errors" in whole.stdout and "acepted" in whole.stdout
        site.mend_it()
        site.change("country.yaml", "Tajikistan", "Tajikistan (amended)")
        waits = site.health()["rulebook"]
        assert (waits["on_disk"], waits["in_force"], waits["faults"]) == ("waits", in_force, [])

    with site.serving():  # mended: the changed rulebook comes into force, and is the one that is kept
        amended = site.health()
        assert (amended["status"], amended["rulebook"]["on_disk"]) == ("ok", "in_force")
        assert amended["rulebook"]["in_force"] != in_force
    site.break_it()
    with site.serving():
        again = site.health()["rulebook"]
        assert again["in_force"] == amended["rulebook"]["in_force"], "never an older one than the last"


def web_processes(server: subprocess.Popen[bytes]) -> set[int]:
    """Those that serve pages: not the keepers beside the server, which are commands of Panoh."""
    return {pid for pid, command in children_of(server.pid).items() if "spawn_main" in command}


def check_tells_the_fault(told: dict, in_force: str) -> None:
    assert told["status"] == "attention"
    assert (told["rulebook"]["in_force"], told["rulebook"]["on_disk"]) == (in_force, "broken")
    assert told["rulebook"]["since"]
    (fault,) = told["rulebook"]["faults"]
    assert fault["file"] == "procedures/asylum.yaml" and fault["line"] > 1
    assert "unknown state 'acepted'" in fault["message"] and fault["mend"] == "did you mean 'accepted'?"


def test_a_copy_that_was_altered_or_lost_is_not_used_and_an_older_one_neither(site: Site):
    with site.serving():
        older = site.health()["rulebook"]["in_force"]
    site.change("country.yaml", "Tajikistan", "Tajikistan (amended)")
    with site.serving():
        last = site.health()["rulebook"]["in_force"]
    site.break_it()
    copy = site.copies / last / "country.yaml"
    kept = copy.read_bytes()
    copy.write_bytes(kept + b"# altered\n")
    done = site.installation.panoh("serve", "--port", str(site.port))
    assert done.returncode == 1 and "this copy was altered" in done.stderr and "acepted" in done.stderr
    shutil.rmtree(site.copies / last)
    done = site.installation.panoh("serve", "--port", str(site.port))
    assert done.returncode == 1 and "this copy is gone" in done.stderr
    assert (site.copies / older / "country.yaml").is_file(), "the older one lies there, and is left alone"


def test_a_rulebook_that_does_not_know_every_case_is_refused_from_disk_and_from_a_copy(site: Site, monkeypatch):
    with site.serving():
        pass
    monkeypatch.setenv("PANOH_STATE", str(site.installation.state))
    cluster = postgres.find_cluster("panoh")
    lease = postgres.Lease(cluster)
    try:
        with case_under(cluster, "asylum", version=2):
            text = site.refused_to_serve("setup.rulebook.cases_unknown")
            assert "1 of procedure asylum run under version 2" in text
            site.break_it()
            text = site.refused_to_serve("setup.rulebook.cases_unknown")
            assert "1 of procedure asylum run under version 2" in text and str(site.copies) in text
            site.mend_it()
        with site.serving():
            assert site.health()["status"] == "ok"
    finally:
        lease.give_back()


@contextmanager
def case_under(cluster: postgres.Cluster, procedure: str, version: int) -> Iterator[None]:
    """A case of a version that no file knows, as it stands where a later rulebook was taken away: put there by a superuser."""
    with cluster.connect(dbname="panoh_demo") as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute(
            "INSERT INTO procedures_case (id, number, procedure, procedure_version, track, state, organisation_id, opened_on,"
            " confined, version) VALUES (gen_random_uuid(), 'X-1', %s, %s, 'government', 'accepted', gen_random_uuid(),"
            " '2026-01-05', false, 1)",
            [procedure, version],
        )
        yield
        admin.execute("DELETE FROM procedures_case WHERE number = 'X-1'")
