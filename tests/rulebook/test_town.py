"""What the loader refuses in letters, scores, bounds and the law of a procedure's own file: file, line, and how to mend it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from panoh import rulebook
from panoh.rulebook import RulebookError, load

FILE = "procedures/library_card.yaml"
CARD = Path(__file__).parent / "town" / "library_card.yaml"


@pytest.fixture
def town(tmp_path, tajikistan) -> Path:
    folder = Path(shutil.copytree(tajikistan.directory, tmp_path / "town"))
    for other in (folder / "procedures").glob("*.yaml"):
        if other.stem != "asylum":
            other.unlink()
    shutil.copy(CARD, folder / "procedures")
    return folder


@pytest.fixture
def faults_of_card(town) -> Callable[[str, str], list[str]]:
    def change(old: str, new: str) -> list[str]:
        path = town / FILE
        text = path.read_text(encoding="utf-8")
        assert old in text, old
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        try:
            load(town)
        except RulebookError as error:
            return [str(fault) for fault in error.faults]
        return []

    return change


BROKEN = [
    ("letter: {letter: your_card}", "letter: {letter: your_cart}", "unknown letter 'your_cart' in procedure 'library_card' — did you mean 'your_card'?"),
    ("letter: {letter: your_card}", "letter: {}", "a letter is named by its kind, or is one of `letters`"),
    ("      - letter: {letter: your_card}\n", "      - receipt\n", "no act orders the letter 'your_card'"),
    ("on {pick_up_on}. Begin", "on {pick_up_at}. Begin", "the letter names {pick_up_at}, which its act does not ask for openly — did you mean 'pick_up_on'?"),
    ("on {pick_up_on}. Begin", "on that day. Begin", "the text names different things in different languages"),
    ("on {pick_up_on}. Begin", "on {pick_up_on. Begin", "a brace stands alone in the text in en"),
    ("    kind: PROCEDURE_LETTER\n", "", "does not say which kind of paper it is"),
    ("    kind: PROCEDURE_LETTER\n", "    kind: PROCEDURE_LETER\n", "unknown paper kind 'PROCEDURE_LETER'"),
    ("          books_read: share", "          books_red: share", "the act asks for no 'books_red' — did you mean 'books_read'?"),
    ("          books_read: share", "          books_read: 5", "a number counts as a share of its greatest value"),
    ("favourite: {poems: 100, tales: 50}", "favourite: {poem: 100, tales: 50}", "'favourite' is never 'poem' — did you mean 'poems'?"),
    ("favourite: {poems: 100, tales: 50}", "favourite: {poems: 101}", "points run from 0 to 100, here: '101'"),
    ("favourite: {poems: 100, tales: 50}", "favourite: {}", "no answer to 'favourite' has points"),
    ("      - below: 50\n        titles:", "      - titles:", "the bands must rise and leave nothing out"),
    ("    of: apply\n", "", "does not say whose answers it is of"),
    ("        weight: 1", "        weight: 0", "a part weighs more than nothing"),
    ("        kind: number\n        at_least: 0", "        kind: text\n        at_least: 0", "a field of kind 'text' has no bounds"),
    ("      - must_be: {field: whole", "      - must_be: {field: whol", "has no such field: 'whol'"),
    ("      - must_be: {field: whole, values: [\"true\"]}", "      - answered_before: {action: lend, field: how_mani, values: [x]}", "the action 'lend' has no field 'how_mani' — did you mean 'how_many'?"),
    ("      - must_be: {field: whole, values: [\"true\"]}", "      - score_possible: {score: eagernes}", "unknown score 'eagernes'"),
    ("      - must_be: {field: whole, values: [\"true\"]}", "      - no_stop: {}", "the guard 'no_stop' needs 'kinds'"),
    ("      provision: rules.books", "      provision: rules.boks", "unknown provision 'rules.boks' — did you mean 'rules.books'?"),
    ("  books_back:\n", "  overall:\n", "the clock 'overall' binds the applicant here and the authority at procedures/asylum.yaml"),
    ("order: 10", "order: first", "'order' must be a whole number, not 'first'"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "message"), BROKEN, ids=[one[2][:40] for one in BROKEN])
def test_load_refuses_and_says_where(faults_of_card, old, new, message):
    faults = faults_of_card(old, new)
    assert any(message in fault for fault in faults), faults
    assert all(re.match(r"[\w./-]+\.(yaml|csv):[1-9]\d*: ", fault) for fault in faults)


def test_the_town_is_sound_as_it_is(town):
    assert load(town).procedure_version("library_card", 1).letters["your_card"].kind == "PROCEDURE_LETTER"


def test_a_first_version_has_nothing_to_pass_over_from(faults_of_card):
    faults = faults_of_card("amount: 21, unit: calendar_days,", "amount: 21, unit: calendar_days, transition: running,")
    assert any("the first version has nothing to pass over from" in fault for fault in faults), faults


def test_the_rulebook_in_force_stays_in_force_while_the_files_are_broken(town, monkeypatch):
    """A process works on with what it loaded; a new one is refused until the files are mended."""
    monkeypatch.setenv("PANOH_COUNTRIES", str(town.parent))
    monkeypatch.setenv("PANOH_COUNTRY", town.name)
    running = rulebook.current()
    path = town / FILE
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole.replace("to: applied", "to: aplied"), encoding="utf-8")
    assert rulebook.current() is running
    assert running.procedure_version("library_card", 1).actions["apply"].to_state == "applied"
    with pytest.raises(RulebookError):
        load(town)
    path.write_text(whole, encoding="utf-8")
    assert load(town).fingerprint == running.fingerprint
