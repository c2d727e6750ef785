"""Cells become families: every person of a cell (sex, age band) is dealt into exactly one plausible family of its place.

The cells are met exactly because people are only dealt, never made. What is chosen here is who lives with whom:
couples of like age, children with a mother who could have borne them, grown children, brothers and sisters,
old parents, people alone. Where a cell leaves children without an adult, brothers and sisters live as a family of their own
(the specific-needs codes SC-UC and SC-CH then stand on their file), since no adult may be invented.
"""

from __future__ import annotations

import random
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from panoh.demo.kinship import (
    CHILD,
    DIES,
    NEPHEW,
    PARENT,
    SIBLING,
    SPLITS,
    SPOUSE,
    Member,
    may_be_father,
    may_be_mother,
    year_of_birth,
)

CHILD_BANDS = ("0-4", "5-11", "12-17")
ADULT_BANDS = ("18-59", "60+")


@dataclass(slots=True)
class Draft:
    """A family in the making: head, spouse, and who else has been dealt to it."""

    head: tuple[str, int]
    spouse: tuple[str, int] | None = None
    others: list[Member] = field(default_factory=list)
    children: int = 0

    def mother_born(self) -> int | None:
        if self.head[0] == "F":
            return self.head[1]
        return self.spouse[1] if self.spouse else None

    def father_born(self) -> int | None:
        return self.head[1] if self.head[0] == "M" else None

    def may_have(self, born: int) -> bool:
        mother, father = self.mother_born(), self.father_born()
        if mother is not None and not may_be_mother(mother, born):
            return False
        if father is not None and not may_be_father(father, born):
            return False
        return sum(1 for other in self.others if other.relationship in ("SON", "DAU") and other.born == born) < 1

    def members(self, nationality: str) -> tuple[Member, ...]:
        people = [Member("PA", self.head[0], self.head[1], nationality)]
        if self.spouse:
            people.append(Member(SPOUSE[self.spouse[0]], self.spouse[0], self.spouse[1], nationality))
        return tuple(people + sorted(self.others, key=lambda member: member.born))


def fit_families(
    counts: dict[tuple[str, str], int], nationality: str, mean_size: float, rng: random.Random
) -> list[tuple[Member, ...]]:
    """Families that use up `counts` (sex, age band → persons) to the last person."""
    children = [
        (sex, year_of_birth(band, rng)) for (sex, band), n in counts.items() if band in CHILD_BANDS for _ in range(n)
    ]
    adults = [
        (sex, year_of_birth(band, rng)) for (sex, band), n in counts.items() if band in ADULT_BANDS for _ in range(n)
    ]
    unknown = [sex for (sex, band), n in counts.items() if band == "unknown" for _ in range(n)]
    if unknown:
        return _families_without_ages(unknown, nationality, rng)
    rng.shuffle(children)
    rng.shuffle(adults)
    if not adults:
        return _children_alone(children, nationality, rng)
    wanted = max(1, round((len(children) + len(adults)) / mean_size * 0.8))
    drafts, rest = _heads_and_couples(adults, wanted, rng)
    _deal_children(children, drafts, nationality, rng)
    drafts += _deal_adults(rest, drafts, nationality, rng)
    return [draft.members(nationality) for draft in drafts]


