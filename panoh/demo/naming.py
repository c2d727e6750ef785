"""Names of people who do not exist, in the scripts and spellings in which such names are really written.

The pools stand in `names/` (written for this project). A `Word` knows one name in three scripts with its usual spellings;
compounds (Abdul + attribute, -ullah, Mohammad + name) are built by rule and never split. Fathers' and grandfathers' names
run through a family.
"""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from panoh.kernel.names import PersonName

POOLS = Path(__file__).parent / "names"
PEOPLE = {"AFG": "afghan", "XXA": "tajik", "IRN": "iranian", "PAK": "pakistani"}
SHARE_OF_COMPOUNDS = 0.42


@dataclass(frozen=True, slots=True)
class Word:
    """One name: Arabic script, and its usual Latin and Cyrillic spellings (the first Cyrillic one is Tajik)."""

    arab: str
    latin: tuple[str, ...]
    cyrl: tuple[str, ...]

    def written(self, script: str, spelling: int) -> str:
        if script == "Arab":
            return self.arab
        forms = self.latin if script == "Latn" else self.cyrl
        return forms[spelling % len(forms)]


NOTHING = Word("", ("",), ("",))


@dataclass(frozen=True, slots=True)
class FullName:
    """A person's name before it is written down in a script."""

    given: Word
    father: Word = NOTHING
    grandfather: Word = NOTHING
    family: Word = NOTHING
    tribal: Word = NOTHING
    patronymic: str = ""

    def written(self, script: str, spelling: int = 0, *, with_grandfather: bool = True) -> PersonName:
        return PersonName(
            script,  # type: ignore[arg-type] - one of the three
            self.given.written(script, spelling),
            father=self.father.written(script, spelling + 1),
            grandfather=self.grandfather.written(script, spelling + 2) if with_grandfather else "",
            family=self.family.written(script, spelling),
            tribal=self.tribal.written(script, spelling),
            patronymic=self.patronymic if script == "Cyrl" else "",
        )


@lru_cache(maxsize=1)
def _pools() -> dict[tuple[str, str], tuple[list[Word], list[int]]]:
    pools: dict[tuple[str, str], tuple[list[Word], list[int]]] = defaultdict(lambda: ([], []))
    for row in _rows("given.csv"):
        _put(pools[row["people"], row["sex"]], row)
    for row in _rows("family.csv"):
        _put(pools[row["people"], row["kind"]], row)
    for row in _rows("attributes.csv"):
        _put(pools[row["kind"], ""], row | {"weight": "1"})
    return dict(pools)


@lru_cache(maxsize=1)
def _compounds() -> dict[tuple[str, str], tuple[list[tuple[Word, Word, str]], list[int]]]:
    found: dict[tuple[str, str], tuple[list[tuple[Word, Word, str]], list[int]]] = defaultdict(lambda: ([], []))
    for row in _rows("compounds.csv"):
        before, after = (
            Word(row[f"{side}_arab"], tuple(row[f"{side}_latin"].split("/")), tuple(row[f"{side}_cyrl"].split("/")))
            for side in ("before", "after")
        )
        rules, weights = found[row["people"], row["sex"]]
        rules.append((before, after, row["joins"]))
        weights.append(int(row["weight"]))
    return dict(found)


def _rows(name: str) -> list[dict[str, str]]:
    with open(POOLS / name, encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def _put(pool: tuple[list[Word], list[int]], row: dict[str, str]) -> None:
    pool[0].append(Word(row["arab"], tuple(row["latin"].split("/")), tuple(row["cyrl"].split("/"))))
    pool[1].append(int(row["weight"]))


def _drawn(pool: tuple[list, list[int]], rng: random.Random):
    return rng.choices(pool[0], pool[1])[0]


def given_name(nationality: str, sex: str, rng: random.Random) -> Word:
    """A given name of that people. About two in five of the Afghan ones are compounds."""
    people = PEOPLE.get(nationality, "afghan")
    pools = _pools()
    base = _drawn(pools[people, sex if sex in "MF" else rng.choice("MF")], rng)
    rules = _compounds().get((people, sex))
    if rules is None or rng.random() >= SHARE_OF_COMPOUNDS:
        return base
    before, after, joins = _drawn(rules, rng)
    if joins != "plain":
        base = _drawn(pools[joins, ""], rng)
    compound = _joined(before, base, after)
    return base if compound.arab.split() and len(set(compound.arab.split())) < len(compound.arab.split()) else compound


@lru_cache(maxsize=4096)
def _joined(before: Word, base: Word, after: Word) -> Word:
    """Spellings are joined pairwise, so that one hand spells a whole name one way."""
    many = max(len(part) for word in (before, base, after) for part in (word.latin, word.cyrl))
    return Word(
        before.arab + base.arab + after.arab,
        tuple(dict.fromkeys(_glued(*(w.latin[i % len(w.latin)] for w in (before, base, after))) for i in range(many))),
        tuple(dict.fromkeys(_glued(*(w.cyrl[i % len(w.cyrl)] for w in (before, base, after))) for i in range(many))),
    )


def _glued(before: str, base: str, after: str) -> str:
    if before and before[-1].isalpha():  # Абдул + Раҳмон is one word in Cyrillic; Latin writes Abdul Rahman
        return f"{before} {base}{after}" if before.isascii() else before + base.lower() + after
    return before + base + after


def family_name(nationality: str, rng: random.Random) -> tuple[Word, Word]:
    """Family name (takhallus) and tribal name; an Afghan family has one of them, both or neither."""
    people = PEOPLE.get(nationality, "afghan")
    pools = _pools()
    family = _drawn(pools[people, "family"], rng)
    if people != "afghan":
        return family, NOTHING
    choice = rng.random()
    if choice < 0.5:
        return family, NOTHING
    if choice < 0.62:
        return NOTHING, _drawn(pools["afghan", "tribal"], rng)
    return NOTHING, NOTHING


def tajik_patronymic(father: Word, sex: str, rng: random.Random) -> str:
    """The older form with -ович/-овна, the one of the reform of 2016 (-зода), or none."""
    base = father.cyrl[0]
    choice = rng.random()
    if choice < 0.45:
        return base + ("ович" if sex == "M" else "овна") if base[-1] not in "аеёиоуӣӯюя" else base + "зода"
    return base + "зода" if choice < 0.75 else ""


def feminine(family: Word) -> Word:
    """Karimova beside Karimov; the forms of the reform do not change."""
    return replace(
        family,
        latin=tuple(form + "a" if form.endswith("ov") else form for form in family.latin),
        cyrl=tuple(form + "а" if form.endswith("ов") else form for form in family.cyrl),
    )
