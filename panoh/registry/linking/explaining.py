"""What weighs for and against two records being one person, without reading the whole register: how common a name is
is asked of the index of names, and what the register is like of the last linkage."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from panoh.access.actor import Actor
from panoh.identity.linkage.candidates import weigh_pairs
from panoh.identity.linkage.habits import missing_in_any_two, usual_habits
from panoh.identity.linkage.nearness import RAREST, nearness
from panoh.identity.linkage.people import arranged
from panoh.identity.linkage.weighing import parts_of, prior_bits, twins_speak, weigh
from panoh.registry.linking.compared import read_habits
from panoh.registry.linking.engine import engine_in_use
from panoh.registry.linking.reading import record_of
from panoh.registry.models import Name
from panoh.registry.queries.files import obtain_person
from panoh.registry.queries.vocabulary import current_vocabulary, near_words


@dataclass(frozen=True, slots=True)
class Weighed:
    """The two forms that fit best, the probability, what two records of the register have before anything is compared, and
    what each kind of evidence adds, in bits."""

    name: str
    other_name: str
    persons: int
    one_household: bool
    chance: float
    before: float
    missing: float
    bits: dict[str, float]


def explain_pair(by: Actor, number: str, other: str) -> Weighed:
    """Inside `acting(by)`: both records are opened, and the readings kept."""
    left, right = obtain_person(by, number), obtain_person(by, other)
    forms, records = [], []
    for side, person in enumerate((left, right)):
        for name in person.names.all():
            if name.role != Name.PROPOSED:
                told = (person.birth_earliest, person.birth_latest, person.sex, person.origin_place)
                records.append(record_of(str(len(forms)), name.as_person_name(), *told))
                forms.append((side, name.as_person_name().display("full")))
    people = arranged(records)
    vocabulary = current_vocabulary()
    near, persons = near_words(people.words, vocabulary), vocabulary.persons
    common = np.array([near[word].common for word in people.words])
    table = nearness(people.words, people.bearers(), np.maximum(common, RAREST))
    place = {int(form): row for row, form in enumerate(people.ids)}
    sides = [[place[form] for form, (side, _) in enumerate(forms) if side == one] for one in (0, 1)]
    pairs = np.array(list(product(*sides)), np.int32)
    found = weigh_pairs(people, table, pairs[:, 0], pairs[:, 1])
    habits = read_habits(by.member_id) or usual_habits(persons, missing_in_any_two(people))
    twins = twins_speak(found)
    weights = weigh(found, habits, engine_in_use()) + np.nan_to_num(twins)
    best = int(weights.argmax())
    a, b = (forms[int(people.ids[row])] for row in pairs[best])
    parts = parts_of(found.only(np.array([best])), habits) | {"twins": twins[[best]]}
    return Weighed(
        a[1], b[1], persons, left.household_id == right.household_id, float(1 / (1 + np.exp2(-weights[best]))),
        prior_bits(habits), float(parts.pop("missing")[0]), {name: float(bits[0]) for name, bits in parts.items()},
    )  # fmt: skip
