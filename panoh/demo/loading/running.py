"""Carries out `panoh demo load`: plan, files in chunks of one transaction each, numbers and checkpoints, and a marker.

A load that was cut off leaves no marker; the next one says so and asks for `--fresh`. Nothing here runs outside the demo.
"""

from __future__ import annotations

import csv
import gc
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections
from django.utils import timezone
from django.utils.module_loading import import_string

from panoh.access.models import Grant, Member
from panoh.access.queries import actor_for
from panoh.demo.figures import published
from panoh.demo.histories import File, Histories
from panoh.demo.loading import suggestions
from panoh.demo.loading.cases import Cases
from panoh.demo.loading.establishing import ACCESS_ORDER, Establishing
from panoh.demo.loading.files import Serials, Writing
from panoh.demo.loading.incidents import Incidents
from panoh.demo.loading.missions import convene_what_waits, ride_out
from panoh.demo.loading.monitoring import ask_around
from panoh.demo.loading.numbering import Numbering
from panoh.demo.loading.other_cases import OtherCases
from panoh.demo.loading.papers import Papers
from panoh.demo.loading.procedures import open_some_of_each
from panoh.demo.loading.referrals import Referrals
from panoh.demo.loading.setting import Setting
from panoh.demo.loading.shapes import Rows, forced_tables, unforced
from panoh.demo.loading.sittings import Sittings
from panoh.demo.loading.sources import take_in_sources
from panoh.demo.operation import Operation, plan_operation
from panoh.kernel.ids import new_id
from panoh.kernel.problems import Problem
from panoh.ledger.bulk import write_entries
from panoh.ledger.composition import Composed, compose
from panoh.papers import models as papers
from panoh.procedures import models as procedures
from panoh.protection import models as protection
from panoh.referrals import models as referrals
from panoh.registry import models as registry
from panoh.registry.nameindex import count_bearers, index_persons
from panoh.rulebook import current

TRUTH = Path(settings.STATE_DIRECTORY) / "demo" / "duplicates.csv"
CHUNK, CHUNKS_KEPT = 800, 3
MARKER = "demo.operation.loaded"

ORDER = (
    *ACCESS_ORDER,
    registry.Household,
    registry.Person,
    registry.Name,
    registry.Membership,
    registry.PaperHeld,
    registry.Need,
    registry.Profile,
    registry.Residence,
    registry.Consent,
    registry.Facts,
    registry.Location,
    registry.StatusChange,
    Grant,
    procedures.Barrier,
    procedures.Case,
    procedures.CasePerson,
    procedures.Sitting,
    procedures.Attendance,
    procedures.Step,
    procedures.StepNarrative,
    procedures.StepRestricted,
    procedures.AgendaItem,
    procedures.Motion,
    procedures.Vote,
    procedures.Due,
    papers.Series,
    papers.Form,
    papers.Paper,
    papers.Holder,
    procedures.PaperOrder,
    procedures.SafeguardAnswer,
    protection.Incident,
    protection.IncidentPerson,
    protection.FollowUp,
    protection.Intervention,
    protection.InterventionLink,
    referrals.Referral,
    referrals.ReferralPerson,
    referrals.ReferralNote,
)

Say = Callable[[str], None]


@dataclass(frozen=True)
class Loaded:
    """What stands in the database: the parameters, and how much was written."""

    persons: int
    households: int
    entries: int
    checkpoints: int
    seconds: float
    reused: bool = False


def load(*, persons: int | None, seed: str, until: date, fresh: bool, say: Say) -> Loaded:
    """Load the operation, or find it loaded. `persons` None is the size of the published tables."""
    if settings.MODE not in ("demo", "test"):
        raise Problem("demo.load.not_a_demo", mode=settings.MODE)
    if until <= date(2025, 12, 31):
        raise Problem("demo.load.too_early", until=until)
    if fresh:
        _empty(say)
    else:
        found = find_loaded()
        if found is not None:
            _check_same(found, persons, seed)
            say("The demo operation is loaded already.")
            return Loaded(
                found["persons"], found["households"], found["entries"], found["checkpoints"], 0.0, reused=True
            )
        if registry_is_used():
            raise Problem("demo.load.half_done")
    return _load(persons, seed, until, say)


def find_loaded() -> dict[str, Any] | None:
    """The payload of the entry that ended an earlier load."""
    from panoh.ledger.models import Entry

    entry = Entry.objects.filter(kind=MARKER).order_by("-recorded_at").first()
    return entry.payload if entry else None


