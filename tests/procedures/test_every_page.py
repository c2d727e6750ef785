"""Every procedure through its pages, as a browser without JavaScript sends them, and every letter of every procedure as a sheet."""

from __future__ import annotations

import re
from unicodedata import bidirectional, category, combining

import pytest
from PIL import ImageFont

from panoh.access.context import acting_as_system
from panoh.kernel.ids import new_id
from panoh.papers.content import day_texts
from panoh.papers.kinds import get_kind
from panoh.papers.rendering import FONTS, render_pdf
from panoh.procedures.letters import own_letter_facts
from panoh.procedures.models import Case
from panoh.procedures.rules.guards import person_field
from panoh.rulebook.model import Procedure
from tests.papers.test_rendering import lacks
from tests.procedures.stories import Story
from tests.procedures.test_every_procedure import BOOK, NAMES, PROCEDURES, TODAY, TRACKS, Walked, way_to_an_end
from tests.procedures.test_pages import as_sent, page_of
from tests.signing_in import client_of

FONTS_OF_PAPERS = [ImageFont.truetype(str(path), 40) for path in sorted(FONTS.glob("*-Regular.ttf"))]
LETTERS = [(one, letter) for one in PROCEDURES for letter in one.letters.values()]


class Paged(Walked):
    """The same walk, but each act that no sitting decides is done by its page."""

    def client(self, role: str):
        return client_of(self.story.world.members[role])

    def open(self) -> None:
        opening, today = self.procedure.actions[self.procedure.tracks[self.track].opens_with], self.story.today()
        address = f"/households/{self.story.household.number}/cases/{self.procedure.code}/{self.track}"
        if not self.people:
            address = f"/cases/new/{self.procedure.code}/{self.track}"
        client = self.client(self.role_of(opening))
        page_of(client.get(address))
        sent = {"persons": [str(person.pk) for person in self.people], **self.head()}
        if self.people:
            assert client.post(address, {**sent, "persons": []}).status_code == 422, "a case about nobody is refused"
        answer = client.post(address, sent | as_sent(self.answering.case(opening, today)))
        assert answer.status_code == 302, words(answer)
        with acting_as_system("test"):
            self.story.case = Case.objects.get()

    def head(self) -> dict:
        return {"occurred_on": self.story.today().isoformat(), "submission_id": str(new_id())}

    def take(self, code: str, choice: list[str]) -> None:
        action, today = self.procedure.actions[code], self.story.today()
        if action.by_sitting:
            super().take(code, choice)
            return
        facts, persons = self.answers(action, choice)
        address = f"/cases/{self.story.case.number}/{code}"
        client = self.client(self.second(action))
        page_of(client.get(address))
        with acting_as_system("test"):
            self.story.case.refresh_from_db()
            positions = {line.person_id: line.position for line in self.story.case.persons.all()}
        sent = {"version": str(self.story.case.version), **self.head(), **as_sent(facts)}
        for person, about in persons.items():
            sent |= as_sent({person_field(positions[person], name): value for name, value in about.items()})
        required = [one.name for one in action.form if one.required and one.shown_when is None]
        if required:
            empty = client.post(address, {**sent, required[0]: ""})
            assert empty.status_code == 422, "what has to be answered is asked again"
            assert str(today.year) in empty.content.decode(), "and what was typed is kept"
        answer = client.post(address, sent)
        assert answer.status_code == 302, words(answer)
        page_of(client.get(answer["Location"]))
        with acting_as_system("test"):
            self.story.case.refresh_from_db()


def undrawn(text: str) -> set[str]:
    """Letters that no font of the papers has."""
    seen = {one for one in text if category(one)[0] not in "CZ" and not combining(one)}
    return {one for one in seen if all(lacks(font, one) for font in FONTS_OF_PAPERS)}


def words(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))[:3000]


@pytest.mark.parametrize(("procedure", "track"), TRACKS, ids=NAMES)
def test_a_case_is_led_to_its_end_by_its_pages(story: Story, procedure: Procedure, track: str):
    walked = Paged(story, procedure, track)
    walked.open()
    for action, choice in way_to_an_end(procedure, track)[1:]:
        walked.take(action.code, choice)
    assert procedure.states[story.case.state].is_final


@pytest.mark.parametrize(("procedure", "letter"), LETTERS, ids=[f"{one.code}-{letter.code}" for one, letter in LETTERS])
@pytest.mark.parametrize("language", ["en", "ru", "tg", "prs"])
def test_every_letter_is_a_sheet_in_the_family_s_language(procedure: Procedure, letter, language: str):
    """Its text fits the template in both scripts, and nothing that it names is left open."""
    today = TODAY
    action = next(
        one for one in procedure.actions.values() if any(e.params.get("letter") == letter.code for e in one.effects)
    )
    answering = Walked.answering_of(procedure)
    facts = own_letter_facts(
        letter=letter, action=action, case_number="XX-26-0000017", on=today, until=today,
        answers=answering.case(action, today), provisions=action.legal_basis, book=BOOK,
    )  # fmt: skip
    assert not re.search(r"[{}]", "".join(facts["text"].values()))
    name = dict.fromkeys(("en", "ru", "tg", "prs"), "—")
    for spoken in {language, "tg"}:
        words = [facts["title"][spoken], facts["text"][spoken], *facts["law"][spoken]]
        strong = next(bidirectional(one) for one in facts["text"][spoken] if bidirectional(one) in ("L", "R", "AL"))
        assert (strong != "L") == (spoken == "prs"), "the letter begins in the direction of its language"
        assert not undrawn("".join(words)), spoken
    sheet = {
        "title": "x", "language": language, "official": "tg", "authority": name, "serial": "XX-26-0000017/3", "qr": None,
        "photo": None, "draft": None, "person": {"name": name}, "issued_on": name, "facts": facts, "valid_from": day_texts(today),
    }  # fmt: skip
    assert render_pdf(get_kind(letter.kind).template, sheet).startswith(b"%PDF-")


def test_an_answer_in_words_does_not_end_the_sentence_of_a_letter_twice():
    procedure = BOOK.procedures["asylum"][-1]
    facts = own_letter_facts(
        letter=procedure.letters["called_to_interview"], action=procedure.actions["schedule_interview"],
        case_number="XX-26-0000017", on=TODAY, until=None, answers={"place": "Room 4, second floor. "}, provisions=(), book=BOOK,
    )  # fmt: skip
    assert "Place: Room 4, second floor. Language" in facts["text"]["en"]
