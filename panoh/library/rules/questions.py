"""The language of the search box: words, "phrases", near, not, or, and operators of fields and dates.

refugees dushanbe            both words, in any form
"durable solutions"          these words in this order
bribes near:5 migration      within five words of each other, either way round
-deportation                 without the word; also -tag:PREF, -origin:…, -class:…, -kind:…, -lang:…, -ref:…
khorog OR khujand            one of the two
tag:PREF origin:"Embassy Dushanbe" class:UNCLASSIFIED kind:cable lang:ru ref:09DUSHANBE1080 subject:diaspora
2005..2009  after:2006-03  before:2010  year:2009
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, field
from datetime import date, timedelta

from panoh.kernel.problems import Problem

LONGEST = 500
MOST_TERMS = 24
NEAR_DEFAULT, NEAR_MOST = 8, 15
PIECE = re.compile(r'(-?)(?:([A-Za-z]+):)?(?:"([^"]*)"|(\S+))')
DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
RANGE = re.compile(r"(\d{4}(?:-\d{1,2}){0,2})?\.\.(\d{4}(?:-\d{1,2}){0,2})?")
NEAR = re.compile(r"near(?::(\d{1,2}))?", re.IGNORECASE)
FIELDS = {"tag", "origin", "from", "class", "kind", "lang", "ref", "subject", "after", "before", "year", "date", "near"}
KINDS = {"cable", "report", "web_page", "plan", "law", "letter"}


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must be there (or not): alone, as a phrase, or within `distance` words of the other words."""

    words: str
    phrase: bool = False
    without: bool = False
    subject: bool = False
    near: str = ""
    near_phrase: bool = False
    distance: int = 0


@dataclass(slots=True)
class Question:
    """A search as it was read. `terms` are groups: one of each group must hold."""

    text: str = ""
    terms: list[list[Term]] = field(default_factory=list)
    without: list[tuple[str, str]] = field(default_factory=list)  # (name of a field, value that it must not have)
    tags: list[str] = field(default_factory=list)
    origin: str = ""
    classification: str = ""
    kind: str = ""
    language: str = ""
    refid: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def words(self) -> list[str]:
        """The words that are looked for, for similar matters: which to light up, which to hear."""
        return [
            word
            for group in self.terms
            for term in group
            if not term.without
            for word in f"{term.words} {term.near}".split()
        ]

    @property
    def is_empty(self) -> bool:
        return not (
            self.terms
            or self.without
            or self.tags
            or self.origin
            or self.classification
            or self.kind
            or self.language
            or self.refid
            or self.since
            or self.until
        )


def read_question(text: str) -> Question:
    """The question, or a Problem that names the part that cannot be read."""
    text = " ".join(text.split())
    if len(text) > LONGEST:
        raise Problem("library.search.unreadable", field="q", part=text[:40])
    found = Question(text=text)
    joined = near = 0
    for match in PIECE.finditer(text):
        minus, name, phrase, word = match.groups()
        name = (name or "").lower()
        value = phrase if phrase is not None else (word or "")
        if not name and not minus and phrase is None:
            if word.upper() in ("OR", "ИЛИ", "Ё", "یا") and word not in ("ё", "или", "or") and found.terms:
                joined = 1
                continue
            if word.upper() == "AND":
                continue
        if word and word.endswith(":") and word[:-1].lower() in FIELDS:
            raise Problem("library.search.unreadable", field="q", part=word)
        if minus and name in FIELDS - {"subject"}:
            found.without.append(_left_out(name, value, match[0]))
            continue
        if minus and RANGE.fullmatch(value) and value != ".." and phrase is None:
            raise Problem("library.search.unreadable", field="q", part=match[0][:40])
        if name == "near" or (not name and phrase is None and NEAR.fullmatch(word or "") and found.terms):
            if not found.terms or (name and not value.isdigit()):
                raise Problem("library.search.unreadable", field="q", part=match[0][:40])
            near = min(int(value), NEAR_MOST) if name else NEAR_DEFAULT
            continue
        if not name and (ranged := RANGE.fullmatch(value)) and value != ".." and phrase is None:
            found.since = _day(ranged[1], first=True, part=value) if ranged[1] else found.since
            found.until = _day(ranged[2], first=False, part=value) if ranged[2] else found.until
            continue
        if name in FIELDS and name != "subject":
            _set(found, name, value, match[0])
            continue
        if name and name not in FIELDS:  # no operator: "http:", "Art:" are words like others
            value = f"{name} {value}"
        if not value.strip('-"()'):
            continue
        term = Term(value, phrase=phrase is not None, without=bool(minus), subject=name == "subject")
        if near and found.terms:
            before = found.terms[-1][-1]
            if before.near:  # three in a row: which two are meant to be near each other is not said
                raise Problem("library.search.unreadable", field="q", part=match[0][:40])
            found.terms[-1][-1] = Term(before.words, before.phrase, near=value, near_phrase=term.phrase, distance=near)
        elif joined and found.terms:
            found.terms[-1].append(term)
        else:
            found.terms.append([term])
        joined = near = 0
    if sum(map(len, found.terms)) > MOST_TERMS:
        raise Problem("library.search.unreadable", field="q", part=text[:40])
    return found


def _left_out(name: str, value: str, part: str) -> tuple[str, str]:
    """The field and the value of -tag:PREF; days and nearness cannot be left out."""
    only: Question = Question()
    _set(only, name, value, part)
    told = {
        "tags": only.tags[0] if only.tags else "",
        "origin": only.origin,
        "classification": only.classification,
        "kind": only.kind,
        "language": only.language,
        "refid": only.refid,
    }
    found = next(((one, known) for one, known in told.items() if known), None)
    if found is None:
        raise Problem("library.search.unreadable", field="q", part=part[:40])
    return found


def _set(found: Question, name: str, value: str, part: str) -> None:
    held = {"origin": found.origin, "from": found.origin, "class": found.classification, "kind": found.kind, "lang": found.language, "ref": found.refid}  # fmt: skip
    if not value or held.get(name):  # nothing is of two origins; one of two is not asked for like this
        raise Problem("library.search.unreadable", field="q", part=part[:40])
    if name == "tag":
        found.tags.append(value.upper()[:40])
    elif name in ("origin", "from"):
        found.origin = value[:200]
    elif name == "class":
        found.classification = value.upper()[:60]
    elif name == "kind":
        if value.lower() not in KINDS:
            raise Problem("library.search.unreadable", field="q", part=part[:40])
        found.kind = value.lower()
    elif name == "lang":
        found.language = value.lower()[:3]
    elif name == "ref":
        found.refid = value.upper()[:80]
    elif name == "year":
        found.since, found.until = _day(value, True, part), _day(value, False, part)
    elif name == "date":
        ends = value.split("..")
        found.since = _day(ends[0], True, part)
        found.until = _day(ends[-1], False, part)
    elif name == "after":
        found.since = _day(value, True, part)
    elif name == "before":
        found.until = _day(value, True, part) - timedelta(days=1)


def _day(text: str, first: bool, part: str) -> date:
    """The first or the last day of a year, a month or a day."""
    match = DAY.fullmatch(text)
    try:
        if match is None:
            raise ValueError(text)
        year, month, day = (int(one) if one else 0 for one in match.groups())
        if not month:
            return date(year, 1, 1) if first else date(year, 12, 31)
        return date(year, month, day or (1 if first else calendar.monthrange(year, month)[1]))
    except (ValueError, calendar.IllegalMonthError):
        raise Problem("library.search.unreadable", field="q", part=part[:40]) from None
