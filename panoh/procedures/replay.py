"""The ledger read forward: what its entries say of each case must be what the tables hold.

Every act's entry carries the move (from, to), the outcomes and the closing day. Folding them gives the state of each case
without looking at any table of this room; `differences` compares. A row that was edited quietly, a step that was taken out,
an entry that was never followed: each shows up here. `panoh ledger verify` calls it, and so do the tests.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, QuerySet

from panoh import rulebook
from panoh.access.context import acting_as_system
from panoh.ledger.findings import Finding
from panoh.ledger.models import Entry, Subject
from panoh.ledger.replay import LedgerReader
from panoh.procedures.models import AgendaItem, Barrier, Case, CasePerson, Sitting, Step

BARRIER_KINDS = ("procedures.barrier.recorded", "procedures.barrier.lifted")


@dataclass(slots=True)
class CaseState:
    """A case as far as the ledger tells it."""

    fixed: dict[str, Any]
    state: str = ""
    version: int = 0
    closed_on: str | None = None
    assigned_to: str | None = None
    hidden_from: str | None = None
    heard_with: str | None = None
    persons: dict[str, dict[str, Any]] = field(default_factory=dict)

    def as_snapshot(self) -> dict[str, Any]:
        return {
            **self.fixed,
            "state": self.state,
            "version": self.version,
            "closed_on": self.closed_on,
            "assigned_to": self.assigned_to,
            **({"hidden_from": self.hidden_from} if self.hidden_from else {}),
            **({"heard_with": self.heard_with} if self.heard_with else {}),
            "persons": self.persons,
        }


FIXED = ("number", "procedure", "procedure_version", "track", "household", "organisation", "opened_on")


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that the ledger says otherwise than the tables."""

    what: str
    id: str
    subject: str
    field: str
    ledger: Any
    table: Any

    def in_words(self) -> str:
        return f"{self.what} {self.subject}, {self.field}: the ledger says {self.ledger}, the table {self.table}"


class BrokenSequence(ValueError):
    """The entries of a case do not follow upon each other: one is missing, or one was put between."""


def is_step(payload: Mapping[str, Any]) -> bool:
    """Whether an entry tells of an act on a case."""
    return {"case", "seq", "action", "to"} <= payload.keys()


def fold(state: CaseState | None, payload: Mapping[str, Any], occurred_on: date | str) -> CaseState:
    """The case after one more entry. Raises BrokenSequence where the entry does not follow upon the state."""
    seq = payload["seq"]
    if state is None:
        if "lines" not in payload:
            raise BrokenSequence(f"the first entry of {payload['case']} opens no case")
        state = CaseState(fixed={name: payload[name] for name in FIXED if name in payload})
        state.persons = {
            line["person"]: {
                "own_line": line["own_line"],
                "listed_with": line.get("listed_with"),
                "outcome": "",
                "grounds": [],
                "outcome_on": None,
            }
            for line in payload["lines"]
        }
    elif seq != state.version + 1 or payload["from"] != state.state:
        raise BrokenSequence(f"step {seq} of {payload['case']} does not follow upon step {state.version}")
    _fold_version(state, payload)
    state.state, state.version = payload["to"], seq
    state.closed_on, state.assigned_to = payload.get("closed_on"), payload.get("assigned_to")
    state.hidden_from, state.heard_with = payload.get("hidden_from"), payload.get("heard_with")
    for person, decided in payload.get("outcomes", {}).items():
        state.persons[person] |= {
            "outcome": decided["outcome"],
            "grounds": list(decided["grounds"]),
            "outcome_on": str(occurred_on),
        }
    return state


def _fold_version(state: CaseState, payload: Mapping[str, Any]) -> None:
    """The version under which the case runs changes by a move alone, and only out of the version that it was under."""
    stands = state.fixed.get("procedure_version")
    if payload.get("from_version", payload.get("procedure_version")) != stands:
        raise BrokenSequence(f"step {payload['seq']} of {payload['case']} was not done under version {stands}")
    state.fixed["procedure_version"] = payload.get("procedure_version")
    for person, outcome in payload.get("renamed", {}).items():
        state.persons[person]["outcome"] = outcome