def _heads_and_couples(
    adults: list[tuple[str, int]], wanted: int, rng: random.Random
) -> tuple[list[Draft], list[tuple[str, int]]]:
    men = sorted((a for a in adults if a[0] == "M"), key=lambda a: a[1])
    women = sorted((a for a in adults if a[0] == "F"), key=lambda a: a[1])
    # Heads are rarely the very young: leave the youngest fifth of the men to be sons and brothers.
    eligible_men = men[: max(1, len(men) * 4 // 5)] if men else []
    heads_male = rng.sample(eligible_men, min(len(eligible_men), round(wanted * 0.76) or 1))
    heads_female_wanted = max(wanted - len(heads_male), 0)
    eligible_women = women[: max(1, len(women) * 4 // 5)] if women else []
    heads_female = rng.sample(eligible_women, min(len(eligible_women), heads_female_wanted))
    left_men, left_women = _without(men, heads_male), _without(women, heads_female)
    wives = rng.sample(left_women, min(len(left_women), round(len(heads_male) * 0.84)))
    husbands = rng.sample(heads_male, len(wives))
    drafts: list[Draft] = []
    married: list[tuple[str, int]] = []
    paired_men: list[tuple[str, int]] = []
    ordered_husbands = sorted(husbands, key=lambda a: a[1] + rng.gauss(0, 3))
    ordered_wives = sorted(wives, key=lambda a: a[1] + rng.gauss(0, 3))
    for husband, wife in zip(ordered_husbands, ordered_wives, strict=True):
        if -12 <= husband[1] - wife[1] <= 8:
            drafts.append(Draft(husband, wife))
            married.append(wife)
            paired_men.append(husband)
    drafts += [Draft(head) for head in _without(heads_male, paired_men) + heads_female]
    return drafts, left_men + _without(left_women, married)


def _without(people: list[tuple[str, int]], taken: list[tuple[str, int]]) -> list[tuple[str, int]]:
    counts: dict[tuple[str, int], int] = {}
    for person in taken:
        counts[person] = counts.get(person, 0) + 1
    rest = []
    for person in people:
        if counts.get(person, 0):
            counts[person] -= 1
        else:
            rest.append(person)
    return rest


def _deal_children(children: list[tuple[str, int]], drafts: list[Draft], nationality: str, rng: random.Random) -> None:
    """Each child to a couple or a mother first, to a father alone next, and else to an uncle or aunt."""
    with_mother = sorted((d for d in drafts if d.mother_born()), key=lambda d: d.mother_born())
    years = [d.mother_born() for d in with_mother]
    fathers = [d for d in drafts if d.mother_born() is None]
    for sex, born in children:
        found = _find_parent(born, with_mother[bisect_left(years, born - 41) : bisect_right(years, born - 18)], rng)
        if found is None:
            found = next((d for d in _shuffled(fathers, rng, 30) if d.may_have(born) and d.children < 6), None)
        if found is not None:
            found.others.append(Member(CHILD[sex], sex, born, nationality))
            found.children += 1
            continue
        guardian = min(_shuffled(drafts, rng, 8), key=lambda d: (d.head[1] > born - 16, len(d.others)))
        relationship = NEPHEW[sex] if guardian.head[1] <= born - 16 else SIBLING[sex]
        guardian.others.append(Member(relationship, sex, born, nationality))


def _find_parent(born: int, drafts: list[Draft], rng: random.Random) -> Draft | None:
    """Families with few children are favoured, so that no family has ten while its neighbour has none."""
    best: Draft | None = None
    for _ in range(min(14, 3 * len(drafts))):
        draft = drafts[rng.randrange(len(drafts))]
        if draft.children < 8 and draft.may_have(born):
            if draft.children < 2 or rng.random() < 0.5:
                return draft
            if best is None or draft.children < best.children:
                best = draft
    if best is None:
        best = next((draft for draft in drafts if draft.may_have(born) and draft.children < 9), None)
    return best


def _shuffled(drafts: list[Draft], rng: random.Random, most: int) -> list[Draft]:
    return rng.sample(drafts, min(most, len(drafts)))


def _deal_adults(
    adults: list[tuple[str, int]], drafts: list[Draft], nationality: str, rng: random.Random
) -> list[Draft]:
    """Grown children, brothers and sisters, old parents; who fits nowhere lives alone."""
    alone: list[Draft] = []
    for sex, born in adults:
        choice = rng.random()
        candidates = _shuffled(drafts, rng, 10)
        if choice < 0.70:
            parent = next((d for d in candidates if d.may_have(born)), None)
            if parent is not None:
                fate = SPLITS if sex == "M" and rng.random() < 0.3 and 1995 <= born <= 2004 else "stays"
                parent.others.append(Member(CHILD[sex], sex, born, nationality, fate))
                continue
        if choice < 0.88:
            child = next((d for d in candidates if _may_have_parent(d, sex, born)), None)
            if child is not None:
                child.others.append(Member(PARENT[sex], sex, born, nationality))
                continue
            sibling = next((d for d in candidates if abs(d.head[1] - born) <= 12 and _siblings(d) < 2), None)
            if sibling is not None and choice < 0.84:
                sibling.others.append(Member(SIBLING[sex], sex, born, nationality))
                continue
        alone.append(Draft((sex, born)))
    return alone


def _may_have_parent(draft: Draft, sex: str, born: int) -> bool:
    fits = may_be_mother(born, draft.head[1]) if sex == "F" else may_be_father(born, draft.head[1])
    return fits and not any(other.relationship == PARENT[sex] for other in draft.others)


def _siblings(draft: Draft) -> int:
    return sum(1 for other in draft.others if other.relationship in ("SBM", "SBF"))


def _children_alone(children: list[tuple[str, int]], nationality: str, rng: random.Random) -> list[tuple[Member, ...]]:
    families = []
    remaining = sorted(children, key=lambda child: child[1])
    position = 0
    while position < len(remaining):
        size = rng.randint(3, 5)
        head, *others = remaining[position : position + size]
        position += size
        families.append(
            (
                Member("PA", head[0], head[1], nationality),
                *(Member(SIBLING[sex], sex, born, nationality) for sex, born in others),
            )
        )
    return families


def _families_without_ages(sexes: list[str], nationality: str, rng: random.Random) -> list[tuple[Member, ...]]:
    """People of whom no age is recorded: mostly alone (the stateless register), headcounts in groups of a family's size."""
    rng.shuffle(sexes)
    families: list[tuple[Member, ...]] = []
    position = 0
    while position < len(sexes):
        headcount = sexes[position] == "U"
        size = rng.choice((2, 3, 4, 4, 5, 6, 7)) if headcount else rng.choice((1, 1, 1, 1, 2, 2, 3))
        group = sexes[position : position + size]
        position += size
        families.append(
            (
                Member("PA", group[0], 0, nationality),
                *(Member(_kin_of_unknown_age(sex, rng), sex, 0, nationality) for sex in group[1:]),
            )
        )
    return families


def _kin_of_unknown_age(sex: str, rng: random.Random) -> str:
    """A relationship that says nothing about age, for nothing is known of it."""
    if sex == "U":
        return "U"
    return CHILD[sex] if rng.random() < 0.7 else SIBLING[sex]


def with_a_death(members: tuple[Member, ...], rng: random.Random) -> tuple[Member, ...]:
    """The same family with an old parent who came with it and died in the country of asylum."""
    head = members[0]
    sex = rng.choice("MF")
    if head.born == 0 or any(member.relationship == PARENT[sex] for member in members):
        return members
    return (*members, Member(PARENT[sex], sex, head.born - rng.randint(21, 34), head.nationality, DIES))
