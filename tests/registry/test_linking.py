"""Linkage of the whole register: one person in two scripts is found, twins and namesakes are not, and it can be broken off."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import connection

from panoh.access.context import acting, acting_as_system
from panoh.kernel.calendars import BirthDate
from panoh.kernel.names import PersonName
from panoh.kernel.problems import Problem
from panoh.ledger.models import Entry
from panoh.ledger.operations import record
from panoh.project.installation import ROOT
from panoh.registry.linking.compared import kept_for
from panoh.registry.linking.explaining import explain_pair
from panoh.registry.linking.running import Linked, link_register
from panoh.registry.models import Person, Suggestion
from panoh.registry.operations import correct_person, judge_duplicate, register_household
from panoh.registry.queries.duplicates import Wanted, list_suggestions
from panoh.registry.reasons import sentences
from tests.registry.conftest import settle
from tests.registry.families import five, person

# Names as unlike as in a register: nobody of these is anybody else.
OTHERS = [
    ("Latn", "Gulnora", "Rahim", "Saidova"), ("Latn", "Farhod", "Nazar", "Qodirov"), ("Latn", "Zarina", "Umed", "Sharifova"),
    ("Arab", "فریدون", "سلیم", "کابلی"), ("Arab", "پروانه", "داود", "هروی"), ("Arab", "بهرام", "یعقوب", "تاجیک"),
    ("Cyrl", "Парвиз", "Сорбон", "Мирзоев"), ("Cyrl", "Манижа", "Фирӯз", "Давлатова"), ("Cyrl", "Ҷамшед", "Зафар", "Норов"),
]  # fmt: skip
ZULAIKHA = PersonName("Arab", "زلیخا", father="نورالدین", family="بدخشی")
IN_CYRILLIC = PersonName("Cyrl", "Зулайхо", father="Нуриддин", family="Бадахшӣ")
IN_LATIN = PersonName("Latn", "Zulaikho", father="Nooruddin", family="Badakhshi")


def register(world, *people, role: str = "registration_clerk", office: str = "panji_poyon") -> list[Person]:
    with acting(world.actor(role)) as actor:
        done = register_household(by=actor, registration=five(world.offices[office].pk, persons=people))
        settle()
    return list(done.persons)


def one(name: PersonName, year: int = 1980, **more):
    return person(name=name, birth=BirthDate.from_parts("gregorian", year), **{"sex": "F", **more})


@pytest.fixture(autouse=True)
def state_of_its_own(settings, tmp_path):
    settings.STATE_DIRECTORY = tmp_path


@pytest.fixture
def others(world) -> None:
    """One large household, so that the names of a few others are there at little cost."""
    names = [PersonName(script, given, father=father, family=family) for script, given, father, family in OTHERS]
    register(
        world,
        *(one(name, 1960 + 5 * n, relationship="ILF" if n else "PA") for n, name in enumerate(names)),
    )


@pytest.fixture
def zulaikha(world, others) -> Person:
    return register(world, one(ZULAIKHA))[0]


@pytest.fixture
def planted(world, zulaikha) -> set[Person]:
    """One woman in Arabic and in Cyrillic letters, one year apart, at two offices."""
    return {zulaikha, register(world, one(IN_CYRILLIC, 1981))[0]}


def link(world, **more) -> Linked:
    return link_register(by=world.actor("register_officer"), say=quiet, **more)


def quiet(text: str) -> None:
    """Progress is for who waits for it."""


def kept(world) -> list[Suggestion]:
    """The pairs that a linkage kept, by their reasons: registration leaves suggestions too."""
    with world.as_role("register_officer") as officer:
        found = list_suggestions(officer, Wanted(state=None), limit=50)
    return [one for one in found if any(code == "names_for" for code, _ in one.reasons)]


def pairs(world) -> list[set[Person]]:
    return [{one.person_a, one.person_b} for one in kept(world)]


# -- who is found -----------------------------------------------------------------------------------------------------


def test_one_person_in_two_scripts_is_found_and_nobody_else(world, planted):
    done = link(world)
    assert (done.persons, done.compared, done.pairs) == (11, 11, 1)
    assert pairs(world) == [planted]


def test_the_suggestion_says_what_weighs(world, planted):
    link(world)
    (pair,) = kept(world)
    told = sentences([(code, params) for code, params in pair.reasons])
    assert any(line.startswith("the names:") and "times likelier" in line for line in told), told
    assert any(line.startswith("the father’s name:") and "times likelier" in line for line in told), told


@pytest.mark.parametrize(
    "people",
    [
        (one(PersonName("Latn", "Zulaikha", father="Shamsullah", family="Wardaki"), 1980),),
        (one(PersonName("Cyrl", "Маҳбуба", father="Нуриддин", family="Бадахшӣ"), 1983),),
        (one(PersonName("Cyrl", "Зулайхо", father="Нуриддин", family="Бадахшӣ"), 1951),),
        (one(PersonName("Latn", "Zulaikha", father="Daud", family="Badakhshi"), 1986),),
    ],
    ids=["namesake", "sister", "grandmother", "cousin"],
)
def test_who_shares_some_of_it_is_another_person(world, zulaikha, people):
    register(world, *people)
    assert link(world).pairs == 0


def test_twins_are_two_in_one_household_and_in_two(world, others):
    """Both were seen by who registered them; and after a marriage they are still two."""
    born = {"sex": "M", "birth": BirthDate.from_parts("gregorian", 1998, 4, 3)}
    hasan = PersonName("Cyrl", "Ҳасан", father="Кенҷа", family="Ятимов")
    husain = PersonName("Cyrl", "Ҳусейн", father="Кенҷа", family="Ятимов")
    register(world, person(name=hasan, **born), person(name=husain, relationship="SBM", **born))
    assert link(world).pairs == 0
    register(world, person(name=PersonName("Latn", "Husain", father="Kenja", family="Yatimov"), **born))
    link(world)
    with world.as_role("register_officer"):
        (pair,) = pairs(world)
        assert {name.given for one in pair for name in one.names.filter(is_primary=True)} == {"Ҳусейн", "Husain"}


def test_two_of_one_household_are_never_a_pair(world, others):
    register(world, one(ZULAIKHA), one(IN_CYRILLIC, 1981, relationship="SBF"))
    assert link(world).pairs == 0


def test_any_form_of_a_name_may_be_the_one_that_fits(world, zulaikha):
    """Her own spelling in Latin letters stands beside the old one, and fits neither word for word."""
    maiden = PersonName("Latn", "Shirin", father="Nooruddin", family="Kulobi")
    again = register(world, person(name=maiden, sex="F", birth=BirthDate.from_parts("gregorian", 1980)))[0]
    assert link(world).pairs == 0
    with world.as_role("registration_clerk") as clerk:
        correct_person(by=clerk, person=again, corrections={"names": (IN_LATIN,)}, evidence="passport")
        settle()
    assert link(world).pairs == 1
    assert pairs(world) == [{zulaikha, again}]


# -- what is compared, and what is not compared again -----------------------------------------------------------------


def test_the_next_linkage_compares_only_who_is_new_or_changed(world, planted):
    link(world)
    again = link(world)
    assert (again.compared, again.pairs) == (0, 0)
    new = register(world, one(IN_LATIN))[0]
    more = link(world)
    assert (more.compared, more.pairs, more.suggested.unchanged) == (1, 2, 0)
    assert sorted(map(len, pairs(world))) == [2, 2, 2]
    assert sum(new in pair for pair in pairs(world)) == 2


def test_all_are_compared_again_where_that_is_asked_for_and_where_less_likely_pairs_are_wanted(world, planted):
    link(world)
    assert link(world, afresh=True).compared == 11
    assert link(world, least=0.9).compared == 0
    assert link(world, least=0.01).compared == 11


def test_only_pairs_with_somebody_new_where_a_day_is_told(world, planted):
    with world.as_role("register_officer"):
        day = Person.objects.latest("household__registered_on").household.registered_on
    assert link(world, since=day + timedelta(days=1)).pairs == 0
    assert link(world, since=day).pairs == 1


def test_a_preview_keeps_nothing(world, planted):
    before = Entry.objects.count()
    done = link(world, preview=True)
    assert (done.pairs, pairs(world), Entry.objects.count()) == (1, [], before)
    assert sum(done.bands.values()) == 1
    assert link(world).compared == 11, "and the next one begins at the beginning"


def test_what_was_judged_is_not_suggested_again(world, planted):
    left, right = planted
    with world.as_role("register_officer") as officer:
        judge_duplicate(by=officer, person=left, other=right, verdict="different")
        settle()
    link(world)
    with world.as_role("register_officer") as officer:
        assert list_suggestions(officer, Wanted(state="open"), limit=50) == []
        assert {one.state for one in Suggestion.objects.all()} <= {"judged"}
    before = Entry.objects.count()
    register(world, one(PersonName("Latn", "Zulaikha", father="Shamsullah", family="Wardaki"), 1995))
    assert link(world, afresh=True).suggested.unchanged == 1, "its weight is another one, but it is no news"
    assert Entry.objects.count() == before + 1, "the registration's own"


def test_two_linkages_at_once_are_refused(world, planted):
    with kept_for(world.actor("register_officer").member_id), pytest.raises(Problem, match="under_way"):
        link(world)


# -- killed -----------------------------------------------------------------------------------------------------------

A_PROCESS_OF_ITS_OWN = """
import os, signal, sys
import django
django.setup()
from django.conf import settings
from tests.conftest import use_database
use_database(sys.argv[1])
settings.STATE_DIRECTORY = sys.argv[2]
from panoh.access.models import Member
from panoh.access.queries import actor_for
from panoh.identity.linkage import candidates
from panoh.registry.linking import running
from panoh.registry.linking.compared import Compared
candidates.PEOPLE_AT_ONCE = running.BLOCK = 5

