"""The reasoning behind a deadline in words, in the reader's language and calendar."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from panoh.kernel.written_days import format_day, persian_digits
from panoh.rulebook.book import Rulebook
from panoh.rulebook.deadlines import Deadline, Line
from panoh.rulebook.law import LANGUAGES
from panoh.rulebook.procedure import Procedure
from panoh.rulebook.transition import MOVE


def explain(line: Line, language: str, book: Rulebook, procedure: Procedure | None = None) -> str:
    """One line as a sentence. With the procedure, acts are called by their titles."""
    language = _known(language)
    params = {name: _in_words(name, value, language) for name, value in line.params.items()}
    if "amount" in line.params:
        params["length"] = length_in_words(line.params["amount"], line.params["unit"], language)
    if line.provision:
        params["citation"] = (
            book.cite(line.provision, language) if line.provision in book.provisions else line.provision
        )
    if "kind" in line.params:
        params["kind"] = _what_paused(line.params["kind"], language, book, procedure)
    if "act" in line.params:
        known = _title_of_act(line.params["act"], language, book, procedure)
        params["act"] = _sentences()["by_act"][language].format(act=known) if known else ""
    sentence = str(_sentences()["sentences"][line.code][language]).format(**params)
    return sentence[:-1] if sentence.endswith("..") else sentence  # "2021 г." brings its own full stop


def explain_all(
    deadline: Deadline, language: str, book: Rulebook, procedure: Procedure | None = None
) -> tuple[str, ...]:
    """The whole reasoning, sentence by sentence."""
    return tuple(explain(line, language, book, procedure) for line in deadline.reasoning)


def length_in_words(amount: int, unit: str, language: str) -> str:
    """ "10 working days", "10 рабочих дней", "۱۰ روز کاری"."""
    language = _known(language)
    forms = _sentences()["units"][unit][language]
    text = f"{amount} {forms[min(_plural(amount, language), len(forms) - 1)]}"
    return persian_digits(text) if language == "prs" else text


def sentence_codes() -> frozenset[str]:
    return frozenset(_sentences()["sentences"])


def _in_words(name: str, value: Any, language: str) -> str:
    if isinstance(value, date):
        return format_day(value, language)
    if isinstance(value, tuple):
        return ("، " if language == "prs" else ", ").join(_in_words(name, one, language) for one in value)
    if name == "days":
        return length_in_words(value, "calendar_days", language)
    text = str(value)
    return persian_digits(text) if language == "prs" and isinstance(value, int) else text


def _title_of_act(act: str, language: str, book: Rulebook, procedure: Procedure | None) -> str:
    """What an act is called, also one of the version that the case was moved out of."""
    if act == MOVE:
        return str(_sentences()["moved"][language])
    known = book.find_action(procedure, act) if procedure else None
    return known.doing[language] if known else ""


def _what_paused(kind: str, language: str, book: Rulebook, procedure: Procedure | None) -> str:
    known = book.find_action(procedure, kind) if procedure else None
    if known:
        return known.doing[language]
    barriers = book.codes.get("barrier_kinds")
    return barriers.title(kind, language) if barriers else kind


def _plural(number: int, language: str) -> int:
    """The place of the form among the forms of a language (CLDR rules for whole numbers)."""
    if language == "ru":
        if number % 10 == 1 and number % 100 != 11:
            return 0
        return 1 if number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14) else 2
    return 0 if number == 1 else 1


def _known(language: str) -> str:
    return language if language in LANGUAGES else "en"


@cache
def _sentences() -> dict[str, Any]:
    with (Path(__file__).parent / "sentences.yaml").open(encoding="utf-8") as file:
        read: dict[str, Any] = yaml.safe_load(file)
    return read
