"""What a person is told of her own case, in sentences of her language: one text for the page, the slip and whoever reads it aloud.

Sentences, because a slip is read at a border post and a date without a verb helps nobody. What the law gives, where and how, is
data of the country (`own_case_advice`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from panoh.inquiry.queries import Limit, OwnCase
from panoh.kernel.written_days import format_day
from panoh.rulebook import current
from panoh.rulebook.model import ClockRule, Code
from panoh.rulebook.reasoning import length_in_words

ADVICE = "own_case_advice"


@dataclass(frozen=True, slots=True)
class Sentence:
    """`kind` is due where a day is at stake, `late` where the office has let one pass."""

    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the answer: `code` names it for style and tests."""

    code: str
    title: str
    sentences: tuple[Sentence, ...]


def sections(told: OwnCase, language: str) -> list[Section]:
    """The answer in the order in which it is needed. Django's active language must be `language`."""
    parts = (
        ("next", _("What comes next"), _next(told, language)),
        ("rights", _("Your right to appeal"), _rights(told, language)),
        ("bring", _("What to bring"), _advice("bring", language, told.state.path_stage)),
        ("legal-aid", _("Legal aid is free"), _legal_aid(told, language)),
        ("detained", _("If you are detained"), _advice("detained", language)),
    )
    found = [Section(code, title, tuple(sentences)) for code, title, sentences in parts]
    # A right that runs out stands before what the office has to do.
    found.sort(key=lambda section: not (section.code == "rights" and any(one.kind for one in section.sentences)))
    return [section for section in found if section.sentences]


def own_names() -> list[tuple[str, str]]:
    """The languages of the register, each as its readers call it."""
    return [(code, get_language_info(code)["name_local"]) for code, _title in settings.LANGUAGES]


def standing(told: OwnCase, language: str) -> str:
    """Where the case stands, in one sentence."""
    state = current().text(told.state.titles, language)
    if told.closed_on:
        return _("%(state)s. The case is closed since %(day)s.") % {
            "state": state,
            "day": _both(told.closed_on, language),
        }
    return _("%(state)s, since %(day)s.") % {"state": state, "day": _both(told.since, language)}


def _next(told: OwnCase, language: str) -> Iterator[Sentence]:
    book = current()
    who = book.text(told.kept_by.titles, language) if told.kept_by else _("The office")
    for one in told.appointments:
        params = {"day": _both(one.day, language), "hour": one.hour, "what": book.text(one.what.titles, language)}
        words = _("You are expected on %(day)s at %(hour)s: %(what)s.") if one.hour else _("You are expected on %(day)s: %(what)s.")  # fmt: skip
        yield Sentence(words % params, "due")
    if told.sitting_on:
        yield Sentence(
            _("A sitting deals with your case on %(day)s.") % {"day": _both(told.sitting_on, language)}, "due"
        )
    for limit in told.limits:
        if limit.for_applicant and remedy_of(told, limit.clock):
            continue
        yield _limit(limit, who, language)
    if told.closed_on is None:
        if not told.limits and not told.appointments and not told.sitting_on:
            yield Sentence(_("No time limit runs at this moment."))
        yield Sentence(_("Your case is kept by: %(who)s. Ask there, at UNHCR or a lawyer.") % {"who": who})


def _limit(limit: Limit, who: str, language: str) -> Sentence:
    what = current().text(limit.clock.titles, language)
    if limit.due_on is None:
        day = _both(limit.paused_on, language) if limit.paused_on else ""
        return Sentence(_("%(what)s: the time stands still since %(day)s.") % {"what": what, "day": day})
    params = {"who": who, "what": what, "day": _both(limit.due_on, language)}
    if limit.for_applicant:
        return Sentence(_("You can act until %(day)s: %(what)s.") % params, "due")
    if limit.passed:
        words = _("%(who)s should have acted by %(day)s: %(what)s. Say so at any office, to UNHCR or to a lawyer, and show this.")  # fmt: skip
        return Sentence(words % params, "late")
    return Sentence(_("%(who)s must act until %(day)s: %(what)s.") % params, "due")


def _rights(told: OwnCase, language: str) -> Iterator[Sentence]:
    """The right that runs; before any decision, the rights that one would give."""
    book, running = current(), {limit.clock.code: limit for limit in told.limits}
    for clock in told.definition.clocks_of(told.track):
        remedy = remedy_of(told, clock) if clock.bound == "applicant" else None
        if remedy is None:
            continue
        what = book.text(clock.titles, language)
        cited = "; ".join(book.cite(one, language) for one in clock.legal_basis)
        limit = running.get(clock.code)
        if limit is not None and limit.due_on is not None:
            params = {"day": _both(limit.due_on, language), "what": what, "cited": cited}
            words = _("The time ended on %(day)s: %(what)s (%(cited)s). Ask a lawyer whether you can still act.") if limit.passed else _("You can act until and including %(day)s: %(what)s (%(cited)s).")  # fmt: skip
            yield Sentence(words % params, "due")
        elif limit is None and told.closed_on is None and told.state.kind in ("initial", "open"):
            amount = book.value(clock.limit, timezone.localdate()).amount
            params = {"length": length_in_words(amount.amount, amount.unit, language), "what": what, "cited": cited}
            yield Sentence(
                _("If you do not agree with a decision, you have %(length)s: %(what)s (%(cited)s).") % params
            )
        else:
            continue
        yield Sentence(book.text(remedy.titles, language))


def remedy_of(told: OwnCase, clock: ClockRule) -> Code | None:
    """Which body, where and how, for a clock that gives a right."""
    name = f"{told.definition.code}.{clock.code}"
    return next((one for one in _rows("remedy") if name in one.attributes.get("of", "").split()), None)


def _legal_aid(told: OwnCase, language: str) -> Iterator[Sentence]:
    book = current()
    yield from _advice("legal_aid", language)
    for one in told.helpers:
        name = book.text(one.organisation.titles, language)
        places = ", ".join(book.text(office.titles, language) for office in one.offices)
        yield Sentence(f"{name}: {places}" if places else name)


def _advice(about: str, language: str, stage: str = "") -> Iterator[Sentence]:
    for one in _rows(about):
        of = one.attributes.get("of", "").split()
        if not of or stage in of:
            yield Sentence(current().text(one.titles, language))


def _rows(about: str) -> tuple[Code, ...]:
    found = current().codes.get(ADVICE)
    return found.where(about=about) if found else ()


def _both(day: date, language: str) -> str:
    """A day as she counts it, and as the office does."""
    other = "gregorian" if language == "prs" else "solar_hijri"
    return f"{format_day(day, language)} ({format_day(day, language, other)})"
