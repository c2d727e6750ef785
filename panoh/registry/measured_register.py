"""A register given as a table, in a database of its own beside that of the installation: what `identity measure` asks.

Nobody in it has an act behind him, so the guards that ask for one are switched off in that database. It is loaded as a whole:
one table of what differs from person to person, from it the others, indexes and references last. The rows are those that
`registry_index_names` would write (a test compares them).
"""

from __future__ import annotations

import csv
import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import psycopg
from django.conf import settings
from django.db import connections
from django.db.models import Model
from psycopg import sql

from panoh.access.context import acting_as_system
from panoh.access.models import Account, Member, Office, Organisation
from panoh.identity import measure
from panoh.identity.keys import KEYS
from panoh.identity.words import WORDS_VERSION
from panoh.kernel.ids import new_id
from panoh.kernel.names import PersonName, script_of
from panoh.registry.models import Household, Name, Person
from panoh.registry.nameindex import FATHER, count_bearers, keys_of_word, words_of_names

NAME = "panoh_measured_{mark}"
GUARDED = ("registry_household", "registry_person", "registry_name")
LOADED = (*GUARDED, "registry_nameindex", "registry_word", "registry_wordkey")
ACCESS_TABLES = ("access_organisation", "access_office", "access_account", "access_member")
MIGRATIONS = Path(__file__).parent / "migrations"
CHUNK = 20_000
LOADED_AS = b"3"  # raise it when what is loaded changes
SOME_DAY = date(2024, 1, 1)
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


def _mark(register: Path) -> str:
    digest = hashlib.sha256()
    with register.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    digest.update(LOADED_AS + bytes([WORDS_VERSION, *KEYS]))
    # A database made by other migrations cannot be asked.
    digest.update(" ".join(sorted(file.name for file in MIGRATIONS.glob("[0-9]*.py"))).encode())
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
    connections["owner"].ensure_connection()
    raw = connections["owner"].connection
    officer = _open(raw)
    count = load(raw, register, officer, lambda done: say(f"  {done:,} persons, {time.monotonic() - started:.0f} s"))
    for table in GUARDED:
        raw.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    raw.execute("VACUUM ANALYZE")
    raw.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(target.name), sql.Literal(mark)))
    say(f"{count:,} persons ready in {time.monotonic() - started:.0f} s.")


def _open(raw: psycopg.Connection) -> Member:
    """An organisation with one office and one officer; the guards and FORCE set aside while the register is loaded."""
    for table in (*GUARDED, *ACCESS_TABLES):
        raw.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for table in GUARDED:
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


# -- loading ----------------------------------------------------------------------------------------------------------

STAGE = """
CREATE TEMPORARY TABLE given (
    household uuid, person uuid, name uuid, id text, sex text, earliest date, latest date, "precision" text,
    script text, given text, father text, terms int[])
"""


def load(raw: psycopg.Connection, register: Path, officer: Member, say: Callable[[int], None]) -> int:
    """All persons of the table with their index. While the database writes one part, the next is made ready."""
    taken_away = _without_indexes(raw)
    raw.execute(STAGE)
    statements = _statements(officer)
    numbers: dict[str, int] = {}
    written: Future[None] | None = None
    count = 0
    with ThreadPoolExecutor(1) as database:
        for rows in _chunks(register):
            made = [_row(row, numbers) for row in rows]
            if written is not None:
                written.result()
                say(count)
            count += len(made)
            written = database.submit(_write, raw, made, statements)
        if written is not None:
            written.result()
            say(count)
    _write_words(raw, numbers)
    raw.execute("DROP TABLE given")
    raw.execute("SET maintenance_work_mem = '512MB'")
    for statement in taken_away:
        raw.execute(statement)
    count_bearers(raw)
    return count


def _without_indexes(raw: psycopg.Connection) -> list[str]:
    """Takes away the indexes and references of the tables that are loaded, and answers what brings them back."""
    tables = list(LOADED)
    constraints = raw.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = ANY (%s::regclass[]) AND contype IN ('f', 'u') ORDER BY contype, conname",
        [tables],
    ).fetchall()
    for table, name, _definition in constraints:
        raw.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    indexes = raw.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indrelid = ANY (%s::regclass[]) AND NOT indisprimary ORDER BY 1",
        [tables],
    ).fetchall()
    for name, _definition in indexes:
        raw.execute(f"DROP INDEX {name}")
    back = [f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}' for table, name, definition in constraints]
    return [*(definition for _name, definition in indexes), *back]


def _chunks(register: Path) -> Iterator[list[dict[str, str]]]:
    """The rows in an order of chance: who is asked for must not be found for having been registered first or last."""
    with measure.open_table(register) as file:
        columns = next(csv.reader(file))
        lines = file.readlines()
    Random(LOADED_AS).shuffle(lines)  # noqa: S311 - an order, the same each time
    for start in range(0, len(lines), CHUNK):
        yield list(csv.DictReader(lines[start : start + CHUNK], columns))


def _row(row: dict[str, str], numbers: dict[str, int]) -> tuple[object, ...]:
    """One row of STAGE; words that are met for the first time are numbered."""
    earliest, latest = _birth(row)
    name = PersonName(script_of(row["full_name"]) or "Latn", row["full_name"][:100], father=row["father_name"][:100])
    own, fathers = words_of_names([name])
    terms = [numbers.setdefault(word, len(numbers) + 1) for word in own]
    terms += [FATHER + numbers.setdefault(word, len(numbers) + 1) for word in fathers]
    return (
        new_id(), new_id(), new_id(), row["id"], row["sex"] if row["sex"] in ("M", "F") else "U", earliest, latest,
        "day" if earliest == latest else "year" if earliest[:4] == latest[:4] else "unknown",
        name.script, name.given, name.father, f"{{{','.join(map(str, terms))}}}",
    )  # fmt: skip


def _birth(row: dict[str, str]) -> tuple[str, str]:
    if row["birth_date"]:
        return row["birth_date"], row["birth_date"]
    if row["birth_year"]:
        year = int(float(row["birth_year"]))
        return f"{year}-01-01", f"{year}-12-31"
    return "1900-01-01", SOME_DAY.isoformat()


Statement = tuple[sql.Composed, list[Any]]


def _statements(officer: Member) -> list[Statement]:
    """What makes the rows of each table out of STAGE: every column of the model, its own default where nothing is told."""
    household = Household(
        custodian_id=officer.organisation_id,
        office_id=officer.office_id,
        registered_on=SOME_DAY,
        arrived_on=SOME_DAY,
        registered_by_id=officer.pk,
    )
    person = Person(relationship="PA", birth_calendar="gregorian", nationality="AFG", arrived_on=SOME_DAY)
    name = Name(source="import", is_primary=True)
    return [
        _insert(household, id="household", number="left('M-' || id, 20)"),
        _insert(
            person, id="person", household_id="household", number="left('P-' || id, 20)", phone="id", sex="sex",
            birth_earliest="earliest", birth_latest="latest", birth_precision='"precision"',
        ),
        _insert(name, id="name", person_id="person", script="script", given="given", father="father"),
        (
            sql.SQL(
                "INSERT INTO registry_nameindex (person_id, terms, version)"
                " SELECT person, terms || registry_years(earliest, latest), %s FROM given"
            ).format(),
            [WORDS_VERSION],
        ),
        (sql.SQL("TRUNCATE given").format(), []),
    ]  # fmt: skip


def _insert(model: Model, **told: str) -> Statement:
    fields = model._meta.concrete_fields
    columns = sql.SQL(", ").join(sql.Identifier(field.column) for field in fields)
    values = sql.SQL(", ").join(sql.SQL(told.get(field.attname, "%s")) for field in fields)
    same = [
        field.get_db_prep_save(getattr(model, field.attname), connections["owner"])
        for field in fields
        if field.attname not in told
    ]
    table = sql.Identifier(model._meta.db_table)
    return sql.SQL("INSERT INTO {} ({}) SELECT {} FROM given").format(table, columns, values), same


def _write(raw: psycopg.Connection, rows: list[tuple[object, ...]], statements: list[Statement]) -> None:
    with raw.transaction(), raw.cursor() as cursor:
        _copy(cursor, "given", rows)
        for statement, parameters in statements:
            cursor.execute(statement, parameters)


def _write_words(raw: psycopg.Connection, numbers: dict[str, int]) -> None:
    keys = {word: keys_of_word(word) for word in numbers}
    with raw.transaction(), raw.cursor() as cursor:
        newest = [(number, word, keys[word][max(keys[word], key=int)][0], 0) for word, number in numbers.items()]
        _copy(cursor, "registry_word (id, word, sound, bearers)", newest)
        of_words = [
            (key, version, numbers[word])
            for word, of_versions in keys.items()
            for version, some in of_versions.items()
            for key in dict.fromkeys(some)
        ]
        _copy(cursor, "registry_wordkey (key, version, word_id)", of_words)
        cursor.execute("SELECT setval(pg_get_serial_sequence('registry_word', 'id'), %s)", [len(numbers) + 1])


def _copy(cursor: psycopg.Cursor, table: str, rows: Sequence[tuple[object, ...]]) -> None:
    with cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
