"""Search: a name in any script, a number, or the number of a paper; best first, and always why.

Every question has a bounded cost: a few groups of words, and a fixed number of persons looked at (`queries.likely`).
There is no search by where people live: that is asked by those who plan round-ups (DOMAIN §12.3), so the question does not
exist. Where somebody comes from only tells namesakes apart: it is no question without a name or number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.db.models import QuerySet

from panoh.access.actor import Actor
from panoh.access.composed import Composed
from panoh.access.policy import check
from panoh.identity.likeness import Asked, least_evidence
from panoh.identity.similarity import Reason, similarity
from panoh.identity.words import words_of
from panoh.kernel.calendars import ascii_digits
from panoh.kernel.names import PersonName
from panoh.kernel.problems import Problem
from panoh.registry.models import Name, PaperHeld, Person
from panoh.registry.numbering import find_number
from panoh.registry.origins import all_within, find_origins
from panoh.registry.queries.files import names_in_order, persons_visible_to
from panoh.registry.queries.likely import MOST_WORDS_ASKED, find_by_name, find_likely
from panoh.registry.rules.values import paper_number_key

Persons = Callable[[], QuerySet[Person]]
LONGEST_QUESTION = 200
LARGEST_PAGE = 100
ENOUGH = 30
MOST_LOOKED_AT = 2000
CERTAIN = 100.0  # evidence of a number: more than any name has
_PAPER_NUMBER = re.compile(r"[A-Z]{0,4}\d[A-Z0-9/-]{3,}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hit:
    """One person found: the form of the name that fits best, the evidence in nats, and why."""

    person: Person
    name: PersonName | None
    evidence: float
    reasons: tuple[Reason, ...]

    @property
    def cursor(self) -> str:
        """Where the next page begins: hand it back as `after`."""
        return f"{self.evidence:.3f}~{self.person.number}"


@dataclass(frozen=True, slots=True)
class Draft:
    """A hit before its person is fetched: only one page of the many that were weighed is. Without reasons: by name."""

    person_id: UUID
    number: str
    evidence: float
    reasons: tuple[Reason, ...] | None


@dataclass(frozen=True, slots=True)
class Ranked:
    """`possible`: the evidence of a record by which everything asked for would be met."""

    drafts: list[Draft]
    cut_short: bool
    possible: float = CERTAIN


@dataclass
class Hits(list[Hit]):
    """A page of hits. `cut_short` tells that there were more than could be looked at: add a word or a year."""

    items: list[Hit] = field(default_factory=list)
    cut_short: bool = False

    def __post_init__(self) -> None:
        self.extend(self.items)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is known of the person beside the name: each narrows or speaks for, none is needed."""

    sex: str | None = None
    birth_year: int | None = None
    father: str = ""
    grandfather: str = ""
    place: str = ""  # of origin, a code or a name in any language: whoever comes from elsewhere is left out


def search_persons(
    actor: Actor, text: str, wanted: Wanted = Wanted(), *, limit: int = 20, after: str | None = None
) -> Hits:
    """The persons among those the actor sees that fit the text, best first. Raises a Problem for a question that is none."""
    text = clean_question(text)
    limit = max(1, min(limit, LARGEST_PAGE))
    behind = _place_of(after) if after else None
    ranked = rank_persons(actor, text, wanted)
    drafts = [draft for draft in ranked.drafts if behind is None or (-draft.evidence, draft.number) > behind]
    return Hits(_hits(actor, drafts[:limit], text), ranked.cut_short)


def rank_persons(actor: Actor, text: str, wanted: Wanted = Wanted()) -> Ranked:
    """Everybody who fits the text, best first, as numbers and evidence: what a search finds before anything is shown."""
    check(actor, "registry.person.search")
    text = clean_question(text)
    fathers = " ".join(clean_question(told) for told in (wanted.father, wanted.grandfather) if told.strip())
    if wanted.birth_year is not None and not 1850 <= wanted.birth_year <= 2150:
        raise Problem("registry.search.birth_year", field="birth_year", year=wanted.birth_year)

    def persons() -> QuerySet[Person]:  # made where it is needed: most questions are answered by the index of names
        return _narrow(persons_visible_to(actor), wanted)

    exact = _by_number(persons, text)
    if exact is not None:
        return Ranked(exact, False)
    by_name = _by_name(persons, text, fathers, wanted)
    drafts = sorted([*_by_paper(persons, text), *by_name.drafts], key=lambda draft: (-draft.evidence, draft.number))
    return replace(by_name, drafts=drafts)


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


