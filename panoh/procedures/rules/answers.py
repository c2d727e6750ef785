"""What was answered in the form of an action, checked against the fields that the rulebook defines. Pure.

A page, an import and a test give the same thing: a mapping from field name to value. Out comes a mapping of plain JSON
values (words, days in ISO form, truth values, lists of codes), sorted by the class of each field, because open answers
may be read with the case and narratives only by those whose role reads narratives.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from panoh.kernel.calendars import ascii_digits
from panoh.kernel.problems import Problem, Problems
from panoh.rulebook.model import LANGUAGES, Field, FrozenMap, Rulebook, Titles

TEXT_LIMIT = 500
LONG_TEXT_LIMIT = 50_000
NUMBER_DIGITS = 12

# Which answers may be kept in the clear with the step: everything else is text about a person.
OPEN = "open"


FILE_LIMIT_MB = 8
MEDIA_TYPES = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A paper handed in with a form. The kind is read from its first bytes, never from its name."""

    content: bytes

    @property
    def media_type(self) -> str:
        return next((kind for start, kind in MEDIA_TYPES.items() if self.content.startswith(start)), "")

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Answers:
    """Checked answers: `open` for the step and the ledger's payload, `closed` by field class for the narrative."""

    open: dict[str, Any] = field(default_factory=dict)
    closed: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, KeptFile] = field(default_factory=dict)

    def everything(self) -> dict[str, Any]:
        """All answers in one mapping, for guards and effects, which ask by field name."""
        merged = dict(self.open)
        for answers in self.closed.values():
            merged.update(answers)
        return merged


@dataclass(frozen=True, slots=True)
class Known:
    """What an answer may be: the codes in force on the day, and the members that may be named."""

    book: Rulebook
    on: date
    members: Callable[[UUID], bool] = lambda _member: False
    offices: Callable[[UUID], bool] = lambda _office: False
    cases: Callable[[str], bool] = lambda _number: False

    def codes(self, one: Field) -> frozenset[str]:
        """The codes that may be chosen in a field on this day."""
        return frozenset(choices_of(one, self.book, self.on))


def choices_of(one: Field, book: Rulebook, on: date) -> dict[str, Titles]:
    """What a "code", "codes" or "language" field can be answered with, in the order of the list."""
    if one.choices:
        return dict(one.choices)
    if one.kind == "language" and "languages" not in book.codes:
        return {code: FrozenMap(dict.fromkeys(LANGUAGES, code)) for code in book.country.languages}
    if one.code_list is None and one.kind != "language":
        return {}
    return {
        code.code: code.titles
        for code in book.codes[one.code_list or "languages"].in_force(on)
        if all(code.attributes.get(name) == value for name, value in one.code_attributes.items())
    }


def check_answers(fields: Iterable[Field], values: Mapping[str, Any], known: Known) -> Answers:
    """Checks every answer at once, so that a form shows all its errors; raises `Problems`.

    A field that is asked only under a condition is neither required nor allowed where the condition does not hold.
    """
    problems: list[Problem] = []
    by_name = {one.name: one for one in fields}
    for name in values:
        if name not in by_name:
            problems.append(Problem("procedures.answer.unknown_field", field=name, name=_shown(name)))
    given: dict[str, Any] = {}
    for name, one in by_name.items():
        try:
            value = _check(one, values.get(name), known)
        except Problem as problem:
            problems.append(problem.on_field(name))
            given[name] = UNUSABLE
            continue
        if value is not None:
            given[name] = value
    answers = Answers()
    for name, one in by_name.items():
        asked = one.shown_when is None or one.shown_when.holds(given)
        if name not in given:
            if asked and one.required:
                problems.append(Problem("procedures.answer.missing", field=name))
            continue
        if not asked:
            problems.append(Problem("procedures.answer.not_asked", field=name))
        elif isinstance(given[name], KeptFile):
            answers.files[name] = given[name]
            answers.closed.setdefault("narrative", {})[name] = given[name].sha256
        elif one.field_class == OPEN:
            answers.open[name] = given[name]
        else:
            answers.closed.setdefault(one.field_class, {})[name] = given[name]
    if problems:
        raise Problems(problems)
    return answers


UNUSABLE = object()
"""Stands for an answer that was given but is wrong: it is not missing, and no condition holds on it."""


