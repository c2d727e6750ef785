"""A new procedure is one YAML file: the library card of a town, put beside the country's own, without a line of Python.

Pages, time limits, a letter in two languages, a score, what the tables count, and a manual with a drawing all come from it.
"""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils.translation import override

from panoh import rulebook
from panoh.__main__ import main
from panoh.kernel.ids import new_id
from panoh.ledger.models import Entry
from panoh.papers.printing import preview_png
from panoh.procedures.models import Case, Due, PaperOrder
from panoh.procedures.operations.paper_orders import prepare_ordered_paper
from panoh.procedures.policy import declare_procedures
from panoh.procedures.rules.scores import scores_of
from tests.procedures.stories import differences, refused
from tests.procedures.test_pages import as_sent, page_of
from tests.signing_in import client_of

CARD = Path(__file__).resolve().parents[1] / "rulebook" / "town" / "library_card.yaml"


@pytest.fixture
def folder(tmp_path) -> Path:
    """The country as it is, and one file more."""
    town = Path(shutil.copytree(rulebook.current().directory, tmp_path / "town"))
    shutil.copy(CARD, town / "procedures")
    return town


@pytest.fixture
def town(story, folder):
    book = rulebook.load(folder)
    declare_procedures(book)
    with rulebook.using(book):
        yield story


@pytest.fixture
def reader(town):
    """Somebody who has asked for a card ten days ago."""
    town.open(
        "library_card", "town", "registration_clerk", on=town.today() - timedelta(days=10), persons=town.persons[:1],
        favourite="tales", books_read=20,
    )  # fmt: skip
    return town


def test_the_card_is_asked_for_lent_on_and_given_back(reader):
    granted = reader.take(
        "decide", "registration_supervisor", persons={"answer": "granted"}, pick_up_on=reader.today().isoformat()
    )
    assert granted.to_state == "reader"
    reader.take("lend", "registration_clerk", how_many=3)
    with reader.acting("registration_clerk"):
        books = Due.objects.get(case=reader.case, clock="books_back")
        assert books.due_on >= reader.today() + timedelta(days=21)
        assert Due.objects.get(case=reader.case, clock="card_made").stopped_on == reader.today()
    reader.take("lend_longer", "registration_clerk")
    with reader.acting("registration_clerk"):
        assert Due.objects.get(case=reader.case, clock="books_back").due_on >= books.due_on + timedelta(days=14)
    with refused("procedures.guard.must_be", "whole"):
        reader.take("take_back", "registration_clerk", whole=False)
    reader.take("take_back", "registration_clerk", whole=True)
    step = reader.take("give_back", "registration_clerk")
    with reader.acting("registration_clerk"):
        assert Entry.objects.get(pk=step.entry_id).kind == "library_card.given_back"
        assert Case.objects.get(pk=reader.case.pk).closed_on == reader.today()
    assert differences() == []


@pytest.mark.parametrize("books", [0, 21, "many", "۷", 20])
def test_a_number_is_a_whole_number_within_its_bounds(town, books):
    def ask():
        return town.open("library_card", "town", "registration_clerk", persons=town.persons[:1], books_read=books)

    if books in (21, "many"):
        with refused(
            "procedures.answer.out_of_bounds" if books == 21 else "procedures.answer.not_a_number", "books_read"
        ):
            ask()
    else:
        assert ask().facts["books_read"] == {"۷": 7}.get(books, books)


def test_the_answers_come_to_a_score_by_the_formula_of_the_file(town):
    procedure = rulebook.current().procedure("library_card", date(2026, 1, 1))

    def score(**facts):
        (found,) = scores_of(procedure, "apply", facts)
        return found.rounded, found.band and found.band["en"]

    assert score(favourite="tales", books_read=20) == (75, "Reads a lot")
    assert score(favourite="tales", books_read=2) == (30, "Reads a little")
    assert score(favourite="tales") == (50, "Reads a lot"), "half of the answers may be missing, and count neither way"
    assert score() == (None, None), "without any answer there is no score"


def test_the_letter_is_printed_in_the_words_of_the_file(reader):
    reader.take(
        "decide", "registration_supervisor", persons={"answer": "granted"}, shelf="poems", pick_up_on="2026-03-21"
    )
    with reader.acting("registration_supervisor") as head:
        order = PaperOrder.objects.select_related("person__household", "step", "case").get(case=reader.case)
        assert (order.kind, order.letter) == ("PROCEDURE_LETTER", "your_card")
        paper = prepare_ordered_paper(by=head, order=order, language="prs")
        text = paper.content["facts"]["text"]
        assert reader.case.number in text["tg"] and "Шеър" in text["tg"]
        assert "شعر" in text["prs"] and "۱۴۰۵" in text["prs"], "the day stands in the reader's own calendar"
        assert preview_png(paper).startswith(b"\x89PNG")


def test_its_pages_are_there(town):
    clerk = client_of(town.world.members["registration_clerk"])
    offered = page_of(clerk.get(f"/households/{town.household.number}"))
    assert "Apply for a card" in offered, "the file says order: 10, so it stands at hand"
    everything = page_of(clerk.get(f"/households/{town.household.number}/cases/new"))
    assert "Library card" in everything and "Renew or replace a paper" in everything
    address = f"/households/{town.household.number}/cases/library_card/town"
    form = page_of(clerk.get(address))
    assert 'max="20"' in form and 'type="radio" name="persons"' in form, "one person is picked, because it is about one"
    sent = {
        **as_sent({"favourite": "poems", "books_read": 10}), "persons": [str(town.persons[0].pk)],
        "occurred_on": town.today().isoformat(), "submission_id": str(new_id()),
    }  # fmt: skip
    wrong = clerk.post(address, {**sent, "books_read": "50"})
    assert wrong.status_code == 422 and 'value="50"' in wrong.content.decode(), "what was typed is kept"
    answer = clerk.post(address, sent)
    assert answer.status_code == 302
    shown = page_of(clerk.get(answer["Location"]))
    assert "Eagerness to read" in shown and "75 / 100" in shown
    assert "Library rules" in shown


@pytest.mark.parametrize(("language", "title"), [("en", "Library card"), ("prs", "کارت کتابخانه")])
def test_its_manual_is_drawn_and_printed(town, folder, language, title, capsys):
    clerk = client_of(town.world.members["registration_clerk"])
    clerk.cookies["language"] = language
    with override("fa-AF" if language == "prs" else language):
        shown = page_of(clerk.get("/procedures/library_card"))
    assert title in shown and '<svg class="procedure-drawing"' in shown
    assert main(["rulebook", "manual", "library_card", "--country", str(folder), "--language", language]) == 0
    assert title in capsys.readouterr().out


def test_everything_about_it_stands_in_the_one_file():
    root = Path(__file__).resolve().parents[2]
    for path in (*(root / "panoh").rglob("*.py"), *(root / "countries").rglob("*.yaml")):
        assert "library" not in path.read_text(encoding="utf-8").lower() or "library_card" not in path.read_text(
            encoding="utf-8"
        ), path
