"""The rulebook of a country, loaded and checked: the one object every room asks about law, codes, places and procedures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from panoh.kernel.written_days import persian_digits
from panoh.rulebook.immutable import FrozenMap
from panoh.rulebook.law import (
    Act,
    DatedValue,
    Holiday,
    KnownBarrier,
    NoRuleInForce,
    Provision,
    Titles,
)
from panoh.rulebook.procedure import Action, Procedure
from panoh.rulebook.reference import CodeList, Places, Role
from panoh.rulebook.workdays import WorkCalendar


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Country:
    """What is true of the country as a whole."""

    code: str
    iso3: str
    titles: Titles
    time_zone: str
    languages: tuple[str, ...]
    """The languages its pages and papers are offered in, the official one first."""
    official_language: str
    calendars: tuple[str, ...]
    weekend: frozenset[int]
    """Days off in each week, as `date.weekday()` counts them: Saturday is 5."""
    holidays: tuple[Holiday, ...]
    work_calendar: WorkCalendar
    roles: FrozenMap[str, Role]


class _Dated(Protocol):
    def is_in_force(self, on: date) -> bool: ...


D = TypeVar("D", bound=_Dated)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rulebook:
    """Everything a country's data says. Immutable; the same object serves all threads."""

    directory: str
    fingerprint: str
    """SHA-256 over all files: two installations with the same fingerprint apply the same law."""
    country: Country
    acts: FrozenMap[str, Act]
    codes: FrozenMap[str, CodeList]
    places: Places
    known_barriers: tuple[KnownBarrier, ...]
    provisions: FrozenMap[str, tuple[Provision, ...]]
    values: FrozenMap[str, tuple[DatedValue, ...]]
    procedures: FrozenMap[str, tuple[Procedure, ...]]

    def text(self, titles: Mapping[str, str], language: str) -> str:
        """The title in a language; a regional or unknown language falls back to English, as the site's own texts do."""
        return titles.get(language) or titles.get(language.split("-")[0].split("_")[0]) or titles["en"]

    def provision(self, id: str, on: date) -> Provision:
        """The wording of a provision in force on a day."""
        return _in_force(self.provisions, "provision", id, on)

    def value(self, id: str, on: date) -> DatedValue:
        """What the law sets on a day: a time limit, a quorum, an age."""
        return _in_force(self.values, "value", id, on)

    def procedure(self, code: str, on: date) -> Procedure:
        """The version of a procedure under which a case is opened on a day."""
        return _in_force(self.procedures, "procedure", code, on)

    def procedure_version(self, code: str, version: int) -> Procedure:
        """The version a case was opened in, whatever is in force today."""
        for procedure in self.procedures.get(code, ()):
            if procedure.version == version:
                return procedure
        raise NoRuleInForce("procedure", f"{code} version {version}", None)

    def earlier_versions(self, procedure: Procedure) -> tuple[Procedure, ...]:
        """The versions before one, the newest first: a case that was moved has acts of theirs behind it."""
        versions = self.procedures.get(procedure.code, ())
        return tuple(one for one in reversed(versions) if one.version < procedure.version)

    def find_action(self, procedure: Procedure, code: str) -> Action | None:
        """An act as this version knows it, or the newest one before it that does."""
        for version in (procedure, *self.earlier_versions(procedure)):
            if code in version.actions:
                return version.actions[code]
        return None

    def cite(self, id: str, language: str, on: date | None = None) -> str:
        """A provision as people cite it: "Art. 6(11), Law on Refugees". Without a day, the newest wording is cited."""
        found = self.provision(id, on) if on else self.provisions[id][-1]
        act = self.acts[found.act]
        if not found.article:
            return self.text(act.short, language)
        article = f"{self.text(act.article_word or ARTICLE_WORD, language)} {found.article}"
        if language == "prs":
            return f"{persian_digits(article)}، {self.text(act.short, language)}"
        return f"{article}, {self.text(act.short, language)}"


ARTICLE_WORD: Titles = FrozenMap({"en": "Art.", "ru": "ст.", "tg": "моддаи", "prs": "مادهٔ"})


def _in_force(table: Mapping[str, Iterable[D]], kind: str, id: str, on: date) -> D:
    versions = tuple(table.get(id, ()))
    for version in versions:
        if version.is_in_force(on):
            return version
    raise NoRuleInForce(kind, id, on, _covered(versions))


def _covered(versions: Iterable[object]) -> str:
    """The days that are covered, for the message: a person must see whether the law or the rulebook ends there."""
    spans = []
    for version in versions:
        first = getattr(version, "valid_from", None) or getattr(version, "in_force_from", None)
        last = getattr(version, "valid_to", None) or getattr(version, "in_force_to", None)
        spans.append(f"{first} – {last or '…'}")
    return ", ".join(spans)