def snapshot(case: Case, lines: Sequence[CasePerson]) -> dict[str, Any]:
    """The case as the tables hold it, in the form in which the ledger commits to it."""
    by_id = {line.pk: line.person_id for line in lines}

    def text(value: Any) -> str | None:
        return None if value is None else str(value)

    return {
        "number": case.number,
        "procedure": case.procedure,
        "procedure_version": case.procedure_version,
        "track": case.track,
        **({"household": str(case.household_id)} if case.household_id else {}),
        "organisation": str(case.organisation_id),
        "opened_on": str(case.opened_on),
        "state": case.state,
        "version": case.version,
        "closed_on": text(case.closed_on),
        "assigned_to": text(case.assigned_to_id),
        **({"hidden_from": text(case.hidden_from_id)} if case.hidden_from_id else {}),
        **({"heard_with": text(case.heard_with_id)} if case.heard_with_id else {}),
        "persons": {
            str(line.person_id): {
                "own_line": line.own_line,
                "listed_with": text(by_id.get(line.listed_with_id)),
                "outcome": line.outcome,
                "grounds": list(line.grounds),
                "outcome_on": text(line.outcome_on),
            }
            for line in lines
        },
    }


@dataclass(slots=True)
class Replay:
    """All of this room, read from the ledger. Feed the entries in their order, then ask for the differences."""

    cases: dict[str, CaseState] = field(default_factory=dict)
    sittings: dict[str, str] = field(default_factory=dict)
    items: dict[str, str] = field(default_factory=dict)
    barriers: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    broken: list[Difference] = field(default_factory=list)

    def take(self, kind: str, payload: Mapping[str, Any], occurred_on: date | str) -> None:
        """One entry. Entries of other rooms are passed over."""
        if is_step(payload):
            case = payload["case"]
            try:
                self.cases[case] = fold(self.cases.get(case), payload, occurred_on)
            except (BrokenSequence, KeyError) as error:
                self.broken.append(Difference("case", case, payload.get("number", case), "sequence", str(error), None))
            if payload.get("item"):
                self.items[payload["item"]] = AgendaItem.DECIDED
        elif kind.startswith("procedures.sitting.") and "state" in payload:
            self.sittings[payload["sitting"]] = payload["state"]
            for item in payload.get("items", ()):
                self.items[item] = AgendaItem.WAITING
            for item in payload.get("removed", ()):
                self.items[item] = AgendaItem.REMOVED
            for item in payload.get("deferred", ()):
                self.items[item] = AgendaItem.DEFERRED
        elif kind == "procedures.item.deferred":
            self.items[payload["item"]] = AgendaItem.DEFERRED
        elif kind == "procedures.item.taken_up":
            self.items[payload["item"]] = AgendaItem.WAITING
        elif kind in BARRIER_KINDS:
            self.barriers[payload["barrier"]] = (payload["from_on"], payload.get("to_on"))

    def differences(self, only: Collection[str] | None = None) -> Iterator[Difference]:
        """What does not fit, first what the ledger itself contradicts, then the tables. Needs to see every file.

        `only` limits the tables to these ids, for a second look.
        """
        yield from (one for one in self.broken if only is None or one.id in only)
        yield from self._cases(only)
        for what, told, rows in (
            ("sitting", self.sittings, Sitting.objects.values_list("id", "state")),
            ("item", self.items, AgendaItem.objects.values_list("id", "outcome")),
        ):
            yield from _compare(what, told, {str(key): value for key, value in _among(rows, only)}, only)
        barriers = {
            str(key): (str(from_on), str(to_on) if to_on else None)
            for key, from_on, to_on in _among(Barrier.objects.values_list("id", "from_on", "to_on"), only)
        }
        yield from _compare("barrier", self.barriers, barriers, only)

    def _cases(self, only: Collection[str] | None) -> Iterator[Difference]:
        cases = _among(Case.objects.all(), only)
        steps = dict(_last_steps(only))
        lines: dict[UUID, list[CasePerson]] = {}
        for line in _among(CasePerson.objects.order_by("position"), only, "case_id").iterator(5000):
            lines.setdefault(line.case_id, []).append(line)
        seen = set()
        for case in cases.iterator(5000):
            key = str(case.pk)
            seen.add(key)
            told = self.cases.get(key)
            if told is None:
                yield Difference("case", key, case.number, "entry", None, "a row without any entry")
                continue
            ledger, table = told.as_snapshot(), snapshot(case, lines.get(case.pk, ()))
            for name in sorted(ledger.keys() | table.keys()):
                if ledger.get(name) != table.get(name):
                    yield Difference("case", key, case.number, name, ledger.get(name), table.get(name))
            if steps.get(case.pk) != (told.version, told.version):
                yield Difference("case", key, case.number, "steps", told.version, steps.get(case.pk))
        for missing in self.cases.keys() - seen:
            if only is None or missing in only:
                yield Difference("case", missing, missing, "row", "an entry", None)


