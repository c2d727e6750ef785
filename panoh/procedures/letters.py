"""The procedure's own letters: their text in every language, with the open answers of the act put where the text names them.

All of a letter is data of the rulebook; one template prints them all. Only answers in the clear can be named (the loader holds it).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from panoh.kernel.written_days import format_day, persian_digits
from panoh.papers.content import day_texts
from panoh.rulebook.model import LANGUAGES, Action, Field, Letter, Rulebook

YES_NO = {
    True: {"en": "yes", "ru": "да", "tg": "ҳа", "prs": "بلی"},
    False: {"en": "no", "ru": "нет", "tg": "не", "prs": "نخیر"},
}
NOTHING = "—"
HOUR = re.compile(r"\d{1,2}:\d\d")


def own_letter_facts(
    *,
    letter: Letter,
    action: Action,
    case_number: str,
    on: date,
    until: date | None,
    answers: Mapping[str, Any],
    provisions: Sequence[str],
    book: Rulebook,
) -> dict[str, Any]:
    """What the template prints: title, text and law in every language."""
    return {
        "letter": letter.code,
        "case_number": case_number,
        "on": day_texts(on),
        "title": dict(letter.titles),
        "text": {
            language: letter.text[language].format_map(
                {
                    **{one.name: in_words(one, answers.get(one.name), language, book) for one in action.form},
                    "case": case_number,
                    "day": format_day(on, language),
                    "until": format_day(until, language) if until else NOTHING,
                }
            )
            for language in LANGUAGES
        },
        "law": {language: [book.cite(id, language, on) for id in provisions] for language in LANGUAGES},
    }


def in_words(field: Field, value: Any, language: str, book: Rulebook) -> str:
    """An answer as a person reads it in a language."""
    if value in (None, "", []):
        return NOTHING
    if field.kind == "day":
        return format_day(date.fromisoformat(value), language)
    if field.kind == "bool":
        return YES_NO[bool(value)][language]
    if field.kind == "number":
        return persian_digits(str(value)) if language == "prs" else str(value)
    if field.choices or field.code_list or field.kind == "language":
        given = value if isinstance(value, list) else [value]
        return ("، " if language == "prs" else ", ").join(_title(field, code, language, book) for code in given)
    if language == "prs" and HOUR.fullmatch(str(value)):
        return persian_digits(str(value))
    return str(value).strip().removesuffix(".")  # the letter's own sentence ends behind it


def _title(field: Field, code: str, language: str, book: Rulebook) -> str:
    if code in field.choices:
        return field.choices[code][language]
    listed = book.codes.get(field.code_list or "languages")
    return listed.title(code, language) if listed else code
