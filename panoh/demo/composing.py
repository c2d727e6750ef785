"""Who a family was of which the plan knows only its size, its births and its deaths."""

from __future__ import annotations

import random

from panoh.demo.kinship import CHILD, DIES, PARENT, SIBLING, SPOUSE, STAYS, Member
from panoh.demo.ways import Family

HEADCOUNT = "UNK"


def compose(family: Family, rng: random.Random) -> tuple[Member, ...]:
    """As many members as the family had at first, one for each birth; as many of them die as the plan says."""
    if family.origin == HEADCOUNT:
        return tuple(Member("PA" if place == 0 else "U", "U", 0, HEADCOUNT) for place in range(family.size))
    if family.came in ("identified", "carried_stateless"):
        return _of_unknown_age(family, rng)
    people = _with_mother(family, rng) if family.has_mother else _others(family, rng)
    born_here = [Member(CHILD[sex], sex, year, family.origin) for year in family.births for sex in rng.choice("MF")]
    return (*people, *born_here)


def _of_unknown_age(family: Family, rng: random.Random) -> tuple[Member, ...]:
    sexes = ["F" if rng.random() < 0.68 else "M" for _ in range(family.size)]
    rest = ((CHILD if rng.random() < 0.7 else SIBLING)[sex] for sex in sexes[1:])
    return (
        Member("PA", sexes[0], 0, family.origin),
        *(Member(kin, sex, 0, family.origin) for kin, sex in zip(rest, sexes[1:], strict=True)),
    )


def _with_mother(family: Family, rng: random.Random) -> list[Member]:
    year, origin = family.came_in, family.origin
    mother = year - rng.randint(18, 31 if family.births else 43)
    father = mother - rng.randint(-1, 9)
    people = [Member("PA", "M", min(father, year - 19), origin), Member(SPOUSE["F"], "F", mother, origin)]
    people += _dying(family, people[0].born, rng)
    born = year
    while len(people) < family.size:
        born -= rng.choice((1, 2, 2, 3))
        if born - mother < 17:
            break
        sex = rng.choice("MF")
        people.append(Member(CHILD[sex], sex, born, origin))
    return people + _relatives(people, family, rng)


def _others(family: Family, rng: random.Random) -> list[Member]:
    year, origin = family.came_in, family.origin
    sex = "M" if rng.random() < 0.72 else "F"
    head = year - rng.randint(18, 34) if family.size == 1 or sex == "M" else year - rng.randint(34, 52)
    people = [Member("PA", sex, head, origin), *_dying(family, head, rng)]
    born = year
    while sex == "F" and len(people) < family.size:  # a mother with the children she already had
        born -= rng.choice((1, 2, 2, 3))
        if not born - head >= 17:
            break
        if born - head > 44:
            continue
        child = rng.choice("MF")
        people.append(Member(CHILD[child], child, born, origin))
    return people + _relatives(people, family, rng)


def _dying(family: Family, head_born: int, rng: random.Random) -> list[Member]:
    parents = [
        Member(PARENT[sex], sex, head_born - rng.randint(20, 34), family.origin, DIES) for sex in rng.sample("MF", 2)
    ]
    uncles = [
        Member("UNC" if sex == "M" else "ANT", sex, head_born - rng.randint(12, 30), family.origin, DIES)
        for sex in rng.choices("MF", k=max(0, len(family.deaths) - 2))
    ]
    return (parents + uncles)[: len(family.deaths)]


def _relatives(people: list[Member], family: Family, rng: random.Random) -> list[Member]:
    """Brothers, sisters and an old parent fill the family up to its size."""
    head, found = people[0], []
    kin = {member.relationship for member in people}
    while len(people) + len(found) < family.size:
        sex = rng.choice("MF")
        if PARENT[sex] not in kin and rng.random() < 0.3:
            kin.add(PARENT[sex])
            found.append(Member(PARENT[sex], sex, head.born - rng.randint(19, 34), family.origin, STAYS))
        else:
            born = min(head.born + rng.randint(-9, 12), family.came_in - 2)
            found.append(Member(SIBLING[sex], sex, born, family.origin))
    return found
