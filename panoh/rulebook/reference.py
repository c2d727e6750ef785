"""Code lists, places and roles: the words a country's register is written in, each with a title in every language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from panoh.rulebook.immutable import EMPTY, FrozenMap
from panoh.rulebook.law import Confidence, Titles


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Code:
    """One row of a code list. `attributes` are the list's own columns, as text."""

    code: str
    titles: Titles
    attributes: FrozenMap[str, str] = EMPTY
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = ""
    confidence: Confidence = "unverified"

    def is_in_force(self, on: date) -> bool:
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on < self.valid_to)


class CodeList(Mapping[str, Code]):
    """A list of codes in the order of its file: `book.codes["sex"]["F"].titles["en"]`."""

    __slots__ = ("_codes", "name")

    def __init__(self, name: str, codes: Iterable[Code]) -> None:
        self.name = name
        self._codes = {code.code: code for code in codes}

    def __getitem__(self, code: str) -> Code:
        return self._codes[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._codes)

    def __len__(self) -> int:
        return len(self._codes)

    def __repr__(self) -> str:
        return f"<CodeList {self.name}: {len(self)} codes>"

    def in_force(self, on: date) -> tuple[Code, ...]:
        """The codes that may be newly chosen on a day; old records keep codes that are no longer in force."""
        return tuple(code for code in self._codes.values() if code.is_in_force(on))

    def where(self, **attributes: str) -> tuple[Code, ...]:
        """The codes whose attributes have these values: `grounds.where(kind="inclusion")`."""
        return tuple(
            code
            for code in self._codes.values()
            if all(code.attributes.get(name) == value for name, value in attributes.items())
        )

    def title(self, code: str, language: str) -> str:
        """The title in a language; an unknown code is shown as it is, because old data must stay readable."""
        found = self._codes.get(code)
        return found.titles[language] if found else code


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Place:
    """A place by its p-code: country (level 0), region (1), district (2), crossing, office or site below."""

    code: str
    level: str
    titles: Titles
    parent: str
    country: str
    valid_from: date | None = None
    valid_to: date | None = None
    aliases: tuple[str, ...] = ()
    source: str = ""
    attributes: FrozenMap[str, str] = EMPTY

    def is_in_force(self, on: date) -> bool:
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on < self.valid_to)


class Places(Mapping[str, Place]):
    """All places of all countries that the rulebook knows, by code."""

    __slots__ = ("_children", "_places")

    def __init__(self, places: Iterable[Place]) -> None:
        self._places = {place.code: place for place in places}
        children: dict[str, list[Place]] = {}
        for place in self._places.values():
            children.setdefault(place.parent, []).append(place)
        self._children = {code: tuple(found) for code, found in children.items()}

    def __getitem__(self, code: str) -> Place:
        return self._places[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def __repr__(self) -> str:
        return f"<Places: {len(self)}>"

    def children(self, code: str) -> tuple[Place, ...]:
        """The places directly below one; `children("")` are those without a parent."""
        return self._children.get(code, ())

    def ancestors(self, code: str) -> tuple[Place, ...]:
        """The places above one, nearest first."""
        found: list[Place] = []
        parent = self._places[code].parent
        while parent:
            found.append(self._places[parent])
            parent = self._places[parent].parent
        return tuple(found)

    def is_within(self, code: str, area: str) -> bool:
        """Whether a place is an area or lies in it."""
        return code == area or any(place.code == area for place in self.ancestors(code))

    def of_country(self, country: str, level: str | None = None) -> tuple[Place, ...]:
        return tuple(
            place
            for place in self._places.values()
            if place.country == country and (level is None or place.level == level)
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Role:
    """The title under which people of this country know a role; what the role may do is in `panoh.access`."""

    code: str
    titles: Titles