def registry_is_used() -> bool:
    from panoh.ledger.models import Entry

    return Entry.objects.exists()


def _check_same(found: dict[str, Any], persons: int | None, seed: str) -> None:
    if (persons is not None and persons != found["asked"]) or seed != found["seed"]:
        raise Problem("demo.load.other_parameters", persons=found["asked"] or found["persons"], seed=found["seed"])


def _empty(say: Say) -> None:
    """The ledger refuses to be emptied, so the database goes, and is made anew."""
    say("Removing the operation that is there …")
    import_string(settings.PANOH_RENEW_DATABASE)()


def _load(persons: int | None, seed: str, until: date, say: Say) -> Loaded:
    started = time.monotonic()
    say("Planning the operation …")
    operation = plan_operation(published(), persons, seed, until)
    say(
        f"  {operation.persons():,} persons in {len(operation.families):,} families, from {operation.figures.total():,} at the end of 2025"
    )
    gc.freeze()  # the plan stays to the end: not worth looking through at each collection
    setting = Setting(book=current(), places=operation.figures.places, until=until)
    loading = Loading(operation, setting, say)
    loading.establish()
    loading.write_files()
    loading.leave_waiting()
    say(f"  {loading.tell_other_cases():,} cases of the other procedures")
    say(f"  {loading.tell_incidents():,} incidents, {loading.tell_referrals():,} referrals")
    say("Numbering the ledger and signing its checkpoints …")
    checkpoints = Numbering(loading.connection, until).run(lambda _size: None)
    loading.go_on_from_here()
    twice = loading.keep_truth()
    say("Indexing names …")
    loading.index_names()
    say("Comparing records that may be one person …")
    say(f"  {loading.suggest():,} pairs to judge")
    found = Loaded(
        loading.serials.person, loading.serials.household, loading.written, checkpoints, time.monotonic() - started
    )
    if until >= timezone.localdate():  # they are opened by the real operations, which know no other day than today
        say("Opening some cases of every procedure …")
        say(f"  {open_some_of_each(setting.book):,} cases")
        say(f"Taking in {take_in_sources(actor_for(member_of('protection'))):,} sources")
        say(
            f"  {ride_out(setting.book):,} families on a circuit ride, {convene_what_waits(setting.book):,} sittings to come"
        )
    loading.mark(found, persons, seed)
    say(
        f"{found.persons:,} persons in {found.households:,} households, {found.entries:,} entries, "
        f"{found.checkpoints} checkpoints, in {found.seconds:.0f} seconds."
    )
    gc.unfreeze()
    say(f"{twice:,} persons are registered twice; {TRUTH} says which.")
    return found


