"""Who is a newcomer: half of the persons asked for are taken out of the register, so their questions are about nobody.

Questions about persons in and out of the register are then alike in all but the answer; made-up newcomers could give
themselves away. Which half is settled by the seed. A newcomer is left out of the measure where the register keeps
another record of the same name and father, by the attested forms, in any script, whose year is the same or unknown:
to ask about such a person is no false alarm but a true one about her double.
"""

from __future__ import annotations

import csv
from pathlib import Path
from random import Random

from names.attested import AttestedForms
from panoh.identity.measure import Question

SEED = 20260128


def split_questions(
    questions: list[Question], register: Path, forms: AttestedForms
) -> tuple[list[Question], list[Question], int]:
    """Those about persons who stay, those about newcomers, and how many newcomers had a double and were left out."""
    persons = sorted({question.person for question in questions}, key=int)
    Random(SEED).shuffle(persons)
    leaving = set(persons[: len(persons) // 2])
    known = [question for question in questions if question.person not in leaving]
    doubled = persons_with_a_double(leaving, register, forms)
    newcomers = [question for question in questions if question.person in leaving and question.person not in doubled]
    return known, newcomers, len(doubled)


def persons_with_a_double(leaving: set[str], register: Path, forms: AttestedForms) -> set[str]:
    records: dict[tuple[tuple[object, ...], tuple[object, ...]], list[tuple[str, str]]] = {}
    with open(register, newline="") as file:
        for row in csv.DictReader(file):
            if row["id"] in leaving:
                key = forms.identity(row["full_name"]), forms.identity(row["father_name"])
                records.setdefault(key, []).append((row["id"], row["birth_year"]))
    doubled = set()
    with open(register, newline="") as file:
        for row in csv.DictReader(file):
            if row["id"] in leaving:
                continue
            key = forms.identity(row["full_name"]), forms.identity(row["father_name"])
            for person, year in records.get(key, ()):
                if year == row["birth_year"] or not year or not row["birth_year"]:
                    doubled.add(person)
    return doubled
