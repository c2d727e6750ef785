"""A register with planted duplicates: 8 % of its records are a second record of somebody, 60 % of these in another script.

The second record says the same name in other attested forms (all its parts must have one, so no romaniser has a hand in
it), and then suffers what records suffer: a part dropped, the order swapped, a slip of the finger, a father left out, a
year missing or off by one or two. Persons who were one by chance (same name and father by the attested forms, same year)
are kept once, so that what is not planted is no duplicate. Siblings and other kin are not made here.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

from names.attested import AttestedForms
from names.register import Person, Recombination, write_register

SEED = 20260129
PLANTED = 0.08
ACROSS_SCRIPTS = 0.60
OTHER_SCRIPTS = {"Arab": ("Latn", "Latn", "Cyrl"), "Latn": ("Arab", "Arab", "Cyrl"), "Cyrl": ("Arab", "Latn")}
DROPPED_PART, SWAPPED, SLIP, NO_FATHER, NO_YEAR, OTHER_YEAR = 0.07, 0.12, 0.05, 0.10, 0.12, 0.15
FIRST_OF_JANUARY, MOVED, OTHER_SEX = 0.30, 0.30, 0.02


def make_linkage_register(given: list[Person], size: int, forms: AttestedForms, register: Path, truth: Path) -> None:
    """Write the register in an order that tells nothing, and the true pairs with what was done to each."""
    chance = Random(SEED)
    planted = round(size * PLANTED)
    persons = distinct_persons(given, size - planted, forms)
    pairs = list(planted_pairs(persons, planted, forms, chance))
    records = persons + [double for _, double, _ in pairs]
    chance.shuffle(records)
    numbers = {record.id: str(place) for place, record in enumerate(records)}
    write_register(register, (record._replace(id=numbers[record.id]) for record in records))
    unfinished = truth.with_suffix(".unfinished")
    with open(unfinished, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id_a", "id_b", "direction", "changes"))
        for person, double, changes in pairs:
            writer.writerow(
                (numbers[person.id], numbers[double.id], f"{person.script}>{double.script}", " ".join(changes))
            )
    unfinished.replace(truth)


def distinct_persons(given: list[Person], number: int, forms: AttestedForms) -> list[Person]:
    seen = set()
    persons: list[Person] = []
    new = Recombination(given, SEED).persons(max(int(person.id) for person in given) + 1)

    def candidates() -> Iterator[Person]:
        yield from given
        yield from new

    for person in candidates():
        if len(persons) == number:
            break
        key = (forms.identity(person.full_name), forms.identity(person.father_name), person.birth_year)
        if key not in seen:
            seen.add(key)
            persons.append(person)
    return persons


def planted_pairs(
    persons: list[Person], planted: int, forms: AttestedForms, chance: Random
) -> Iterator[tuple[Person, Person, list[str]]]:
    wanted = Counter(across=round(planted * ACROSS_SCRIPTS))
    wanted["within"] = planted - wanted["across"]
    order = chance.sample(range(len(persons)), len(persons))
    for place in order:
        if not wanted.total():
            return
        person = persons[place]
        across = chance.random() * wanted.total() < wanted["across"]
        double = second_record(person, across, forms, chance)
        if double is not None:
            wanted["across" if across else "within"] -= 1
            yield person, double[0], double[1]
    raise ValueError(f"the register is too small to plant {wanted.total()} more duplicates from attested forms")


def second_record(
    person: Person, across: bool, forms: AttestedForms, chance: Random
) -> tuple[Person, list[str]] | None:
    script = chance.choice(OTHER_SCRIPTS[person.script]) if across else person.script
    parts = forms.written_in(person.full_name, script, chance)
    father = forms.written_in(person.father_name, script, chance)
    if not across:  # what has no other form is written as before
        parts = parts or person.full_name.split()
        father = father or person.father_name.split()
    if parts is None or father is None:
        return None
    changes = []
    if len(parts) > 2 and chance.random() < DROPPED_PART:
        parts.pop(chance.randrange(len(parts)))
        changes.append("dropped")
    if len(parts) > 1 and chance.random() < SWAPPED:
        parts = [parts[-1], *parts[:-1]]
        changes.append("swapped")
    if chance.random() < SLIP:
        parts = slipped(parts, chance)
        changes.append("slip")
    if father and chance.random() < NO_FATHER:
        father = []
        changes.append("no_father")
    born = birth(person, chance, changes)
    return (
        person._replace(
            id=f"double of {person.id}",
            full_name=" ".join(parts),
            script=script,
            father_name=" ".join(father),
            birth_date=born,
            birth_year=born[:4],
            sex={"M": "F", "F": "M"}[person.sex] if chance.random() < OTHER_SEX else person.sex,
            province="" if chance.random() < MOVED else person.province,
        ),
        changes,
    )


def birth(person: Person, chance: Random, changes: list[str]) -> str:
    if not person.birth_year:
        return ""
    drawn = chance.random()
    if drawn < NO_YEAR:
        changes.append("no_year")
        return ""
    if drawn < NO_YEAR + OTHER_YEAR:
        changes.append("other_year")
        return f"{int(person.birth_year) + chance.choice((-2, -1, 1, 2))}-01-01"
    if chance.random() < FIRST_OF_JANUARY:
        return f"{person.birth_year}-01-01"
    return person.birth_date


def slipped(parts: list[str], chance: Random) -> list[str]:
    """One letter left out of, or two changed about in, the longest part."""
    place = max(range(len(parts)), key=lambda number: len(parts[number]))
    word = parts[place]
    at = chance.randrange(1, max(2, len(word) - 1))
    other = (
        word[:at] + word[at + 1 :] if chance.random() < 0.5 else word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
    )
    return [*parts[:place], other, *parts[place + 1 :]]
