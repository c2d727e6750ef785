"""The register held against the ledger: quiet edits are named, and what goes on while verify reads is no finding."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.db import connection

from panoh.access.context import acting
from panoh.kernel.ids import new_id
from panoh.ledger import operations, replay, verification
from tests.ledger.conftest import TODAY

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "sequencer"])


@pytest.fixture
def replays(monkeypatch):
    monkeypatch.setattr(replay, "_states", {})
    monkeypatch.setattr(replay, "_replays", {})


@pytest.fixture
def register(guarded_table, replays, clerk):
    """A register of one table, as a room has one: it tells the state of its rows, and commits to it with each act."""

    def states(ids) -> dict[UUID, dict]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT person_id, place FROM ledger_test_register WHERE person_id = ANY (%s)", [list(ids)])
            return {person: {"place": place} for person, place in cursor.fetchall()}

    replay.register_states("register", states)

    def move(person: UUID, place: str, statement: str) -> None:
        with acting(clerk), connection.cursor() as cursor:
            cursor.execute(statement, {"person": person, "place": place})
            operations.record(
                by=clerk,
                kind="registry.person.moved",
                subjects=[person],
                payload={},
                occurred_on=TODAY,
                digests=states([person]),
            )

    def add(place: str) -> UUID:
        person = uuid4()
        move(person, place, "INSERT INTO ledger_test_register VALUES (gen_random_uuid(), %(person)s, %(place)s)")
        return person

    def change(person: UUID, place: str) -> None:
        move(person, place, "UPDATE ledger_test_register SET place = %(place)s WHERE person_id = %(person)s")

    register.add, register.change = add, change
    return register


def register_findings() -> list[tuple[str, str]]:
    found = verification.verify().findings
    return [(finding.code, finding.params.get("subject")) for finding in found]


def test_a_quiet_edit_of_the_register_is_named(register, vandal):
    first, second, third = (register.add("TJ-DU") for _ in range(3))
    register.change(second, "TJ-SU")
    operations.checkpoint()
    assert register_findings() == []
    vandal.execute("UPDATE ledger_test_register SET place = 'TJ-GB' WHERE person_id = %s", [second])
    assert register_findings() == [("replay.state_differs", str(second))]
    vandal.execute("UPDATE ledger_test_register SET place = 'TJ-DU' WHERE person_id = %s", [second])
    assert register_findings() == [("replay.state_differs", str(second))], "an older state is not the last one"
    vandal.execute("UPDATE ledger_test_register SET place = 'TJ-SU' WHERE person_id = %s", [second])
    vandal.execute("DELETE FROM ledger_test_register WHERE person_id = %s", [third])
    assert register_findings() == [("replay.state_gone", str(third))]
    assert first != third


def test_what_changes_while_verify_reads_is_no_finding(register, monkeypatch):
    person = register.add("TJ-DU")
    changes = iter(["TJ-SU", "TJ-GB"])
    honest = replay._unfitting

    def slow(batch):
        place = next(changes, None)
        if place:
            register.change(person, place)
        return honest(batch)

    monkeypatch.setattr(replay, "_unfitting", slow)
    assert register_findings() == []


def test_a_room_replays_the_ledger(replays, record):
    """A room folds its entries into what its tables must say, and names what they say otherwise."""
    claim = new_id()
    record(kind="asylum.lodged", subjects=[claim])
    last = record(kind="asylum.decided", subjects=[claim], payload={"outcome": "recognised"})
    record(kind="asylumseeker.other", subjects=[claim])
    operations.sequence()
    waiting = record(kind="asylum.notified", subjects=[claim])
    seen = []
    tables = {claim: "rejected"}

    def claims(ledger: replay.LedgerReader):
        decided = {}
        for entry in ledger.entries("asylum."):
            seen.append((entry.number, entry.kind))
            if entry.kind == "asylum.decided":
                decided[entry.subjects[0]] = entry
        for subject, entry in decided.items():
            if tables[subject] != entry.payload["outcome"]:
                yield entry.differs("claims", f"{subject} is {tables[subject]}, not {entry.payload['outcome']}")

    replay.register_replay("claims", claims)
    replay.register_replay("claims", claims)  # twice the same is harmless: ready() may run again
    found = verification.verify().findings
    assert [(finding.code, finding.entry_id) for finding in found] == [("replay.differs", last.id)]
    assert "rejected, not recognised" in str(found[0])
    assert seen == [(0, "asylum.lodged"), (1, "asylum.decided"), (None, "asylum.notified")]
    assert waiting.kind == "asylum.notified"
    with pytest.raises(ValueError, match="already"):
        replay.register_replay("claims", lambda ledger: [])


def test_a_reader_may_read_single_kinds_or_all(replays, record):
    for kind in ("a.b", "a.bc", "a_b.c", "axb.c"):
        record(kind=kind)
    seen = {}

    def look(ledger):
        for kinds in ((), ("a.b",), ("a_b.",), ("a.b", "axb.")):
            seen[kinds] = [entry.kind for entry in ledger.entries(*kinds)]
        return []

    replay.register_replay("look", look)
    verification.verify()
    assert seen == {
        (): ["a.b", "a.bc", "a_b.c", "axb.c"],
        ("a.b",): ["a.b"],
        ("a_b.",): ["a_b.c"],
        ("a.b", "axb."): ["a.b", "axb.c"],
    }
