"""A case moves to a later version of its procedure: by a rule, by an act, with everything that was due accounted for.

The town amends the rules of its library card (`tests/rulebook/town/library_card_2.yaml`).
"""

from __future__ import annotations

import argparse
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from panoh import rulebook
from panoh.access.context import acting_as_system
from panoh.kernel.problems import Problem
from panoh.ledger.models import Entry
from panoh.procedures import commands
from panoh.procedures.models import Case, CasePerson, Due
from panoh.procedures.operations import moving
from panoh.procedures.operations.dues import compute_many
from panoh.procedures.operations.moving import move_case
from panoh.procedures.policy import declare_procedures
from panoh.procedures.queries.days import list_on
from panoh.procedures.queries.moves import find_prospect, list_prospects, preview_moves
from panoh.rulebook import commands as rulebook_commands
from tests.procedures.stories import Story, differences, refused, replayed
from tests.procedures.test_pages import page_of
from tests.signing_in import client_of

TOWN = Path(__file__).resolve().parents[1] / "rulebook" / "town"
CARD, AMENDED = "library_card.yaml", "library_card_2.yaml"


@pytest.fixture
def folder(tmp_path) -> Path:
    """The country with the town's library card in its first version."""
    town = Path(shutil.copytree(rulebook.current().directory, tmp_path / "town"))
    shutil.copy(TOWN / CARD, town / "procedures")
    return town


def amend(folder: Path, *changes: tuple[str, str]) -> rulebook.Rulebook:
    """The second version, in force from today on, with what a test changes in it."""
    text = (TOWN / AMENDED).read_text(encoding="utf-8").replace("2100-01-01", timezone.localdate().isoformat())
    for old, new in changes:
        assert old in text, f"{old!r} does not stand in the amended card"
        text = text.replace(old, new, 1)
    (folder / "procedures" / AMENDED).write_text(text, encoding="utf-8")
    book = rulebook.load(folder)
    declare_procedures(book)
    return book


@pytest.fixture
def asked(story, folder):
    """Somebody asked for a card ten days ago, under the first version."""
    with rulebook.using(rulebook.load(folder)) as book:
        declare_procedures(book)
        ask(story, ago=10)
        yield story


def ask(story: Story, ago: int) -> None:
    story.open(
        "library_card", "town", "registration_clerk", on=story.today() - timedelta(days=ago), persons=story.persons[:1],
        favourite="tales", books_read=20,
    )  # fmt: skip


def lend(story: Story, ago: int) -> None:
    on = story.today() - timedelta(days=ago)
    story.take("decide", "registration_supervisor", on=on, persons={"answer": "granted"}, pick_up_on=on.isoformat())
    story.take("lend", "registration_clerk", on=on, how_many=3)


def move(story: Story, role: str = "registration_supervisor", **facts):
    with story.acting(role) as actor:
        case = Case.objects.get(pk=story.case.pk)
        step = move_case(by=actor, case=case, expected_version=case.version, facts=facts)
    story.case = step.case
    return step


def dues(story: Story) -> dict[str, Due]:
    with acting_as_system("test"):
        return {due.clock: due for due in Due.objects.filter(case=story.case)}


def check_projection(story: Story) -> None:
    """The stored clocks are what the computation says, and the ledger tells what the tables hold."""
    with acting_as_system("test"):
        one = next(compute_many(Case.objects.filter(pk=story.case.pk), rulebook.current()))
        stored = {due.clock: (due.due_on, due.stopped_on) for due in Due.objects.filter(case=story.case)}
        assert stored == {code: (state.due_on, state.stopped_on) for code, state in one.states.items()}
    assert differences() == []


def test_without_a_rule_a_case_stays_under_the_version_it_was_opened_in(asked, folder):
    text = (TOWN / AMENDED).read_text(encoding="utf-8")
    rules = text[text.index("transitions:") : text.index("\nrecording:")]
    with rulebook.using(amend(folder, (rules, ""))):
        with refused("procedures.move.none"):
            move(asked)
        asked.take("decide", "registration_supervisor", persons={"answer": "granted"}, pick_up_on="2100-01-01")
        assert asked.case.procedure_version == 1