def _check(one: Field, value: Any, known: Known) -> Any:
    if isinstance(value, str):
        value = value.strip()
    if value in (None, "", [], ()):
        return None
    return _CHECKS[one.kind](one, value, known)


def _text(limit: int, line_breaks: bool) -> Callable[[Any, Any, Known], str]:
    def check(_one: Field, value: Any, _known: Known) -> str:
        text = unicodedata.normalize("NFC", str(value))
        allowed = "\n\t" if line_breaks else ""
        text = text.replace("\r\n", "\n") if line_breaks else text
        if any(unicodedata.category(letter) in ("Cc", "Cs") and letter not in allowed for letter in text):
            raise Problem("procedures.answer.control_character")
        if len(text) > limit:
            raise Problem("procedures.answer.too_long", limit=limit)
        return text

    return check


def _code(one: Field, value: Any, known: Known) -> str:
    if str(value) not in known.codes(one):
        raise Problem("procedures.answer.unknown_code", value=_shown(value))
    return str(value)


def _codes(one: Field, value: Any, known: Known) -> list[str]:
    if isinstance(value, str):
        value = [part for part in value.replace(",", " ").split() if part]
    if not isinstance(value, list | tuple | set | frozenset):
        raise Problem("procedures.answer.unknown_code", value=_shown(value))
    return sorted({_code(one, part, known) for part in value})


def _day(_one: Field, value: Any, _known: Known) -> str:
    if isinstance(value, date):
        return value.isoformat()[:10]
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise Problem("procedures.answer.not_a_day", value=_shown(value)) from None


def _bool(_one: Field, value: Any, _known: Known) -> bool:
    if isinstance(value, bool):
        return value
    words = {"yes": True, "true": True, "on": True, "1": True, "no": False, "false": False, "0": False}
    try:
        return words[str(value).lower()]
    except KeyError:
        raise Problem("procedures.answer.not_yes_or_no", value=_shown(value)) from None


def _member(_one: Field, value: Any, known: Known) -> str:
    try:
        member = value if isinstance(value, UUID) else UUID(str(value))
    except ValueError:
        raise Problem("procedures.answer.unknown_member") from None
    if not known.members(member):
        raise Problem("procedures.answer.unknown_member")
    return str(member)


def _number(one: Field, value: Any, _known: Known) -> int:
    text = ascii_digits(str(value)).strip()
    if not text.lstrip("-").isascii() or not text.lstrip("-").isdigit() or len(text) > NUMBER_DIGITS:
        raise Problem("procedures.answer.not_a_number", value=_shown(value))
    number = int(text)
    if (one.at_least is not None and number < one.at_least) or (one.at_most is not None and number > one.at_most):
        least, most = one.at_least, one.at_most
        raise Problem(
            "procedures.answer.out_of_bounds", least="…" if least is None else least, most="…" if most is None else most
        )
    return number


def _office(_one: Field, value: Any, known: Known) -> str:
    try:
        office = value if isinstance(value, UUID) else UUID(str(value))
    except ValueError:
        raise Problem("procedures.answer.unknown_office") from None
    if not known.offices(office):
        raise Problem("procedures.answer.unknown_office")
    return str(office)


def _case(_one: Field, value: Any, known: Known) -> str:
    number = ascii_digits(str(value)).strip().upper()
    if not known.cases(number):
        raise Problem("procedures.answer.unknown_case", value=_shown(value))
    return number


def _language(one: Field, value: Any, known: Known) -> str:
    if str(value) not in known.codes(one):
        raise Problem("procedures.answer.unknown_code", value=_shown(value))
    return str(value)


def _file(_one: Field, value: Any, _known: Known) -> KeptFile:
    if not isinstance(value, KeptFile) or not value.media_type or len(value.content) > FILE_LIMIT_MB * 1024 * 1024:
        raise Problem("procedures.answer.not_a_file", limit=FILE_LIMIT_MB)
    return value


def _shown(value: Any) -> str:
    return str(value)[:60]


_CHECKS: dict[str, Callable[[Any, Any, Known], Any]] = {
    "text": _text(TEXT_LIMIT, line_breaks=False),
    "long_text": _text(LONG_TEXT_LIMIT, line_breaks=True),
    "number": _number,
    "office": _office,
    "case": _case,
    "code": _code,
    "codes": _codes,
    "day": _day,
    "bool": _bool,
    "member": _member,
    "language": _language,
    "file": _file,
}

KINDS = frozenset(_CHECKS)