class Loading:
    """The transactions of one load, over one connection of the owner."""

    def __init__(self, operation: Operation, setting: Setting, say: Say) -> None:
        self.operation, self.setting, self.say = operation, setting, say
        self.histories = Histories(operation.goal, operation.seed, setting.until, operation.duplicates)
        twice = {key for family, copy in operation.duplicates.items() for key in (family, copy.donor.key)}
        self.serials = Serials(twice=frozenset(twice))
        self.sittings = Sittings(setting)
        self.cases = Cases(setting, self.serials, self.sittings)
        self.papers = Papers(setting)
        self.written = 0
        self.writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="demo-writer")
        self.under_way: deque[Future[None]] = deque()
        owner = connections["owner"]
        owner.ensure_connection()
        self.connection = owner.connection
        with self.connection.cursor() as cursor:
            self.forced = forced_tables(cursor, ORDER)

    @contextmanager
    def chunk(self) -> Iterator[tuple[Rows, list[Composed]]]:
        """Rows and entries gathered here are written in one transaction, entries first, so that the guards find them.

        Written in a thread of its own: while the database works on one chunk, the next is gathered; two at most are kept.
        """
        rows, entries = Rows(ORDER), []
        yield rows, entries
        self.under_way.append(self.writer.submit(self._write_chunk, rows, entries))
        while len(self.under_way) > CHUNKS_KEPT:
            self.under_way.popleft().result()

    def _write_chunk(self, rows: Rows, entries: list[Composed]) -> None:
        with self.connection.transaction(), self.connection.cursor() as cursor, unforced(cursor, self.forced):
            self.written += write_entries(cursor, entries)
            rows.write(cursor)

    def settle(self) -> None:
        """Wait until everything gathered so far is written."""
        while self.under_way:
            self.under_way.popleft().result()

    def establish(self) -> None:
        with self.chunk() as (rows, entries):
            establishing = Establishing(self.setting, rows, entries)
            establishing.establish()
            self.cases.barriers = establishing.suspend_commission()

    def write_files(self) -> None:
        total, done, began = len(self.operation.families), 0, time.monotonic()
        for families in _chunks(self.operation.families, CHUNK):
            with self.chunk() as (rows, entries):
                for family in families:
                    self._write(self.histories.tell(family), rows, entries)
            done += len(families)
            if done == total or (done // CHUNK) % 4 == 0:
                self.say(f"  {done:,} of {total:,} families, {time.monotonic() - began:.0f} s")

    def _write(self, file: File, rows: Rows, entries: list[Composed]) -> None:
        Writing(file, self.setting, self.serials, rows, entries).write(self.cases.of, self.papers.of)

    def leave_waiting(self) -> None:
        """What waits on the demo's day: the commission's next sitting, and sheets in the stock."""
        with self.chunk() as (rows, entries):
            self.sittings.convene_next(rows, entries)
            self.papers.shelve(rows, entries)
        self.settle()

    def tell_other_cases(self) -> int:
        """What families had to do with every other procedure."""
        told = OtherCases(self.setting, self.serials, self.sittings, self.cases.barriers).write(self.chunk)
        self.settle()
        return told

    def tell_incidents(self) -> int:
        """What was done to people, and what was said to authorities about it."""
        self.incidents = Incidents(self.setting, self.serials.person)
        told = self.incidents.write(self.chunk)
        self.settle()
        with self.chunk() as (rows, entries):
            ask_around(self.setting, rows, entries)
        self.settle()
        return told

    def tell_referrals(self) -> int:
        """Who was handed to another organisation, and where that stands."""
        self.referrals = Referrals(self.setting, self.serials.person)
        told = self.referrals.write(self.chunk)
        self.settle()
        return told

    def keep_truth(self) -> int:
        """Which records are the same person, for whoever measures the search for duplicates: a file beside the keys."""
        self.truth = pairs = []
        for family, copy in self.operation.duplicates.items():
            for here, there in copy.places.items():
                first = self.serials.numbers.get((copy.donor.key, there))
                second = self.serials.numbers.get((family, here))
                if first and second:
                    pairs.append((first, second))
        TRUTH.parent.mkdir(parents=True, exist_ok=True)
        with open(TRUTH, "w", encoding="utf-8", newline="") as truth:
            csv.writer(truth).writerows([("first", "second"), *sorted(pairs)])
        return len(pairs)

    def index_names(self) -> None:
        """By which names people are found: made from the names, as `panoh identity index` makes it anew."""
        with self.connection.transaction(), self.connection.cursor() as cursor, unforced(cursor, self.forced):
            index_persons(self.connection, nullcontext, lambda _done, _total: None)
            count_bearers(self.connection)

    def suggest(self) -> int:
        """Pairs for the page of possible duplicates, some of them judged."""
        officer, supervisor = member_of("register"), member_of("supervisor")
        found = suggestions.suggest(officer, self.say)
        suggestions.judge_some(officer, supervisor, self.truth)
        return found

    def go_on_from_here(self) -> None:
        """The sequences of numbers continue behind what was given out."""
        with self.connection.cursor() as cursor:
            for sequence, value in (
                ("registry_household_serial", self.serials.household),
                ("registry_person_serial", self.serials.person),
                ("procedures_case_serial", self.serials.case),
                ("procedures_sitting_serial", self.sittings.number),
                ("protection_incident_serial", self.incidents.incidents),
                ("protection_intervention_serial", self.incidents.interventions),
                ("referrals_referral_serial", self.referrals.written),
            ):
                cursor.execute("SELECT setval(%s, %s)", [sequence, max(value, 1)])
            cursor.execute("ANALYZE")

    def mark(self, found: Loaded, asked: int | None, seed: str) -> None:
        at = datetime.now(UTC)
        entry = compose(
            entry_id=new_id(), recorded_at=at, by=None, kind=MARKER, subjects=[], occurred_on=at.date(),
            payload={
                "asked": asked, "persons": found.persons, "households": found.households, "entries": found.entries,
                "checkpoints": found.checkpoints, "seed": seed, "until": self.setting.until,
            },
        )  # fmt: skip
        with self.connection.transaction(), self.connection.cursor() as cursor:
            write_entries(cursor, [entry])


def member_of(name: str) -> Member:
    return Member.objects.select_related("account", "organisation", "office").get(account__username=name)


def _chunks(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk
