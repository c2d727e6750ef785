"""Search: a name in any script, a number, or the number of a paper; best first, and always why.

Every question has a bounded cost: equality on stored keys, a fixed number of rows looked at, a time limit in the database.
There is no search by place. Who lives where is asked by those who plan round-ups (DOMAIN §12.3), so the question does not exist.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet

from panoh.access.actor import Actor
from panoh.access.policy import check
from panoh.identity.similarity import Reason, similarity
from panoh.kernel.calendars import ascii_digits
from panoh.kernel.names import PersonName
from panoh.kernel.problems import Problem
from panoh.registry.models import Name, NameKey, PaperHeld, Person
from panoh.registry.namekeys import keys_of_question
from panoh.registry.numbering import find_number
from panoh.registry.queries.files import names_in_order, persons_visible_to
from panoh.registry.rules.values import paper_number_key

LONGEST_QUESTION = 200
MOST_ROWS = 2000  # index rows looked at
MOST_SCORED = 120  # persons whose names are compared
LARGEST_PAGE = 100
LEAST_SCORE = 0.3
YEARS_OFF = 2  # a told birth year may be this far off: calendars, estimates, memory
TIME_LIMIT_MS = 2500
_PAPER_NUMBER = re.compile(r"[A-Z]{0,4}\d[A-Z0-9/-]{3,}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hit:
    """One person found: the form of the name that fits best, how well, and why."""

    person: Person
    name: PersonName | None
    score: float
    reasons: tuple[Reason, ...]

    @property
    def cursor(self) -> str:
        """Where the next page begins: hand it back as `after`."""
        return f"{self.score:.4f}~{self.person.number}"


@dataclass(frozen=True, slots=True)
class _Draft:
    """A hit before its person is fetched: only one page of the many that were scored is."""

    person_id: UUID
    number: str
    name: PersonName | None
    score: float
    reasons: tuple[Reason, ...]


@dataclass
class Hits(list[Hit]):
    """A page of hits. `cut_short` tells that there were more than could be looked at: add a word or a year."""

    items: list[Hit] = field(default_factory=list)
    cut_short: bool = False

    def __post_init__(self) -> None:
        self.extend(self.items)


def search_persons(
    actor: Actor,
    text: str,
    *,
    sex: str | None = None,
    birth_year: int | None = None,
    limit: int = 20,
    after: str | None = None,
) -> Hits:
    """The persons among those the actor sees that fit the text, best first. Raises a Problem for a question that is none."""
    check(actor, "registry.person.search")
    text = clean_question(text)
    limit = max(1, min(limit, LARGEST_PAGE))
    persons = _narrow(persons_visible_to(actor), sex, birth_year)
    exact = _by_number(persons, text)
    if exact is not None:
        return Hits(exact[:limit])
    drafts, cut_short = _by_name(persons, text)
    drafts = sorted([*_by_paper(persons, text), *drafts], key=lambda draft: (-draft.score, draft.number))
    if after:
        drafts = [draft for draft in drafts if _is_after(draft, after)]
    return Hits(_hits(persons, drafts[:limit]), cut_short)


def clean_question(text: str) -> str:
    """The question without invisible characters, or a Problem: nothing asked, or more than anyone is called."""
    cleaned = "".join(
        " " if unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn") else character
        for character in text[: 5 * LONGEST_QUESTION]
    )
    cleaned = " ".join(cleaned.split())
    if not any(character.isalnum() for character in cleaned):
        raise Problem("registry.search.empty", field="q")
    if len(cleaned) > LONGEST_QUESTION or len(text) > 5 * LONGEST_QUESTION:
        raise Problem("registry.search.too_long", field="q", longest=LONGEST_QUESTION)
    return cleaned


def _narrow(persons: QuerySet[Person], sex: str | None, birth_year: int | None) -> QuerySet[Person]:
    if sex in ("M", "F"):
        persons = persons.filter(sex__in=(sex, "U"))
    if birth_year is not None:
        if not 1850 <= birth_year <= 2150:
            raise Problem("registry.search.birth_year", field="birth_year", year=birth_year)
        persons = persons.filter(
            birth_earliest__lte=date(birth_year + YEARS_OFF, 12, 31),
            birth_latest__gte=date(birth_year - YEARS_OFF, 1, 1),
        )
    return persons


def _by_number(persons: QuerySet[Person], text: str) -> list[Hit] | None:
    number = find_number(text)
    if number is None:
        return None
    wanted = {"household__number": number.text} if number.is_household else {"number": number.text}
    found = persons.filter(**wanted).select_related("household").prefetch_related(names_in_order()).order_by("id")
    return [Hit(person, _shown_name(person), 1.0, (("number", {"number": number.text}),)) for person in found[:100]]


def _by_paper(persons: QuerySet[Person], text: str) -> list[_Draft]:
    # One word only: every further word could be a paper's number too, and each costs a look.
    words = [word for word in ascii_digits(text).split() if _PAPER_NUMBER.fullmatch(word)]
    if len(words) != 1:
        return []
    holders = PaperHeld.objects.filter(number_key=paper_number_key(words[0])).values_list("person_id", flat=True)
    found = persons.filter(pk__in=list(holders[:LARGEST_PAGE])).values_list("pk", "number")
    reasons: tuple[Reason, ...] = (("paper_number", {"number": words[0]}),)
    return [_Draft(person_id, number, None, 1.0, reasons) for person_id, number in found]


def _by_name(persons: QuerySet[Person], text: str) -> tuple[list[_Draft], bool]:
    pairs, singles = keys_of_question(text)
    ids, cut_short = _most_keys(persons, pairs) if pairs else ([], False)
    if not ids and singles:
        with time_limit():
            ids, cut_short = _most_keys(persons, singles)
    return _score(persons, ids, text), cut_short


def _most_keys(persons: QuerySet[Person], keys: list[str]) -> tuple[list[UUID], bool]:
    """The persons who share most of the keys, and whether there were more than could be looked at."""
    looked_at = NameKey.objects.filter(key__in=keys, person__in=persons.order_by()).values("person_id")[:MOST_ROWS]
    inner, params = looked_at.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT person_id, sum(count(*)) OVER () FROM ({inner}) looked_at"  # noqa: S608 - SQL of Django, values apart
            " GROUP BY person_id ORDER BY count(*) DESC, person_id LIMIT %s",
            [*params, MOST_SCORED + 1],
        )
        rows = cursor.fetchall()
    ids = [person_id for person_id, _rows in rows]
    return ids[:MOST_SCORED], len(ids) > MOST_SCORED or bool(rows and rows[0][1] >= MOST_ROWS)


def _score(persons: QuerySet[Person], ids: list[UUID], text: str) -> list[_Draft]:
    if not ids:
        return []
    names: dict[UUID, list[PersonName]] = {}
    for name in Name.objects.filter(person_id__in=ids).exclude(role=Name.PROPOSED).order_by("-is_primary", "id"):
        names.setdefault(name.person_id, []).append(name.as_person_name())
    numbers = dict(persons.filter(pk__in=ids).values_list("pk", "number"))
    drafts = []
    for person_id, number in numbers.items():
        scored = [(similarity(text, form.display("full")), form) for form in names.get(person_id, ())]
        best, form = max(scored, key=lambda pair: pair[0].score, default=(None, None))
        if best is not None and best.score >= LEAST_SCORE:
            drafts.append(_Draft(person_id, number, form, best.score, best.reasons))
    return drafts


def _hits(persons: QuerySet[Person], drafts: list[_Draft]) -> list[Hit]:
    """The persons of one page, with household and names for showing."""
    if not drafts:
        return []
    wanted = persons.select_related("household").prefetch_related(names_in_order())
    found = wanted.in_bulk([draft.person_id for draft in drafts])
    return [
        Hit(found[one.person_id], one.name or _shown_name(found[one.person_id]), one.score, one.reasons)
        for one in drafts
        if one.person_id in found
    ]


def _shown_name(person: Person) -> PersonName | None:
    names = list(person.names.all())
    return names[0].as_person_name() if names else None


def _is_after(draft: _Draft, after: str) -> bool:
    score, separator, number = after.partition("~")
    if not separator or not re.fullmatch(r"[01]\.\d{4}", score):
        raise Problem("registry.search.page", field="after")
    return (-draft.score, draft.number) > (-float(score), number)


@contextmanager
def time_limit() -> Iterator[None]:
    """A question that would take long (one common word, few visible files) ends with a Problem instead."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('statement_timeout'), set_config('statement_timeout', %s, true)",
                [str(TIME_LIMIT_MS)],
            )
            before = cursor.fetchone()[0]
            yield
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [before])
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) != "57014":  # query_canceled
            raise
        raise Problem("registry.search.too_broad", field="q") from error