def _narrow(persons: QuerySet[Person], wanted: Wanted) -> QuerySet[Person]:
    if wanted.sex in ("M", "F"):
        persons = persons.filter(sex__in=(wanted.sex, "U"))
    if wanted.place.strip():
        codes = find_origins(wanted.place)
        if not codes:
            raise Problem("registry.search.place", field="place", place=wanted.place.strip()[:60])
        persons = persons.filter(origin_place__in=[*all_within(codes), wanted.place.strip()])
    return persons


def _by_number(persons: Persons, text: str) -> list[Draft] | None:
    number = find_number(text)
    if number is None:
        return None
    wanted = {"household__number": number.text} if number.is_household else {"number": number.text}
    reasons: tuple[Reason, ...] = (("number", {"number": number.text}),)
    found = persons().filter(**wanted).order_by("id").values_list("pk", "number")[:LARGEST_PAGE]
    return [Draft(person_id, own, CERTAIN, reasons) for person_id, own in found]


def _by_paper(persons: Persons, text: str) -> list[Draft]:
    # One word only: every further word could be a paper's number too, and each costs a look.
    words = [word for word in ascii_digits(text).split() if _PAPER_NUMBER.fullmatch(word)]
    if len(words) != 1:
        return []
    holders = PaperHeld.objects.filter(number_key=paper_number_key(words[0])).values_list("person_id", flat=True)
    found = persons().filter(pk__in=list(holders[:LARGEST_PAGE])).values_list("pk", "number")
    reasons: tuple[Reason, ...] = (("paper_number", {"number": words[0]}),)
    return [Draft(person_id, number, CERTAIN, reasons) for person_id, number in found]


def _by_name(persons: Persons, text: str, fathers: str, wanted: Wanted) -> Ranked:
    named = " ".join(word for word in text.split() if not any(letter.isdigit() for letter in word))
    asked = Asked(
        words_of(named)[:MOST_WORDS_ASKED],
        words_of(fathers)[:MOST_WORDS_ASKED] if fathers else (),
        (wanted.birth_year, wanted.birth_year) if wanted.birth_year else None,
        wanted.sex or "U",
    )
    question, found = find_by_name(asked)
    if wanted.place.strip() or (found.cut_short and len(found.persons) < ENOUGH):
        # Few of those found come from the place, or are open to this reader: look further down the list once.
        found = find_likely(question, found.counted, MOST_LOOKED_AT)
    people = [one for one in found.persons if one.fits]
    if wanted.place.strip():
        left = set(persons().filter(pk__in=[one.person_id for one in people]).values_list("pk", flat=True))
        people = [one for one in people if one.person_id in left]
    least = least_evidence(question.asked)
    drafts = [Draft(one.person_id, one.number, round(one.evidence, 3), None) for one in people if one.evidence >= least]
    return Ranked(drafts, found.cut_short, question.possible)


_SHOWN: Composed[Person] = Composed(
    lambda actor, persons: (
        persons_visible_to(actor).filter(pk__in=persons).select_related("household").prefetch_related(names_in_order())
    )
)


def _hits(actor: Actor, drafts: list[Draft], text: str) -> list[Hit]:
    """The persons of one page, with household and names for showing, and why each was found."""
    if not drafts:
        return []
    people = {person.pk: person for person in _SHOWN(actor, [draft.person_id for draft in drafts])}
    hits = []
    for draft in drafts:
        person = people.get(draft.person_id)
        if person is None:
            continue
        if draft.reasons is not None:
            hits.append(Hit(person, _shown_name(person), draft.evidence, draft.reasons))
            continue
        forms = [form.as_person_name() for form in person.names.all() if form.role != Name.PROPOSED]
        judged = [(similarity(text, form.display("full")), form) for form in forms]
        best, form = max(judged, key=lambda pair: pair[0].score, default=(None, None))
        hits.append(Hit(person, form or _shown_name(person), draft.evidence, best.reasons if best else ()))
    return hits


def _shown_name(person: Person) -> PersonName | None:
    names = list(person.names.all())
    return names[0].as_person_name() if names else None


def _place_of(cursor: str) -> tuple[float, str]:
    """Where in the order a page ended (`Hit.cursor`)."""
    evidence, separator, number = cursor.partition("~")
    if not separator or not re.fullmatch(r"-?\d{1,4}\.\d{3}", evidence):
        raise Problem("registry.search.page", field="after")
    return -float(evidence), number