def test_a_move_is_an_act_with_its_entry_and_the_case_goes_on_by_the_new_version(asked, folder):
    with rulebook.using(amend(folder)):
        step = move(asked)
        assert (step.from_state, step.to_state, step.facts) == ("applied", "waiting", {"from_version": "1"})
        assert (asked.case.procedure_version, asked.case.state, asked.case.version) == (2, "waiting", 2)
        with acting_as_system("test"):
            entry = Entry.objects.get(pk=step.entry_id)
        assert entry.kind == "library_card.moved" and entry.facts["legal_basis"] == ["rules.card"]
        assert entry.payload["from_version"] == 1 and entry.payload["procedure_version"] == 2
        (card, visit) = entry.payload["clocks"]
        assert (card["before"], card["after"]) == ("card_made", "card_ready") and "before" not in visit
        check_projection(asked)
        asked.take("show_house", "registration_clerk")
        asked.take("decide", "registration_supervisor", persons={"answer": "yes_granted"}, pick_up_on="2100-01-01")
        assert asked.case.state == "reader"
        check_projection(asked)
        with acting_as_system("test"):
            assert replayed().cases[str(asked.case.pk)].fixed["procedure_version"] == 2


def test_a_clock_that_is_counted_from_the_move_begins_anew_and_a_new_one_begins_where_the_rule_says(asked, folder):
    before = dues(asked)["card_made"]
    assert before.due_on < asked.today(), "the first limit has long passed"
    with rulebook.using(amend(folder)):
        move(asked)
        after = dues(asked)
        assert after.keys() == {"card_ready", "visit"}
        assert after["card_ready"].starts_on == asked.today() < after["card_ready"].due_on
        assert after["visit"].due_on >= asked.today() + timedelta(days=10)


def test_a_clock_that_is_kept_ends_as_it_began(asked, folder):
    lend(asked, ago=5)
    before = dues(asked)["books_back"]
    with rulebook.using(amend(folder)):
        move(asked)
        after = dues(asked)["books_back"]
        assert (after.starts_on, after.due_on) == (before.starts_on, before.due_on), (
            "not seven days but the twenty-one it had"
        )
        check_projection(asked)
        asked.take("take_back", "registration_clerk", whole=True)
        asked.take("lend", "registration_clerk", how_many=1)
        again = dues(asked)["books_back"]
        assert again.due_on < asked.today() + timedelta(days=12), "what begins after the move has the new limit"
        check_projection(asked)


def test_a_clock_that_is_counted_anew_from_its_first_day_has_the_new_limit_from_then_on(asked, folder):
    lend(asked, ago=5)
    start = dues(asked)["books_back"].starts_on
    with rulebook.using(amend(folder, ("    begins:", "      books_back: {count: from_start}\n    begins:"))):
        move(asked)
        after = dues(asked)["books_back"]
        assert after.starts_on == start
        assert start + timedelta(days=7) <= after.due_on <= start + timedelta(days=11)
        check_projection(asked)


def test_a_pause_and_an_extension_go_over_with_the_clock(asked, folder):
    lend(asked, ago=5)
    asked.take("lend_longer", "registration_clerk", on=asked.today() - timedelta(days=2))
    before = dues(asked)["books_back"]
    with rulebook.using(amend(folder)):
        move(asked)
        assert dues(asked)["books_back"].due_on == before.due_on, "three weeks and the two that were granted"
        check_projection(asked)


def test_a_clock_that_ends_with_the_move_stays_on_record_as_ended_that_day(asked, folder):
    book = amend(folder, ("      card_made: {to: card_ready, count: from_move}", "      card_made: ends"))
    with rulebook.using(book):
        move(asked)
        ended = dues(asked)["card_made"]
        assert ended.stopped_on == asked.today() and ended.due_on < asked.today(), "that it was late is still told"
        check_projection(asked)
        page = page_of(client_of(asked.world.members["registration_supervisor"]).get(f"/cases/{asked.case.number}"))
        assert "The card is made" in page and "was late" in page


def test_what_was_decided_keeps_its_day_under_its_new_name(asked, folder):
    lend(asked, ago=5)
    with rulebook.using(amend(folder)):
        move(asked)
        with acting_as_system("test"):
            line = CasePerson.objects.get(case=asked.case)
        assert (line.outcome, line.outcome_on) == ("yes_granted", asked.today() - timedelta(days=5))
        assert differences() == []


def test_only_undecided_cases_move_where_the_rule_says_so(asked, folder):
    lend(asked, ago=5)
    changes = [("cases: all", "cases: undecided")]
    with rulebook.using(amend(folder, *changes)):
        with refused("procedures.move.none"):
            move(asked)
        asked.case = None
        asked.persons = asked.persons[1:]
        # A case opened under the first version, in the days before.
        ask(asked, ago=3)
        assert move(asked).to_state == "waiting"


def test_moving_again_changes_nothing_and_says_so(asked, folder):
    with rulebook.using(amend(folder)):
        move(asked)
        with refused("procedures.move.none"):
            move(asked)
        assert asked.case.version == 2