def _among(rows: QuerySet[Any], only: Collection[str] | None, column: str = "id") -> QuerySet[Any]:
    return rows if only is None else rows.filter(**{f"{column}__in": list(only)})


def _last_steps(only: Collection[str] | None) -> Iterator[tuple[UUID, tuple[int, int]]]:
    """Number of steps and number of the last one, for each case: equal where none is missing."""
    steps = _among(Step.objects.all(), only, "case_id")
    for case, many, last in steps.values_list("case").annotate(Count("id"), Max("seq")).order_by():
        yield case, (many, last)


def _compare(
    what: str, ledger: Mapping[str, Any], table: Mapping[str, Any], only: Collection[str] | None
) -> Iterator[Difference]:
    for subject in sorted(ledger.keys() | table.keys()):
        if ledger.get(subject) != table.get(subject) and (only is None or subject in only):
            yield Difference(what, subject, subject, "state", ledger.get(subject), table.get(subject))


def compare_with_ledger(reader: LedgerReader) -> Iterator[Finding]:
    """For `panoh ledger verify`: what the tables of this room say otherwise than the ledger."""
    kinds = ["procedures.", *(f"{code}." for code in rulebook.current().procedures)]
    with acting_as_system("verification of the ledger"):
        found = Replay()
        for entry in reader.entries(*kinds):
            found.take(entry.kind, entry.payload, entry.facts["occurred_on"])
        for difference in _still_there(list(found.differences())):
            yield Finding("replay.differs", params={"name": "procedures", "what": difference.in_words()})


def _still_there(doubtful: list[Difference]) -> Iterator[Difference]:
    """The differences that stand when looked at again. Work goes on while verify reads: what was read a moment apart
    may differ without fault, so each doubtful subject is read anew, its entries and its rows together."""
    if not doubtful:
        return
    ids = {difference.id for difference in doubtful}
    entries = Subject.objects.filter(subject_id__in=ids).values("entry_id")
    again = Replay()
    for entry in Entry.objects.filter(id__in=entries).order_by("recorded_at", "id"):
        again.take(entry.kind, entry.payload, entry.occurred_on)
    yield from again.differences(ids)


def states_now(subjects: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """The present state of those subjects that are cases, as `digests` committed to it."""
    with acting_as_system("verification of the ledger"):
        lines: dict[UUID, list[CasePerson]] = {}
        for line in CasePerson.objects.filter(case_id__in=subjects).order_by("position"):
            lines.setdefault(line.case_id, []).append(line)
        return {case.pk: snapshot(case, lines.get(case.pk, ())) for case in Case.objects.filter(pk__in=subjects)}
