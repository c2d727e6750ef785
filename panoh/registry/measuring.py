"""`panoh identity measure`: how good the search is on a register given as a table, through PostgreSQL as any page goes.

The register is loaded into a database of its own, beside that of the installation, and kept there for the next run. Nobody in
it has an act behind him, so the guards that ask for one are switched off in that database; search, index and row-level security
are the real ones, and the actor is a register officer who sees every file.
"""

from __future__ import annotations

import csv
import hashlib
import math
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import psycopg
from django.conf import settings
from django.db import connections
from psycopg import sql

from panoh.access.actor import Actor
from panoh.access.context import acting, acting_as_system
from panoh.access.models import Account, Member, Office, Organisation
from panoh.access.queries import actor_for
from panoh.identity import measure
from panoh.identity.likeness import chances, standing
from panoh.kernel.names import PersonName, script_of
from panoh.registry.models import Household, Name, Person
from panoh.registry.nameindex import count_bearers, index_persons
from panoh.registry.queries.search import Wanted, rank_persons
from panoh.registry.queries.vocabulary import fetch_words

NAME = "panoh_measured_{mark}"
TABLES = ("registry_household", "registry_person", "registry_name")
ACCESS_TABLES = ("access_organisation", "access_office", "access_account", "access_member")
CHUNK = 20_000
LOADED_AS = b"2"  # raise it when what is loaded changes
Say = Callable[[str], None]


@dataclass(frozen=True)
class Measured:
    """The database made ready, and which person of the table each number in it is."""

    ids: dict[str, str]
    index_bytes: int


def make_ready(register: Path, say: Say, *, fresh: bool = False) -> Measured:
    """The database with the register in it; made anew where it holds another one."""
    mark = _mark(register)
    target = replace(settings.DATABASE_TARGET, name=NAME.format(mark=mark[:8]))
    if fresh or _held(target) != mark:
        _make(target, register, mark, say)
    _use(target.name)
    with (
        acting_as_system("who is who in the table that is measured", using="owner"),
        connections["owner"].cursor() as cursor,
    ):
        cursor.execute("SELECT number, phone FROM registry_person")  # the id of the table stands in the telephone
        ids = dict(cursor.fetchall())
        cursor.execute(
            "SELECT sum(pg_total_relation_size(c::regclass)) FROM unnest(%s::text[]) AS c",
            [["registry_word", "registry_wordkey", "registry_nameindex"]],
        )
        size = int(cursor.fetchone()[0])
    return Measured(ids, size)


def run(
    register: Path,
    queries: Path,
    evidence: measure.Evidence,
    say: Say,
    *,
    newcomers: Path | None = None,
    fresh: bool = False,
) -> dict[str, Any]:
    """All figures of `panoh.identity.measure` for one kind of evidence; of the alarm as well where `newcomers` says who is one."""
    measured = make_ready(register, say, fresh=fresh)
    questions = measure.read_questions(queries)
    actor = _officer()

    def search(name: str, father: str, year: int | None) -> list[str]:
        with acting(actor):
            drafts = rank_persons(actor, name, Wanted(father=father, birth_year=year)).drafts
        return [measured.ids[draft.number] for draft in drafts[: measure.FIRST_PAGE]]

    fetch_words()  # as a process of the server does before it answers
    for question in questions[:30]:  # compiled code and plans are loaded once, not with each question
        search(*question.with_evidence(evidence))
    processor = _Processor()
    answers = measure.ask(questions, search, evidence, processor.seconds)
    figures = measure.report(answers)
    if newcomers is not None:
        figures["alarm"] = _alarm(measured, actor, questions, newcomers, evidence)
    return {"evidence": evidence, "persons": len(measured.ids), "index_bytes": measured.index_bytes, **figures}


def _alarm(
    measured: Measured, actor: Actor, questions: Sequence[measure.Question], parts: Path, evidence: measure.Evidence
) -> measure.Figures:
    """ "Already registered?": the probability of the likeliest person, newcomers' own records passed over."""
    known, newcomers, gone = measure.divide(questions, parts)
    everyone = len(measured.ids)

    fitted: list[tuple[float, float, bool]] = []

    def ask(question: measure.Question, registered: bool) -> tuple[float, bool]:
        name, father, year = question.with_evidence(evidence)
        with acting(actor):
            ranked = rank_persons(actor, name, Wanted(father=father, birth_year=year))
        there = [draft for draft in ranked.drafts if measured.ids[draft.number] not in gone]
        if not there:
            return 0.0, False
        found = [draft.evidence for draft in there]
        first = measured.ids[there[0].number] == question.person
        if first or not registered:  # whoever stands in the place of the one asked for teaches nothing
            rival = found[1] if len(found) > 1 else -math.inf
            fitted.append((float(standing(found[0], everyone, rival)), ranked.possible - found[0], first))
        return float(chances(found, ranked.possible, everyone)[0]), first

    told = [ask(question, registered=True) for question in known]
    figures = measure.alarm_report(
        [chance for chance, _first in told],
        [ask(question, registered=False)[0] for question in newcomers],
        [first for _chance, first in told],
    )
    return {**figures, **{f"fitted_{name}": weight for name, weight in measure.fit_calibration(fitted).items()}}