def test_two_who_press_at_once_move_it_once(asked, folder):
    with rulebook.using(amend(folder)), asked.acting("registration_supervisor") as actor:
        stale = Case.objects.get(pk=asked.case.pk)
        move_case(by=actor, case=stale, expected_version=1)
        with refused("procedures.case.changed_meanwhile"):
            move_case(by=actor, case=stale, expected_version=1)


@pytest.mark.parametrize("role", ["registration_clerk", "protection_officer", "mandate_officer"])
def test_who_the_rule_does_not_name_moves_nothing(asked, folder, role):
    with rulebook.using(amend(folder)):
        with pytest.raises(Problem) as caught:
            move(asked, role)
        assert caught.value.code in {"access.verb.refused_role", "procedures.case.other_organisation"}
        assert move(asked).to_state == "waiting"


def test_nothing_older_than_the_move_is_written_down_after_it(asked, folder):
    with rulebook.using(amend(folder)):
        move(asked)
        with refused("procedures.step.before_the_preceding"):
            asked.take("show_house", "registration_clerk", on=asked.today() - timedelta(days=1))


def test_an_answer_that_the_new_version_rests_on_is_asked_at_the_move(asked, folder):
    question = """      reads_alone:
        kind: bool
        required: true
        titles: {en: Reads alone, ru: Читает сам, tg: Худаш мехонад, prs: خودش می‌خواند}
"""
    guard = "    guards:\n      - answered_before: {action: ask, field: reads_alone, values: ['true']}\n"
    changes = [
        ("      books_read:\n", question + "      books_read:\n"),
        ("    legal_basis: [rules.card]\n    form:\n      pick_up_on:", f"    legal_basis: [rules.card]\n{guard}    form:\n      pick_up_on:"),
    ]  # fmt: skip
    with pytest.raises(rulebook.RulebookError, match="rests on 'reads_alone' of 'ask', which 'apply' of version 1"):
        amend(folder, *changes)
    changes.append(("    begins:", "    asks: [{act: ask, field: reads_alone}]\n    begins:"))
    with rulebook.using(amend(folder, *changes)):
        with refused("procedures.answer.missing", "reads_alone"):
            move(asked)
        step = move(asked, reads_alone=True)
        assert step.facts["reads_alone"] is True
        asked.take("decide", "registration_supervisor", persons={"answer": "yes_granted"}, pick_up_on="2100-01-01")
        assert asked.case.state == "reader"
        check_projection(asked)


def test_the_clocks_of_a_day_before_the_move_are_those_of_the_version_before_it(asked, folder):
    yesterday = asked.today() - timedelta(days=1)
    with acting_as_system("test"):
        then = [(one.clock, one.state) for one in list_on(Case.objects.all(), rulebook.current(), yesterday)]
    with rulebook.using(amend(folder)):
        move(asked)
        with acting_as_system("test"):
            found = [(one.clock, one.state) for one in list_on(Case.objects.all(), rulebook.current(), yesterday)]
    assert found == then


def test_the_preview_says_what_the_move_then_does(asked, folder):
    with rulebook.using(amend(folder)):
        with acting_as_system("test"):
            (found,) = preview_moves(Case.objects.all(), asked.today())
            (one,) = list_prospects(Case.objects.all(), asked.today())
            assert Case.objects.get(pk=asked.case.pk).procedure_version == 1, "looking changes nothing"
        assert (found.cases, found.on_agenda, found.asked) == (1, 0, 0)
        promised = {clock.after: clock.due_after for clock in one.clocks if clock.after}
        move(asked)
        assert {code: due.due_on for code, due in dues(asked).items()} == promised
        with acting_as_system("test"):
            assert find_prospect(Case.objects.get(pk=asked.case.pk), asked.today()) is None


