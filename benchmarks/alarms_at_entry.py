"""How often a clerk is warned at entry: of families that are new, and of people whom another organisation has registered.

    PANOH_STATE=/tmp/large bin/demo --persons 100000 --no-serve
    PANOH_STATE=/tmp/large .panoh/venv/bin/python benchmarks/alarms_at_entry.py [--families 100] [--seed 1]

New families are recombined from attested name parts, so namesakes among them are as frequent as among people. The people
who are registered already are the records of likely pairs of the register (`registry_suggestion`), asked for as their
other record tells them; only pairs whose other file the clerk may not see are counted, for of those she learns least.
Limits: at most 10 of 100 new families are warned; at least 90 of 100 pairs are found.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]
os.environ["PANOH_MODE"] = "demo"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "panoh.project.settings")

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.utils import timezone  # noqa: E402
from made_families import Attested, as_registration, family  # noqa: E402
from registration import find_or_make_clerk  # noqa: E402

from panoh.access.context import acting, acting_as_system  # noqa: E402
from panoh.access.queries import actor_for  # noqa: E402
from panoh.kernel.births import BirthDate  # noqa: E402
from panoh.project import database  # noqa: E402
from panoh.project.migrating import migrate  # noqa: E402
from panoh.registry.models import Name, Person, Suggestion  # noqa: E402
from panoh.registry.queries import persons_visible_to  # noqa: E402
from panoh.registry.queries.candidates import find_candidates, find_candidates_of  # noqa: E402
from panoh.registry.registration import PersonEntry  # noqa: E402

SURE_PAIR = 0.97
MOST_WARNED, LEAST_FOUND = 0.10, 0.90


def entry_of(person: Person) -> PersonEntry:
    """What its family would tell again: names, sex and birth, no papers."""
    names = tuple(name.as_person_name() for name in person.names.all() if name.role == Name.OWN)
    birth = BirthDate(
        person.birth_earliest,
        person.birth_latest,
        person.birth_precision,
        person.birth_calendar,
        person.birth_estimated,
    )
    return PersonEntry(names=names, sex=person.sex, birth=birth, relationship="PA", nationality=person.nationality)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--families", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    chance, names = random.Random(arguments.seed), Attested()
    lease = database.obtain_lease(settings.DATABASE_TARGET)
    try:
        migrate(quiet=True)
        clerk = find_or_make_clerk()
        with acting_as_system("pairs to ask for in a measurement"):
            likely = Suggestion.objects.filter(score__gte=SURE_PAIR).values_list("person_a_id", "person_b_id")
            people = Person.objects.prefetch_related("names").in_bulk({one for pair in likely for one in pair})
            print(f"{Person.objects.count():,} persons in the register; {len(likely)} likely pairs")
        warned = hidden = found = asked = 0
        for _ in range(arguments.families):
            registration = as_registration(family(chance, names), clerk.office_id, timezone.localdate())
            with acting(actor_for(clerk)) as actor:
                candidates = find_candidates(actor, registration)
            warned += bool(candidates)
            hidden += any(one.is_hidden for one in candidates)
        for known, told in likely:
            with acting(actor_for(clerk)) as actor:
                if persons_visible_to(actor).filter(pk=known).exists():
                    continue
                numbers = {one.number for one in find_candidates_of(actor, (entry_of(people[told]),))}
            asked += 1
            found += people[known].number in numbers
    finally:
        if lease is not None:
            lease.give_back()
    print(f"{warned} of {arguments.families} new families warned, {hidden} of them by files out of sight")
    print(f"{found} of {asked} people found whose file is out of sight")
    checks = {
        f"warned {warned / arguments.families:.0%} (at most {MOST_WARNED:.0%})": warned / arguments.families
        <= MOST_WARNED,
        f"found {found / max(asked, 1):.0%} (at least {LEAST_FOUND:.0%})": found / max(asked, 1) >= LEAST_FOUND,
    }
    for line, kept in checks.items():
        print(f"{'kept    ' if kept else 'NOT KEPT'} {line}")
    return 0 if all(checks.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
