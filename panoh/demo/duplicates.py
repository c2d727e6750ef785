"""Plants people who are registered twice, and remembers who they are: the truth against which duplicate search is measured.

Two kinds, as registers have them. A person registered with the family is registered again alone, in another script or
spelling; a family that had left comes back and is registered anew. Both records stay within their own cells of the
published tables, so the tables count such a person twice, as a real register does until somebody judges the pair.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass

from panoh.demo.composing import compose
from panoh.demo.kinship import DIES, SPLITS, Member
from panoh.demo.ways import BY_APPLICATION, Family

SHARE = 0.025
SHARE_OF_RETURNING_FAMILIES = 0.012
ORIGIN = "AFG"


@dataclass(frozen=True, slots=True)
class Copy:
    """The members of a family that are second records: own place → (family, place) of the first record."""

    donor: Family
    places: dict[int, int]


def members_of(family: Family, seed: str) -> tuple[Member, ...]:
    """The members as the family's history will have them."""
    return family.members or compose(family, random.Random(f"{seed}/family/{family.key}"))  # noqa: S311


def plant_duplicates(families: list[Family], seed: str) -> dict[int, Copy]:
    """Second records by the key of their family. Families that came and went may get the members they need for it."""
    rng = random.Random(f"{seed}/duplicates")  # noqa: S311
    mine = [family for family in families if family.origin == ORIGIN and family.came == BY_APPLICATION]
    wanted = round(sum(family.size for family in mine) * SHARE)
    copies = _returning_families(mine, seed, rng)
    planted = sum(len(copy.places) for copy in copies.values())
    donors: dict[tuple[str, int], list[tuple[Family, int]]] = defaultdict(list)
    for family in mine:
        if family.group and family.size > 1 and family.key not in copies:
            for place, member in enumerate(family.members):
                if member.fate not in (DIES, SPLITS) and member.born <= family.came_in:
                    donors[member.sex, member.born].append((family, place))
    alone = [family for family in mine if family.size == 1 and family.key not in copies and not family.births]
    rng.shuffle(alone)
    for family in sorted(alone, key=lambda f: not f.group):  # those who are still there first
        if planted >= wanted:
            break
        copy = _second_record(family, donors, seed, rng)
        if copy is not None:
            copies[family.key] = copy
            planted += 1
    return copies


def _second_record(
    family: Family, donors: dict[tuple[str, int], list[tuple[Family, int]]], seed: str, rng: random.Random
) -> Copy | None:
    if len(family.members) > 1 or rng.random() < 0.25:
        return None
    member = members_of(family, seed)[0]
    options = donors.get((member.sex, member.born - rng.choice((0, 0, 0, 1, -1))))
    if not options:
        return None
    position = rng.randrange(len(options))
    donor, place = options.pop(position)
    return Copy(donor, {0: place})


def _returning_families(families: list[Family], seed: str, rng: random.Random) -> dict[int, Copy]:
    """Families that left, and later ones of the same size that are the same people come back."""
    gone = defaultdict(list)
    for family in families:
        if family.left and not family.group and 2 <= family.size <= 5 and not family.births and not family.deaths:
            gone[family.size].append(family)
    copies: dict[int, Copy] = {}
    number = round(len(families) * SHARE_OF_RETURNING_FAMILIES)
    candidates = [f for f in families if not f.members and not f.births and not f.deaths and 2 <= f.size <= 5]
    for family in rng.sample(candidates, len(candidates)):
        if len(copies) >= number:
            break
        earlier = [f for f in gone[family.size] if f.left < family.came_in and f.key not in copies and not f.members]
        if not earlier:
            continue
        donor = rng.choice(earlier)
        gone[family.size].remove(donor)
        family.members = donor_members = members_of(donor, seed)
        family.has_mother = False
        copies[family.key] = Copy(donor, {place: place for place in range(len(donor_members))})
    return copies