def panoh(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    subparsers = parser.add_subparsers()
    rulebook_commands.register(subparsers)
    commands.register(subparsers)
    parsed = parser.parse_args(arguments)
    return parsed.run(parsed)


def test_the_command_shows_first_and_moves_when_told_to(asked, folder, capsys):
    with rulebook.using(amend(folder)):
        assert panoh("cases", "move") == 0
        shown = capsys.readouterr().out
        assert "1 case would move" in shown and "version 1 → 2" in shown and "Nothing was changed" in shown
        assert asked.case.number in shown and "Applied for → " in shown
        with acting_as_system("test"):
            assert Case.objects.get(pk=asked.case.pk).procedure_version == 1
        login = asked.world.members["registration_supervisor"].account.username
        assert panoh("cases", "move", "--do", "--as", login) == 0
        assert "1 case moved" in capsys.readouterr().out
        assert panoh("cases", "move", "--do", "--as", login) == 0
        assert "0 cases moved" in capsys.readouterr().out
    assert differences() == []


def test_a_run_that_was_cut_off_goes_on_where_it_stopped(asked, folder, monkeypatch, capsys):
    first = asked.case.pk
    asked.persons = asked.persons[1:]
    ask(asked, ago=3)
    with rulebook.using(amend(folder)):
        login = asked.world.members["registration_supervisor"].account.username
        assert panoh("cases", "move", "--do", "--as", login, "--limit", "1") == 0
        assert panoh("cases", "move", "--do", "--as", login) == 0
        assert capsys.readouterr().out.count("1 case moved") == 2
        with acting_as_system("test"):
            moved = Case.objects.filter(procedure_version=2, version=2)
            assert set(moved.values_list("pk", flat=True)) == {first, asked.case.pk}
    assert differences() == []


def test_a_draft_shows_which_cases_its_transition_would_move(asked, folder, tmp_path, settings, capsys):
    """Before the amended law is in force: the draft stands beside the rulebook, and nothing is changed by looking."""
    draft = Path(shutil.copytree(folder, tmp_path / "draft"))
    coming = (asked.today() + timedelta(days=30)).isoformat()
    text = (TOWN / AMENDED).read_text(encoding="utf-8").replace("2100-01-01", coming)
    (draft / "procedures" / AMENDED).write_text(text, encoding="utf-8")
    assert panoh("rulebook", "compare", str(draft)) == 0
    assert "1 case would move, version 1 → 2" in capsys.readouterr().out
    settings.PANOH_RULEBOOK_DRAFT = str(draft)
    page = page_of(client_of(asked.world.members["registration_supervisor"]).get("/procedures/draft"))
    assert "The council has shortened its time limits" in page and asked.case.number in page
    with acting_as_system("test"):
        assert Case.objects.get(pk=asked.case.pk).procedure_version == 1


# -- the pages ----------------------------------------------------------------------------------------------------------


def test_the_pages_show_what_would_change_and_do_it_once(asked, folder):
    number = asked.case.number
    with rulebook.using(amend(folder)):
        supervisor = client_of(asked.world.members["registration_supervisor"])
        page = page_of(supervisor.get(f"/cases/{number}"))
        assert "A later version of the procedure takes this case" in page and f"/cases/{number}/move" in page
        listed = page_of(supervisor.get("/procedures/moves"))
        assert "The council has shortened its time limits" in listed and number in listed and "Move them" in listed
        preview = page_of(supervisor.get(f"/cases/{number}/move"))
        assert "cannot be undone" in preview and "The card is ready" in preview and "begins" in preview
        refused_page = supervisor.post(f"/cases/{number}/move", {"version": "7"})
        assert refused_page.status_code == 409 and "changed_meanwhile" in refused_page.content.decode()
        assert supervisor.post(f"/cases/{number}/move", {"version": "1"}).status_code == 302
        again = supervisor.post(f"/cases/{number}/move", {"version": "2"})
        assert again.status_code == 409 and "procedures.move.none" in again.content.decode()
        page = page_of(supervisor.get(f"/cases/{number}"))
        assert "Moved from version 1 to version 2" in page and "The council has shortened" in page
        assert "Card applied for" in page, "what was done before keeps the words of its own version"
        assert "No case waits to be moved" in page_of(supervisor.get("/procedures/moves"))


def test_one_press_moves_all_that_are_ready(asked, folder):
    asked.persons = asked.persons[1:]
    ask(asked, ago=3)
    with rulebook.using(amend(folder)):
        clerk = client_of(asked.world.members["registration_clerk"])
        assert clerk.post("/procedures/library_card/moves/2").status_code == 403
        supervisor = client_of(asked.world.members["registration_supervisor"])
        assert supervisor.post("/procedures/library_card/moves/2").status_code == 302
        with acting_as_system("test"):
            assert Case.objects.filter(procedure_version=2).count() == 2
        assert supervisor.post("/procedures/library_card/moves/1").status_code == 404
    assert differences() == []


def test_without_the_check_of_the_agenda_a_case_would_be_moved_under_a_sitting(asked, folder, monkeypatch):
    """The guard shown by its absence: what it refuses would be possible."""
    with rulebook.using(amend(folder)):
        real = moving.find_prospect
        monkeypatch.setattr(moving, "find_prospect", lambda case, on: real(case, on, on_agenda=True))
        with refused("procedures.move.on_agenda"):
            move(asked)
        monkeypatch.setattr(moving, "find_prospect", lambda case, on: real(case, on, on_agenda=False))
        assert move(asked).to_state == "waiting"
