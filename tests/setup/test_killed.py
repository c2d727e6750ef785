"""kill -9 in the middle of registrations over HTTP: what a family holds a receipt for is there, exactly once.

Real processes on 127.0.0.1 with a server and a cluster of their own. The clients do what a browser or a device does: when no
answer comes they send the same form, with the same submission id, again. Some also hang up before they have read the answer.
"""

from __future__ import annotations

import http.client
import itertools
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest

from panoh.project import postgres
from tests.setup.installations import Installation, children_of, postmaster_pid
from tests.setup.test_commands import free_port, wait_for

pytestmark = pytest.mark.slow

CLIENTS = 4
EACH = 12  # registrations of one client
PERSONS = 2
HANG_UP_EVERY = 5
SECONDS_TO_RETRY = 120

GIVEN = ("نجیب", "زلمی", "میر", "غلام", "شریف", "لطیف", "انور", "کبیر", "حمید", "رسول", "جمیل", "عمر")
FATHERS = ("کریم", "نادر", "صفر", "داود", "اکبر", "یعقوب", "ایوب", "هاشم", "طاهر", "قادر", "بشیر", "فرید")


def person(index: int, number: int) -> dict[str, str]:
    return {
        "relationship": ("PA", "SON")[index],
        "given": GIVEN[(number + 5 * index) % len(GIVEN)],
        "father": FATHERS[(number // len(GIVEN) + 3 * number) % len(FATHERS)],
        "sex": "M",
        "nationality": "AFG",
        "birth_year": str((1340, 1380)[index] + number * 7 % 20),
        "birth_calendar": "solar_hijri",
    }


def sheet(number: int, submission: UUID) -> dict[str, str]:
    sent = {"arrived_on": "2026-01-05", "submission_id": str(submission), "person_count": str(PERSONS)}
    for index in range(PERSONS):
        sent |= {f"persons.{index}.{name}": value for name, value in person(index, number).items()}
    return sent


class Client:
    """One clerk's browser."""

    def __init__(self, port: int, session: str) -> None:
        self.port, self.token = port, "t" * 32
        self.cookie = f"sessionid={session}; csrftoken={self.token}; language=en"
        self.confirmed: dict[UUID, tuple[str, str, str]] = {}  # submission: household, entry, fingerprint
        self.retries = 0
        self._attempts = itertools.count(1)

    def post(self, fields: dict[str, str]) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(
                "POST",
                "/households/register",
                urlencode(fields | {"csrfmiddlewaretoken": self.token}),
                {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"},
            )
            if next(self._attempts) % HANG_UP_EVERY == 0:
                raise ConnectionAbortedError("hung up before the answer came")
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def register(self, number: int) -> None:
        submission = uuid4()
        fields, until = sheet(number, submission), time.monotonic() + SECONDS_TO_RETRY
        while time.monotonic() < until:
            try:
                status, page = self.post(fields)
            except (OSError, http.client.HTTPException):
                self.retries += 1
                time.sleep(0.2)
                continue
            if status >= 500:
                self.retries += 1
                time.sleep(0.2)
                continue
            seen = re.search(r'name="seen" value="([0-9a-f]+)"', page)
            if seen:  # somebody like that is registered: the clerk has looked and goes on
                fields["seen"] = seen[1]
                continue
            assert status == 200, re.findall(r'data-code="([^"]+)"', page) or page[:2000]
            codes = re.findall(r'<code dir="ltr">([0-9a-f-]{36,64})</code>', page)
            household = re.search(r'/households/([0-9A-Z]+-[0-9A-Z]+)"', page)
            assert household and len(codes) == 2, page[:2000]
            self.confirmed[submission] = (household[1], codes[0], codes[1])
            return
        raise AssertionError("no answer in time")


class Site:
    """`panoh serve` of the installation, which can be killed and started again on the same port."""

    def __init__(self, installation: Installation) -> None:
        self.installation, self.port = installation, free_port()
        self.process = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        process = self.installation.start("serve", "--port", str(self.port), "--workers", "2")
        wait_for(self.answers, 90)
        return process

    def answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/robots.txt")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def kill_server(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process = self.start()

    def kill_web_process(self) -> None:
        children = children_of(self.process.pid)
        others = ("ledger keep", "resource_tracker")
        web = [pid for pid, command in children.items() if not any(other in command for other in others)]
        assert web, children
        os.kill(web[0], signal.SIGKILL)

    def kill_backend(self) -> None:
        """The process of the database that serves one connection; PostgreSQL then ends all others and recovers."""
        cluster = postgres.find_cluster("panoh")
        with cluster.connect() as admin:
            busy = admin.execute("SELECT pid FROM pg_stat_activity WHERE usename = 'panoh_app' LIMIT 1").fetchone()
        os.kill(busy[0], signal.SIGKILL)

    def kill_database(self) -> None:
        os.kill(postmaster_pid(postgres.find_cluster("panoh")), signal.SIGKILL)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)


def staged(installation: Installation, *arguments: str) -> dict:
    done = subprocess.run(
        [sys.executable, "-m", "tests.setup.staging", *arguments],
        env=installation.environment(),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_what_was_confirmed_is_there_exactly_once(installation, monkeypatch) -> None:
    sessions = staged(installation, "make", str(CLIENTS))["sessions"]
    monkeypatch.setenv("PANOH_STATE", str(installation.state))
    site = Site(installation)
    try:
        clients = [Client(site.port, session) for session in sessions]
        failures = register_while(
            clients, [site.kill_backend, site.kill_database, site.kill_web_process, site.kill_server]
        )
    finally:
        site.stop()
    assert not failures, failures
    confirmed = {key: told for client in clients for key, told in client.confirmed.items()}
    assert len(confirmed) == CLIENTS * EACH
    assert sum(client.retries for client in clients) > CLIENTS * EACH // HANG_UP_EVERY, "nothing was interrupted"
    held = staged(installation, "held")
    assert sorted(held["households"]) == sorted(household for household, _entry, _leaf in confirmed.values())
    assert held["persons"] == PERSONS * len(confirmed)
    by_submission = {UUID(submission): (entry, leaf, read) for entry, submission, leaf, read in held["entries"]}
    assert len(held["entries"]) == len(by_submission) == len(confirmed)
    for submission, (_household, entry, fingerprint) in confirmed.items():
        assert by_submission[submission] == (entry, fingerprint, fingerprint), "the receipt that was handed out"
    assert installation.panoh("ledger", "sequence").returncode == 0
    verified = installation.panoh("ledger", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr


def register_while(clients: list[Client], kills: list[Callable[[], None]]) -> list[BaseException]:
    """All clients register; each kill comes when the next fifth of the registrations has been confirmed."""
    failures: list[BaseException] = []

    def work(index: int, client: Client) -> None:
        try:
            for turn in range(EACH):
                client.register(index * EACH + turn)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=pair) for pair in enumerate(clients)]
    for thread in threads:
        thread.start()
    share = CLIENTS * EACH // (len(kills) + 1)
    for turn, kill in enumerate(kills, 1):
        while any(thread.is_alive() for thread in threads) and not failures:
            if sum(len(client.confirmed) for client in clients) >= turn * share:
                kill()
                break
            time.sleep(0.05)
    for thread in threads:
        thread.join()
    return failures
