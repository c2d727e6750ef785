"""Transition rules are read against both versions: whatever would leave a case, a clock or an answer nowhere is refused at load."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from panoh.rulebook import RulebookError, load

ROOT = Path(__file__).resolve().parents[2]
TOWN = Path(__file__).parent / "town"
AMENDED = "procedures/library_card_2.yaml"


@pytest.fixture
def amended(tmp_path):
    """Loads the town with a second version of its library card in which one text was replaced; gives the errors as text."""

    def change(*changes: tuple[str, str]) -> list[str]:
        town = Path(shutil.copytree(ROOT / "countries" / "tj", tmp_path / "town"))
        shutil.copy(TOWN / "library_card.yaml", town / "procedures")
        text = (TOWN / "library_card_2.yaml").read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text, f"{old!r} does not stand in the amended card"
            text = text.replace(old, new, 1)
        (town / AMENDED).write_text(text, encoding="utf-8")
        try:
            load(town)
        except RulebookError as error:
            return [str(fault) for fault in error.faults]
        return []

    return change


def test_both_versions_stand_side_by_side(amended):
    assert amended() == []


BROKEN = [
    ("from_version: 1", "from_version: 7", "there is no version 7 of 'library_card' before version 2 — known: 1"),
    ("    cases: all\n", "", "does not say which cases move — add `cases: undecided`"),
    ("cases: all", "cases: [reeder]", "unknown state 'reeder' in version 1 — did you mean 'reader'?"),
    ("cases: all", "cases: [ended]", "no open case stands in the state 'ended'"),
    ("    states: {applied: waiting}\n", "", "cases in the state 'applied' of version 1 would stand nowhere in version 2 — add `applied: state` under `states`"),
    ("{applied: waiting}", "{applied: wating}", "unknown state 'wating' in version 2 — did you mean 'waiting'?"),
    ("{applied: waiting}", "{aplied: waiting, applied: waiting}", "unknown state 'aplied' in version 1 — did you mean 'applied'?"),
    ("{applied: waiting}", "{applied: refused}", "'applied' cannot become 'refused': a move ends no case"),
    ("{applied: waiting}", "{applied: reader}", "'applied' is open, 'reader' is decided: a move decides nothing and takes no decision back"),
    ("{applied: waiting}", "{applied: waiting, ended: ended}", "no case in the state 'ended' moves"),
    ("    who: [registration_supervisor]\n    why", "    why", "nobody may move a case — add `who: [role, …]`"),
    ("who: [registration_supervisor]\n    why", "who: [registration_superviser]\n    why", "unknown role 'registration_superviser' — did you mean 'registration_supervisor'?"),
    ("    legal_basis: [rules.card]\n    states: {applied", "    states: {applied", "the transition rule has no legal basis"),
    ("      prs: شورا مهلت‌ها را کوتاه کرد و می‌خواهد هر خواننده خانه را ببیند.\n", "", "'why' of 'transitions' is not translated into prs"),
    ("    outcomes: {granted: yes_granted}\n", "", "the outcome 'granted' would mean nothing in version 2 — add `granted: outcome`"),
    ("{granted: yes_granted}", "{granted: granted}", "unknown outcome 'granted' in version 2"),
    ("      lend_longer: none\n", "", "version 2 does not know the act 'lend_longer', which cases may have behind them — add `lend_longer: {to: act}` or `lend_longer: none`"),
    ("{favourite: likes}", "{favourite: books_read}", "'favourite' is of kind code, 'books_read' of number"),
    ("{favourite: likes}", "{favorite: likes}", "unknown field of 'apply' 'favorite' in version 1 — did you mean 'favourite'?"),
    ("      card_made: {to: card_ready, count: from_move}\n", "      books_back: {count: keep}\n", "the time limit 'card_made' would be lost: version 2 does not know it — add `card_made: {to: clock}` or `card_made: ends` under `clocks`"),
    ("{to: card_ready, count: from_move}", "{to: card_redy}", "unknown clock 'card_redy' in version 2 — did you mean 'card_ready'?"),
    ("count: from_move", "count: from_now", "'count' cannot be 'from_now'"),
    ("{to: card_ready, count: from_move}", "{to: books_back}", "'card_made' binds the authority, 'books_back' the applicant: a right is no duty"),
    ("begins: {visit: [waiting]}", "begins: {visit: [applied]}", "unknown state 'applied' in version 2"),
    ("begins: {visit: [waiting]}", "begins: {card_ready: [waiting]}", "'card_ready' goes on from an earlier clock, so it does not begin with the move"),
    ("      card_made: {to: card_ready, count: from_move}\n", "      card_made: ends\n      books_back: ends\n", "'books_back' ends here and begins anew under the same name"),
    ("    limit: card.quick_issue\n", "    limit: card.quick_issue\n    applies_to_states: [reader]\n", "'card_made' may run in applied, has_books, and would be lost there: 'card_ready' does not apply"),
    ("    begins:", "    asks: [{act: ask, field: name}]\n    begins:", "unknown field of 'ask' 'name' in version 2"),
    ("    begins:", "    asks: [{act: show_house, field: x}]\n    begins:", "unknown field of 'show_house' 'x' in version 2"),
    ("  show_house:\n    past: house_shown", "  move:\n    past: house_shown", "'move' and 'moved' are the words of the act that moves a case"),
    ("in_force: {from: 2100-01-01}", "confined: true\nin_force: {from: 2100-01-01}", "a move cannot change who sees a case"),
    ("version: 2\n", "version: 1\n", "version 1 of 'library_card' begins after version 1 — number versions upwards in time"),
    ("{from: 2100-01-01}", "{from: 2000-01-01}", "versions 1 and 2 of 'library_card' overlap"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "message"), BROKEN, ids=[message[:50] for *_, message in BROKEN])
def test_load_refuses_and_says_where_and_how_to_mend_it(amended, old, new, message):
    found = amended((old, new))
    assert any((message in fault and fault.startswith(AMENDED)) or message in fault for fault in found), found


def test_two_rules_for_one_version_are_one_too_many(amended):
    found = amended(("transitions:\n", "transitions:\n  - {from_version: 1, cases: all, who: [registration_clerk]}\n"))
    assert any("two transition rules for version 1" in fault for fault in found), found


def test_every_single_line_of_a_rule_may_be_missing(amended, tmp_path):
    """Nothing of a half-written rule is a traceback."""
    text = (TOWN / "library_card_2.yaml").read_text(encoding="utf-8")
    rule = text[text.index("transitions:") : text.index("\nrecording:")].splitlines(keepends=True)
    for place, line in enumerate(rule):
        amended(("".join(rule), "".join(rule[:place] + rule[place + 1 :])))
        shutil.rmtree(tmp_path / "town")
        assert line
