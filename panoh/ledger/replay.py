"""Does the register still say what the ledger says? Rooms above register here how to compare the two.

Two ways. `register_states`: an act may commit to the state of its subjects (`digests` of `record`); the room tells the
state as its tables have it now, and verify compares hashes, so a quiet edit of any row is found without the ledger
holding the row. `register_replay`: the room reads the entries one by one, folds them into what its tables must say
(claims, papers, manifests), and yields what differs.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg

from panoh.ledger.composition import state_commitment
from panoh.ledger.findings import Finding

States = Callable[[Sequence[UUID]], Mapping[UUID, Mapping[str, Any]]]
BATCH = 1000
LOOKS = 3


@dataclass(frozen=True)
class ReplayedEntry:
    """An entry as verify read it, its body taken apart. `number` is None while it waits for one."""

    number: int | None
    id: UUID
    kind: str
    facts: dict[str, Any]

    @property
    def payload(self) -> dict[str, Any]:
        return self.facts["payload"]

    @property
    def subjects(self) -> list[UUID]:
        return [UUID(subject) for subject in self.facts["subjects"]]

    def differs(self, name: str, what: str) -> Finding:
        """A finding about what this entry says and the register does not."""
        return Finding("replay.differs", self.number, self.id, {"name": name, "what": what})


class LedgerReader:
    """The entries in the order of their numbers, those that wait last. Reads in one snapshot, in bounded memory."""

    def __init__(self, connection: psycopg.Connection, connect_anew: Callable[[], psycopg.Connection]) -> None:
        self._connection = connection
        self._connect_anew = connect_anew

    def entries(self, *kinds: str) -> Iterator[ReplayedEntry]:
        """All entries, or those whose kind is one of `kinds` or begins with one that ends in a dot."""
        prefixes = [kind.replace("_", r"\_") + "%" for kind in kinds if kind.endswith(".")]
        with self._connection.cursor(name="ledger_replay") as cursor:
            cursor.itersize = BATCH
            cursor.execute(
                "SELECT l.seq, e.id, e.kind, e.body FROM ledger_entry e LEFT JOIN ledger_leaf l ON l.entry_id = e.id"
                " WHERE %s::boolean OR e.kind = ANY (%s::text[]) OR e.kind LIKE ANY (%s::text[])"
                " ORDER BY l.seq NULLS LAST, e.recorded_at, e.id",
                [not kinds, list(kinds), prefixes],
            )
            for number, entry_id, kind, body in cursor:
                yield ReplayedEntry(number, entry_id, kind, json.loads(body))

    def last_states(self) -> Iterator[CommittedState]:
        """For each subject the last state that an entry committed to."""
        with self._connection.cursor(name="ledger_states") as cursor:
            cursor.itersize = BATCH
            cursor.execute(LAST_STATES.format(which="true"))
            for row in cursor:
                yield CommittedState(*row[:4], bytes(row[4]), row[5])

    def last_states_now(self, subjects: Sequence[UUID]) -> list[CommittedState]:
        """The same for a few subjects, as of this moment instead of the snapshot."""
        connection = self._connect_anew()
        try:
            rows = connection.execute(LAST_STATES.format(which="s.subject_id = ANY (%s)"), [list(subjects)]).fetchall()
        finally:
            connection.close()
        return [CommittedState(*row[:4], bytes(row[4]), row[5]) for row in rows]


# The commitment is cut out of the body, 40 letters after `"<subject>":"` begins: in canonical order `digests` is the first
# object of an entry, so the first such place is there. Parsing each body took five times as long.
LAST_STATES = """
WITH last AS (
    SELECT DISTINCT ON (s.subject_id) s.subject_id, s.entry_id, s.salt
    FROM ledger_salt s JOIN ledger_entry e ON e.id = s.entry_id
    WHERE {which} ORDER BY s.subject_id, e.recorded_at DESC, e.id DESC
)
SELECT last.subject_id, last.entry_id, l.seq, e.kind, last.salt,
    substr(e.body, strpos(e.body, '"' || last.subject_id || '":"') + 40, 64)
FROM last JOIN ledger_entry e ON e.id = last.entry_id LEFT JOIN ledger_leaf l ON l.entry_id = e.id"""


@dataclass(frozen=True)
class CommittedState:
    """What the last entry about a subject said of its state: a salted hash."""

    subject_id: UUID
    entry_id: UUID
    number: int | None
    kind: str
    salt: bytes
    commitment: str | None

    def fits(self, state: Mapping[str, Any]) -> bool:
        return state_commitment(self.salt, state) == self.commitment


Replay = Callable[[LedgerReader], Iterable[Finding]]
_replays: dict[str, Replay] = {}
_states: dict[str, States] = {}


def register_replay(name: str, function: Replay) -> None:
    """Called in a room's AppConfig.ready: `function` reads the ledger and yields what the room's tables say otherwise."""
    _register(_replays, name, function)


def register_states(name: str, function: States) -> None:
    """Called in a room's AppConfig.ready: `function` tells the present state of those of the subjects that it knows.

    The state is a dictionary built exactly as for the `digests` of `record`, by the same code. The function enters its
    own access context.
    """
    _register(_states, name, function)


def _register(registry: dict[str, Any], name: str, function: Any) -> None:
    if registry.get(name, function) is not function:
        raise ValueError(f"there is a replay called {name!r} already")
    registry[name] = function


def run_replays(reader: LedgerReader) -> Iterator[Finding]:
    """Everything the rooms find. Called by verify after the ledger itself was found whole or not."""
    if _states:
        yield from _compare_states(reader)
    for function in _replays.values():
        yield from function(reader)


def _compare_states(reader: LedgerReader) -> Iterator[Finding]:
    doubtful: list[UUID] = []
    batch: list[CommittedState] = []
    for committed in reader.last_states():
        batch.append(committed)
        if len(batch) == BATCH:
            doubtful += [finding.subject_id for finding in _unfitting(batch)]
            batch = []
    doubtful += [finding.subject_id for finding in _unfitting(batch)]
    # The register goes on while verify reads it. What did not fit is looked at again, entry and state as of now.
    unfitting: list[Unfitting] = []
    for _ in range(LOOKS):
        if doubtful:
            unfitting = _unfitting(reader.last_states_now(doubtful))
            doubtful = [finding.subject_id for finding in unfitting]
    for each in unfitting:
        yield each.finding()


@dataclass(frozen=True)
class Unfitting:
    """A subject whose present state is not the one that was committed to; `name` is empty where nobody knows it."""

    committed: CommittedState
    name: str

    @property
    def subject_id(self) -> UUID:
        return self.committed.subject_id

    def finding(self) -> Finding:
        last = self.committed
        params = {"name": self.name, "subject": str(last.subject_id), "entry": f"{last.kind} ({last.entry_id})"}
        return Finding("replay.state_differs" if self.name else "replay.state_gone", last.number, last.entry_id, params)


def _unfitting(batch: Sequence[CommittedState]) -> list[Unfitting]:
    ids = [each.subject_id for each in batch]
    known: dict[UUID, tuple[str, Mapping[str, Any]]] = {}
    for name, function in _states.items():
        if ids:
            known |= {subject: (name, state) for subject, state in function(ids).items()}
    found = []
    for each in batch:
        name, state = known.get(each.subject_id, ("", None))
        if state is None or not each.fits(state):
            found.append(Unfitting(each, name))
    return found
