"""The pages of moving cases, of corrections of law and of referrals in My work, in a browser: accessible, narrow, in both directions."""

from __future__ import annotations

import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from panoh import rulebook
from panoh.procedures.policy import declare_procedures
from panoh.procedures.queries.cases import procedure_of
from tests.browser import faults_of, follow
from tests.procedures.stories import Story
from tests.procedures.test_moves import CARD, TOWN, amend, ask, lend
from tests.referrals.conftest import agreed_family, send
from tests.signing_in import client_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases="__all__")]


@pytest.fixture
def amended(committed_world, tmp_path):
    """Two cards under way when the amended rules come into force: one asked for, one with books at home."""
    story = Story(committed_world)
    story.register()
    folder = Path(shutil.copytree(rulebook.current().directory, tmp_path / "town"))
    shutil.copy(TOWN / CARD, folder / "procedures")
    with rulebook.using(rulebook.load(folder)) as book:
        declare_procedures(book)
        ask(story, ago=10)
        lend(story, ago=5)
        story.persons = story.persons[1:]
        ask(story, ago=3)
    with rulebook.using(amend(folder)):
        yield story


def visiting(visit, story: Story, role: str, address: str, language: str = "en"):
    cookies = {"sessionid": client_of(story.world.members[role]).cookies["sessionid"].value}
    return visit(address, language=language, cookies=cookies)


@pytest.mark.parametrize("language", ["en", "prs"])
def test_the_pages_are_accessible_and_fit_a_phone(amended, visit, violations, language):
    number = amended.case.number
    send(amended.world, agreed_family(amended.world, serial=500))
    faults = {}
    for name, role, address in (
        ("moves", "registration_supervisor", "/procedures/moves"),
        ("move", "registration_supervisor", f"/cases/{number}/move"),
        ("case", "registration_supervisor", f"/cases/{number}"),
        ("manual", "registration_supervisor", "/procedures/library_card"),
        ("law", "protection_officer", "/supervision/law"),
        ("law_record", "protection_officer", "/supervision/law/APPEAL_EFFECT"),
        ("work", "lawyer", "/work"),
    ):
        page = visiting(visit, amended, role, address, language)
        if found := faults_of(page, violations, f"{name}-{language}"):
            faults[address] = found
    assert faults == {}


def test_a_case_is_moved_from_its_page_and_goes_on_by_the_new_version(amended, visit):
    number = amended.case.number
    page = visiting(visit, amended, "registration_supervisor", f"/cases/{number}")
    follow(page.get_by_role("link", name="See what the move would change"))
    assert "A move cannot be undone" in page.inner_text("main")
    follow(page.get_by_role("button", name="Move the case"))
    shown = page.inner_text("main")
    assert "Moved from version 1 to version 2" in shown and "The council has shortened its time limits" in shown
    assert "Decide on the card" in shown
    if os.environ.get("PANOH_PICTURES"):
        page.screenshot(path=str(Path(os.environ["PANOH_PICTURES"]) / "moved-en-1280.png"), full_page=True)
    with amended.acting("registration_supervisor"):
        amended.case.refresh_from_db()
        assert procedure_of(amended.case).version == 2
    assert amended.today() - timedelta(days=3) == amended.case.opened_on
