"""Pages of daily work ask the database a bounded number of times, however large the family, its history and its papers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from panoh.kernel.calendars import BirthDate
from panoh.kernel.names import PersonName
from panoh.registry.operations import register_household
from panoh.registry.registration import NeedEntry, PaperEntry
from tests.procedures.stories import Story
from tests.registry.families import five, person
from tests.signing_in import client_of

#: At most so many statements, the transaction's own (BEGIN, context, COMMIT) among them. The person's page asks once each for
#: her cases, their clocks, her papers and the entries about her, as the household's does.
MOST = {"person": 20, "household": 26, "case": 26, "work": 12, "search": 17, "duplicates": 18}


def member(number: int, *, rich: bool):
    """The principal applicant, or a child; a rich one has many names, papers and needs."""
    given = f"Nasim{'abcdefghijklmnop'[number]}"
    more = {}
    if rich:
        more = {
            "aliases": tuple(PersonName("Latn", f"{given}{end}", family="Karimi") for end in ("jon", "khan", "bek")),
            "papers": tuple(PaperEntry("PASSPORT", f"P{number:03d}{n}77", "AFG") for n in range(4)),
            "needs": (NeedEntry("ER-NF"), NeedEntry("SM-CI"), NeedEntry("CR-NE")),
        }
    return person(
        name=PersonName("Latn", given, father="Karim", family="Ahmadi"),
        relationship="SON" if number else "PA",
        birth=BirthDate.from_parts("gregorian", 2008 + number % 3 if number else 1970, 4, 1),
        **more,
    )


def make_story(world, members: int, *, rich: bool) -> Story:
    story = Story(world)
    with story.acting("registration_clerk") as clerk:
        persons = tuple(member(number, rich=rich) for number in range(members))
        office = world.offices["panji_poyon"].pk
        done = register_household(by=clerk, registration=five(office, persons=persons))
    story.household, story.persons = done.household, list(done.persons)
    today = story.today()
    story.open("asylum", "government", "registration_clerk", on=today - timedelta(days=40), lodged_at="border_post")
    story.take("register", "eligibility_officer", on=today - timedelta(days=38))
    if rich:
        for ago in range(30, 18, -1):
            story.take("add_evidence", "eligibility_officer", on=today - timedelta(days=ago))
        for ago in (17, 16, 15):
            story.take("notify_authority", "registration_supervisor", on=today - timedelta(days=ago))
        for action, ago in (("interview", 14), ("record_assessment", 9), ("refer_to_commission", 8)):
            story.take(action, "eligibility_officer", on=today - timedelta(days=ago))
        story.convene()
    return story


def statements(client, address: str) -> list[str]:
    client.get(address)  # what is read once for each process is read
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    assert answer.status_code == 200, address
    return [query["sql"] for query in captured]


@pytest.fixture
def operation(world):
    """One small file and one large: two persons and two acts; twelve persons, papers, needs, seventeen acts, a sitting."""
    return make_story(world, 2, rich=False), make_story(world, 12, rich=True)


def test_pages_of_a_file_ask_no_more_for_a_large_family_than_for_a_small_one(operation, world):
    small, large = operation
    reader = client_of(world.members["protection_officer"])
    for page, address in {
        "person": lambda story: f"/persons/{story.persons[0].number}",
        "household": lambda story: f"/households/{story.household.number}",
        "case": lambda story: f"/cases/{story.case.number}",
    }.items():
        few, many = statements(reader, address(small)), statements(reader, address(large))
        # A file that has something of a kind may ask about it once more: the sitting and its place, the papers' names.
        assert len(many) <= len(few) + 3, (page, [sql[:160] for sql in many if sql[:60] not in {s[:60] for s in few}])
        assert len(many) <= MOST[page], (page, len(many))


def test_pages_over_many_files_ask_no_more_for_many_than_for_few(world):
    for _ in range(2):  # two alike: there is a pair to judge, and more than one hit
        make_story(world, 2, rich=False)
    officer = client_of(world.members["eligibility_officer"])
    reader = client_of(world.members["protection_officer"])
    addresses = {
        "work": (officer, "/work"),
        "search": (reader, "/search?q=Nasima+Ahmadi"),
        "duplicates": (client_of(world.members["register_officer"]), "/duplicates"),
    }
    few = {page: len(statements(*where)) for page, where in addresses.items()}
    for _ in range(4):
        make_story(world, 3, rich=False)
    for page, where in addresses.items():
        many = statements(*where)
        assert len(many) <= few[page] + 1, (page, few[page], [sql[:160] for sql in many])
        assert len(many) <= MOST[page], (page, len(many))