class _Processor:
    """Seconds of processor time of this process and of its connection's backend.

    Of the backend by the scheduler's own count: the ticks of `stat` are ten milliseconds, as long as most questions take.
    """

    def __init__(self) -> None:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self.backend = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")

    def seconds(self) -> float:
        own = resource.getrusage(resource.RUSAGE_SELF)
        used = own.ru_utime + own.ru_stime
        if self.backend.exists():
            used += int(self.backend.read_text().split()[0]) / 1e9
        return used


# -- the database -----------------------------------------------------------------------------------------------------


def _mark(register: Path) -> str:
    digest = hashlib.sha256()
    with register.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    digest.update(LOADED_AS)
    return digest.hexdigest()[:24]


def _held(target: Any) -> str | None:
    try:
        with target.connect(target.roles.owner) as owner:
            row = owner.execute(
                "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
            ).fetchone()
    except psycopg.OperationalError:
        return None
    return row[0] if row else None


def _use(name: str) -> None:
    for alias in settings.DATABASES:
        connections[alias].close()
        settings.DATABASES[alias]["NAME"] = name
        connections[alias].settings_dict["NAME"] = name


def _make(target: Any, register: Path, mark: str, say: Say) -> None:
    from django.utils.module_loading import import_string

    say("Making a database of its own …")
    import_string(settings.PANOH_MAKE_DATABASE)(target)
    _use(target.name)
    started = time.monotonic()
    connection = connections["owner"]
    connection.ensure_connection()
    raw = connection.connection
    officer = _open(raw)
    count = 0
    for rows in _chunks(register):
        _write(raw, rows, officer)
        count += len(rows)
        say(f"  {count:,} persons, {time.monotonic() - started:.0f} s")
    say("Indexing names …")
    index_persons(raw, nullcontext, lambda done, total: None)
    count_bearers(raw)
    with raw.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        cursor.execute("VACUUM ANALYZE")
        cursor.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(target.name), sql.Literal(mark)))
    say(f"{count:,} persons ready in {time.monotonic() - started:.0f} s.")


def _open(raw: psycopg.Connection) -> Member:
    """An organisation with one office and one officer; the guards and FORCE set aside while the register is loaded."""
    for table in (*TABLES, *ACCESS_TABLES):
        raw.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for table in TABLES:
        raw.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    organisation = Organisation.objects.using("owner").create(
        code="measured", kind="un", titles={"en": "Measured"}, valid_from=date(2020, 1, 1)
    )
    office = Office.objects.using("owner").create(
        organisation=organisation, code="measured", prefix="M", titles={"en": "Measured"}, valid_from=date(2020, 1, 1)
    )
    account = Account(username="measure", is_active=False)
    account.set_unusable_password()
    account.save(using="owner")
    return Member.objects.using("owner").create(
        account=account, organisation=organisation, office=office, role="register_officer", valid_from=date(2020, 1, 1)
    )


def _officer() -> Actor:
    return actor_for(Member.objects.using("owner").get(account__username="measure"))


def _chunks(register: Path) -> Iterator[list[dict[str, str]]]:
    """The rows in an order of chance: who is asked for must not be found for having been registered first or last."""
    with measure.open_table(register) as file:
        columns = next(csv.reader(file))
        lines = file.readlines()
    Random(LOADED_AS).shuffle(lines)  # noqa: S311 - an order, the same each time
    for start in range(0, len(lines), CHUNK):
        yield list(csv.DictReader(lines[start : start + CHUNK], columns))


def _write(raw: psycopg.Connection, rows: list[dict[str, str]], officer: Member) -> None:
    households, persons, names = [], [], []
    for row in rows:
        household = Household(
            number=f"M-{row['id']}"[:20],
            custodian_id=officer.organisation_id,
            office_id=officer.office_id,
            registered_on=date(2024, 1, 1),
            arrived_on=date(2024, 1, 1),
            registered_by_id=officer.pk,
        )
        earliest, latest = _birth(row)
        person = Person(
            number=f"P-{row['id']}"[:20],
            household=household,
            relationship="PA",
            sex=row["sex"] if row["sex"] in ("M", "F") else "U",
            birth_earliest=earliest,
            birth_latest=latest,
            birth_precision="day" if earliest == latest else "year" if earliest.year == latest.year else "unknown",
            birth_calendar="gregorian",
            nationality="AFG",
            phone=row["id"],
            arrived_on=date(2024, 1, 1),
        )
        name = PersonName(
            script_of(row["full_name"]) or "Latn", row["full_name"][:100], father=row["father_name"][:100]
        )
        form = Name(
            person=person, script=name.script, given=name.given, father=name.father, source="import", is_primary=True
        )
        households.append(household)
        persons.append(person)
        names.append(form)
    with raw.transaction(), raw.cursor() as cursor:
        for model, made in ((Household, households), (Person, persons), (Name, names)):
            columns = [field.column for field in model._meta.concrete_fields]
            attributes = [field.attname for field in model._meta.concrete_fields]
            statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
                sql.Identifier(model._meta.db_table), sql.SQL(", ").join(map(sql.Identifier, columns))
            )
            with cursor.copy(statement) as copy:
                for one in made:
                    copy.write_row([getattr(one, attribute) for attribute in attributes])


def _birth(row: dict[str, str]) -> tuple[date, date]:
    if row["birth_date"]:
        day = date.fromisoformat(row["birth_date"])
        return day, day
    if row["birth_year"]:
        year = int(float(row["birth_year"]))
        return date(year, 1, 1), date(year, 12, 31)
    return date(1900, 1, 1), date(2024, 1, 1)
