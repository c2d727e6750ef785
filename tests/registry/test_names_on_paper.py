"""The forms of a name that nobody gave: kept with rule and confidence, alike in a family, and printed where its own spelling is not."""

from __future__ import annotations

from dataclasses import replace

from panoh.kernel.calendars import BirthDate
from panoh.kernel.names import PersonName
from panoh.papers.content import father_texts, name_texts
from panoh.registry.models import Name
from panoh.registry.operations import correct_person, record_birth, register_household
from panoh.registry.queries import obtain_person
from tests.registry.conftest import settle
from tests.registry.families import five, person


def proposed(one, script):
    return Name.objects.get(person_id=one.pk, role=Name.PROPOSED, script=script)


def a_family(world, clerk):
    """A father who spells himself in Latin, and his daughter, known in Arabic script alone."""
    father = person(name=PersonName("Arab", "محمد نعیم", family="احمدی"))
    father = replace(father, names=(*father.names, PersonName("Latn", "Mohd Naeem", family="Ahmadey")))
    daughter = person(
        name=PersonName("Arab", "زهرا", father="محمد نعیم", family="احمدی"),
        sex="F", relationship="DAU", birth=BirthDate.from_parts("gregorian", 2015, 3, 1),
    )  # fmt: skip
    registration = five(world.offices["panji_poyon"].pk, persons=(father, daughter))
    return register_household(by=clerk, registration=registration)


def test_a_childs_paper_names_the_father_as_he_spells_himself(world, clerk):
    done = a_family(world, clerk)
    father, daughter = done.persons
    latin, cyrillic = proposed(daughter, "Latn"), proposed(daughter, "Cyrl")
    assert (latin.father, latin.family) == ("Mohd Naeem", "Ahmadey")
    assert (cyrillic.father, cyrillic.given) == (proposed(father, "Cyrl").given, "Заҳро")
    assert not Name.objects.filter(person_id=father.pk, role=Name.PROPOSED, script="Latn").exists()
    assert latin.source == "rule" and latin.rule and 0 < latin.confidence < 100

    born = record_birth(
        by=clerk,
        household=done.household,
        child=person(
            name=PersonName("Arab", "علی", father="محمد نعیم"),
            relationship="SON",
            birth=BirthDate.from_parts("gregorian", 2026, 6, 1),
        ),
    )
    assert proposed(born.persons[0], "Latn").father == "Mohd Naeem"
    settle()


def test_papers_print_ones_own_spelling_before_a_proposed_one(world, clerk):
    father, daughter = a_family(world, clerk).persons
    own = name_texts(obtain_person(clerk, father.number))
    assert own["en"] == own["tg"] == own["ru"] == "Mohd Naeem Ahmadey"
    assert own["prs"] == "محمد نعیم احمدی"
    hers = obtain_person(clerk, daughter.number)
    cyrillic = proposed(daughter, "Cyrl").as_person_name().display("given")
    assert name_texts(hers)["tg"] == name_texts(hers)["ru"] == cyrillic
    assert father_texts(hers)["en"] == "Mohd Naeem"


def test_a_corrected_name_is_proposed_anew(world, clerk):
    _father, daughter = a_family(world, clerk).persons
    own = (PersonName("Arab", "زهرا", father="محمد نعیم"), PersonName("Cyrl", "Зоҳро", father="Муҳаммад Наим"))
    correct_person(by=clerk, person=daughter, corrections={"names": own}, evidence="tazkira")
    assert not Name.objects.filter(person_id=daughter.pk, role=Name.PROPOSED, script="Cyrl").exists()
    assert proposed(daughter, "Latn").father == "Mohd Naeem"
    assert name_texts(obtain_person(clerk, daughter.number))["tg"].startswith("Зоҳро")
    settle()
