"""What a family of the plan is made of: members with sex and year of birth, and the words for who they are to each other.

Years only: days are given later, when a life is written down (`histories`).
"""

from __future__ import annotations

import random
from typing import NamedTuple

from panoh.demo.figures import LAST_YEAR

BAND_AGES = {"0-4": (0, 4), "5-11": (5, 11), "12-17": (12, 17), "18-59": (18, 59), "60+": (60, 88)}
SPOUSE = {"M": "HUS", "F": "WIF"}
CHILD = {"M": "SON", "F": "DAU"}
SIBLING = {"M": "SBM", "F": "SBF"}
PARENT = {"M": "PRM", "F": "PRF"}
NEPHEW = {"M": "NEP", "F": "NCE"}

YOUNGEST_MOTHER, OLDEST_MOTHER = 17, 44
YOUNGEST_FATHER, OLDEST_FATHER = 19, 60

STAYS, SPLITS, DIES = "stays", "splits", "dies"


class Member(NamedTuple):
    """One person of a family. `born` 0: neither age nor year is recorded (headcounts, the stateless register)."""

    relationship: str
    sex: str
    born: int
    nationality: str
    fate: str = STAYS
    band: str = ""


def year_of_birth(band: str, rng: random.Random) -> int:
    """A year that puts its person into the band at the end of the last published year: every birthday has passed by then."""
    low, high = BAND_AGES[band]
    if band == "18-59":  # most who flee are young
        age = low + int((high - low + 1) * rng.random() ** 1.45)
    elif band == "60+":
        age = low + int((high - low + 1) * rng.random() ** 2.2)
    else:
        age = rng.randint(low, high)
    return LAST_YEAR - age


def may_be_mother(woman_born: int, child_born: int) -> bool:
    return YOUNGEST_MOTHER <= child_born - woman_born <= OLDEST_MOTHER


def may_be_father(man_born: int, child_born: int) -> bool:
    return YOUNGEST_FATHER <= child_born - man_born <= OLDEST_FATHER
