"""A changed rulebook against open cases: which last days move, who would be left without a rule, and that nothing is written."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from panoh import rulebook
from panoh.__main__ import run
from panoh.access.context import acting_as_system
from panoh.procedures.models import Case, Due
from panoh.procedures.queries.comparison import compare_rulebooks
from panoh.rulebook import RulebookError
from panoh.rulebook.deadlines import Moment, Run, governing_value, runs
from panoh.rulebook.reasoning import explain_all
from tests.procedures.test_pages import page_of
from tests.signing_in import client_of

LIMITS = "law/limits.yaml"
TEN_DAYS = """        amount: 5
        unit: working_days
        source: from memory (three to five working days; the longer one is taken)
        confidence: unverified
"""


@pytest.fixture
def draft(tmp_path) -> Path:
    return Path(shutil.copytree(rulebook.current().directory, tmp_path / "draft"))


def amend(draft: Path, on: date, days: int, transition: str = "") -> None:
    """The decision on registration gets another limit from a day on."""
    path = draft / LIMITS
    text = path.read_text(encoding="utf-8")
    at = text.index(TEN_DAYS) + len(TEN_DAYS)
    added = f"      - from: {on}\n        amount: {days}\n        unit: working_days\n        source: a draft\n        confidence: unverified\n"
    added += f"        transition: {transition}\n" if transition else ""
    path.write_text(text[:at] + added + text[at:], encoding="utf-8")


@pytest.fixture
def lodged(story):
    """A claim of yesterday, whose registration is to be decided within five working days."""
    story.open("asylum", "government", "registration_clerk", on=story.today() - timedelta(days=1))
    return story


def compared(draft: Path):
    with acting_as_system("test"):
        before = list(Due.objects.order_by("id").values())
        found = compare_rulebooks(Case.objects.all(), rulebook.load(draft))
        assert list(Due.objects.order_by("id").values()) == before, "looking changes nothing"
    return found


def test_the_same_rules_move_nothing(lodged, draft):
    found = compared(draft)
    assert (found.cases, found.moved, found.unknown, found.is_same) == (1, [], [], True)


def test_a_limit_that_began_before_the_new_law_ends_as_it_began(lodged, draft):
    amend(draft, lodged.today(), 10)
    found = compared(draft)
    assert (found.cases, found.moved) == (1, []) and not found.is_same


def test_a_transition_rule_moves_what_is_running(lodged, draft):
    amend(draft, lodged.today(), 10, "running")
    (moved,) = compared(draft).moved
    assert moved.clock == "registration_decision" and moved.case.pk == lodged.case.pk
    assert moved.days >= 5 and moved.before < moved.after
    (row,) = compared(draft).counts
    assert row[1:] == ("registration_decision", 1, 0, 0)


def test_a_closed_case_is_not_asked_about(lodged, draft):
    amend(draft, lodged.today(), 10, "running")
    lodged.take("withdraw", "registration_supervisor")
    assert compared(draft).cases == 0


def test_a_draft_that_forgets_a_state_names_the_cases_it_leaves_behind(lodged, draft):
    path = draft / "procedures" / "asylum.yaml"
    path.unlink()
    for other in (draft / "procedures").glob("*.yaml"):
        assert "procedure: asylum" not in other.read_text(encoding="utf-8")
    found = compared(draft)
    (unknown,) = found.unknown
    assert (unknown.procedure, unknown.version, unknown.cases, found.cases) == ("asylum", 1, 1, 0)


def test_the_command_lists_what_would_move_and_refuses_a_broken_draft(lodged, draft, capsys):
    amend(draft, lodged.today(), 10, "running")
    assert run(["rulebook", "compare", str(draft)]) == 0
    shown = capsys.readouterr().out
    assert "1 open cases compared" in shown and lodged.case.number in shown and "1 later, 0 earlier" in shown
    (draft / LIMITS).write_text("values: [", encoding="utf-8")
    with pytest.raises(RulebookError):
        run(["rulebook", "compare", str(draft)])
    assert rulebook.current().value("asylum.registration_decision", lodged.today()).amount.amount == 5


def test_the_page_shows_the_same_to_those_who_watch_the_law(lodged, draft, settings):
    amend(draft, lodged.today(), 10, "running")
    supervisor = client_of(lodged.world.members["registration_supervisor"])
    assert "names no draft" in page_of(supervisor.get("/procedures/draft"))
    settings.PANOH_RULEBOOK_DRAFT = str(draft)
    assert lodged.case.number in page_of(supervisor.get("/procedures/draft"))
    assert client_of(lodged.world.members["registration_clerk"]).get("/procedures/draft").status_code == 403
    (draft / LIMITS).write_text("values: [", encoding="utf-8")
    broken = page_of(supervisor.get("/procedures/draft"))
    assert "law/limits.yaml:" in broken and "stays in force" in broken


# -- which law governs, on values alone ---------------------------------------------------------------------------------


def governing(draft: Path, start: date, stop: date | None = None) -> int:
    book = rulebook.load(draft)
    found = governing_value(
        book.values["asylum.registration_decision"],
        Run(Moment(start), Moment(stop) if stop else None),
        book.country.work_calendar,
    )
    return found.amount.amount


def test_which_limit_governs_a_run(draft):
    amend(draft, date(2024, 3, 11), 10, "running")
    assert governing(draft, date(2024, 3, 4)) == 10, "runs on the day of the new law"
    assert governing(draft, date(2024, 3, 4), stop=date(2024, 3, 7)) == 5, "stopped before it"
    assert governing(draft, date(2024, 2, 5)) == 5, "had run out before it: what was late stays late"
    assert governing(draft, date(2024, 3, 12)) == 10, "began under it"


@pytest.mark.parametrize("language", ["en", "ru", "tg", "prs"])
def test_the_reasoning_names_the_day_from_which_the_new_limit_holds(draft, language):
    from panoh.rulebook.deadlines import deadline

    amend(draft, date(2024, 3, 11), 10, "running")
    book = rulebook.load(draft)
    rule = book.procedure("asylum", date(2024, 3, 4)).clocks["registration_decision"]
    starts = [Moment(date(2024, 3, 4))]
    value = governing_value(book.values[rule.limit], runs(starts, [])[0], book.country.work_calendar)
    answer = deadline(rule, starts, [], [], [], value, book.country.work_calendar, date(2024, 3, 12))
    assert [line.code for line in answer.reasoning].count("transition") == 1
    assert len(explain_all(answer, language, book)) == len(answer.reasoning)