def die(*_given, **_more):
    os.kill(os.getpid(), signal.SIGKILL)

kept, kept_before = 0, Compared.keep
def keep(compared):
    global kept
    kept += 1
    if sys.argv[3] == "before the mark" and kept == 3:
        die()
    kept_before(compared)
    if sys.argv[3] == "after the mark" and kept == 3:
        die()
Compared.keep = keep
if sys.argv[3] == "before anything is suggested":
    running.suggest_pairs = die
member = Member.objects.select_related("account", "organisation", "office").get(account__username="register_officer")
done = running.link_register(by=actor_for(member), say=lambda _text: None)
print(done.compared, done.pairs, done.suggested.made + done.suggested.renewed, done.suggested.unchanged)
"""


def linked_in_a_process(tmp_path, dies: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", A_PROCESS_OF_ITS_OWN, connection.settings_dict["NAME"], str(tmp_path), dies],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("dies", "left"), [("before anything is suggested", 6), ("before the mark", 6), ("after the mark", 1)]
)
def test_killed_it_goes_on_where_it_was(world, planted, tmp_path, dies, left):
    """kill -9. Eleven names in blocks of five: two marks and a third are made when the process dies, or none."""
    killed = linked_in_a_process(tmp_path, dies)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    again = linked_in_a_process(tmp_path, "never")
    assert again.returncode == 0, again.stderr
    compared, _found, _new, _known = map(int, again.stdout.split())
    assert compared == left
    assert pairs(world) == [planted]
    assert linked_in_a_process(tmp_path, "never").stdout.split()[:2] == ["0", "0"]


# -- who may, and whose records ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["registration_clerk", "registration_supervisor", "auditor"])
def test_only_a_register_officer_links(world, planted, role):
    with pytest.raises(Problem, match=r"access\.verb\.refused"):
        link_register(by=world.actor(role), say=quiet)


def test_a_sealed_file_is_not_compared(world, planted, seal):
    seal(next(iter(planted)))
    assert link(world).pairs == 0


@pytest.fixture
def seal():
    def sealed(someone: Person) -> None:
        with acting_as_system("sealing a file in a test", records=["test.sealed"]):
            record(
                by=None, kind="test.sealed", subjects=[someone.household_id], payload={}, occurred_on=someone.arrived_on
            )
            someone.household.sensitivity = 1
            someone.household.save()

    return sealed


def test_each_batch_of_pairs_has_one_entry_in_the_name_of_who_linked(world, planted):
    link(world)
    entry = Entry.objects.filter(kind="registry.duplicate.suggested").latest("recorded_at")
    assert entry.actor_id == world.actor("register_officer").member_id
    (pair,) = kept(world)
    assert pair.pk in entry.subjects


# -- one pair in words ------------------------------------------------------------------------------------------------


def test_one_pair_is_explained_as_it_was_weighed(world, planted):
    link(world)
    (pair,) = kept(world)
    with world.as_role("register_officer") as officer:
        told = explain_pair(officer, pair.person_a.number, pair.person_b.number)
    assert {told.name, told.other_name} == {ZULAIKHA.display("full"), IN_CYRILLIC.display("full")}
    known = [bits for bits in told.bits.values() if bits == bits]
    assert told.before + sum(known) == pytest.approx(_logit(told.chance), abs=0.01)


def test_a_hidden_record_is_not_explained(world, planted, seal):
    left, right = planted
    seal(left)
    with world.as_role("register_officer") as officer, pytest.raises(Problem, match="not_found"):
        explain_pair(officer, left.number, right.number)


def _logit(chance: float) -> float:
    return math.log2(chance / (1 - chance))
