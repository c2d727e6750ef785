"""A limit of the office that has passed stands in the work list, in a browser, for every procedure: what, since when, by which article, in the reader's language."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta

import pytest

from panoh import rulebook
from panoh.access.context import acting_as_system
from panoh.demo.answering import branches
from panoh.procedures.models import Due
from panoh.procedures.queries.cases import as_act
from panoh.procedures.rules.clocks import clock_inputs, compute_deadline
from panoh.rulebook.model import Action, ClockRule, Procedure
from panoh.rulebook.reasoning import explain_all
from tests.browser import faults_of, follow
from tests.procedures.ledger_walking import LedgerWalk, Seen
from tests.procedures.test_every_procedure import TRACKS
from tests.signing_in import client_of
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases="__all__")]

DAYS_AGO = 420
BEHIND_A_SITTING = {"status_end", "resettlement"}
"""The office's limits begin with or after what a body decides. A sitting is recorded on its own day, so that a test of one day cannot see them late."""
NOBODYS_FILE = {("complaint", "unnamed")}
"""Opened by the desk that takes it in, today: what nobody's file is about is not written down for an earlier day."""
WAYS = [one for one in TRACKS if one[0].code not in BEHIND_A_SITTING and (one[0].code, one[1]) not in NOBODYS_FILE]


def starts(procedure: Procedure, track: str, action: Action, choice: list[str]) -> ClockRule | None:
    """The office's clock that an act starts with this answer."""
    state = action.to_by.state_for(choice) if action.to_by else action.to_state
    for rule in procedure.clocks_of(track):
        there = not rule.applies_to_states or state in rule.applies_to_states
        if rule.bound != "applicant" and action.code in rule.starts_on and there:
            return rule
    return None


def way_to_a_clock(procedure: Procedure, track: str) -> list[tuple[Action, list[str]]]:
    """The fewest acts to one that starts a clock of the office, without a sitting."""
    opening = procedure.actions[procedure.tracks[track].opens_with]
    ways = [[(opening, choice)] for choice in branches(opening)]
    seen = set()
    while ways:
        way = ways.pop(0)
        action, choice = way[-1]
        if starts(procedure, track, action, choice):
            return way
        state = action.to_by.state_for(choice) if action.to_by else action.to_state
        done = {one.code for one, _choice in way}
        for after in procedure.actions_from(state, track) if state else ():
            needed = {one.params["action"] for one in after.guards if one.name in ("done_before", "answered_before")}
            if after.by_sitting or needed - done or any(one.name == "clock_passed" for one in after.guards):
                continue
            for picked in branches(after):
                if (after.code, *picked, *sorted(done & needed)) not in seen and after.code not in done:
                    seen.add((after.code, *picked, *sorted(done & needed)))
                    ways.append([*way, (after, picked)])
    raise AssertionError(f"{procedure.code} on {track} starts no clock of the office without a sitting")


class Belated(LedgerWalk):
    """A case that was begun long ago, up to the act that started a clock of the office, and then left alone."""

    def begin(self) -> Due:
        self.day = self.story.today() - timedelta(days=DAYS_AGO)
        way = way_to_a_clock(self.procedure, self.track)
        rule = starts(self.procedure, self.track, *way[-1])
        self.answered = {rule.starts_when.field: min(rule.starts_when.values)} if rule and rule.starts_when else {}
        self.open()
        for action, choice in way[1:]:
            self.take(action.code, choice)
        late = [due for due in self.dues() if due.stopped_on is None and due.due_on and due.due_on < self.story.today()]
        offices = [due for due in late if self.procedure.clocks[due.clock].bound != "applicant"]
        assert offices, (self.procedure.code, self.track, [str(due) for due in self.dues()])
        return offices[0]

    def refuse_before_its_law(self, opening: Action) -> None:
        return  # asked in `test_ledger_walk`

    def answers(self, action: Action, choice: list[str]):
        facts, persons = super().answers(action, choice)
        wanted = {name: value for name, value in self.answered.items() if any(one.name == name for one in action.form)}
        return facts | wanted, persons


@dataclass
class Late:
    """A late case, who has to see it, and why it is late in words."""

    walk: Belated
    due: Due
    role: str

    def sentences(self, language: str) -> tuple[str, ...]:
        with acting_as_system("test"):
            acts = [as_act(step) for step in self.walk.story.case.steps.order_by("seq")]
        rule, book = self.walk.procedure.clocks[self.due.clock], rulebook.current()
        inputs = clock_inputs(rule, self.walk.procedure, acts, ())
        assert inputs is not None
        deadline = compute_deadline(rule, inputs, book, self.walk.story.today())
        return explain_all(deadline, language, book, self.walk.procedure)


@pytest.fixture
def late_cases(committed_world: World) -> list[Late]:
    found = []
    for procedure, track in WAYS:
        walk = Belated(committed_world, procedure, track, random.Random(f"{procedure.code}:{track}"), Seen())
        due = walk.begin()
        role = walk.roles_that_stop(procedure.clocks[due.clock].stops_on)[0]
        found.append(Late(walk, due, role))
    return found


@pytest.mark.parametrize("language", ["en", "prs"])
def test_a_late_case_of_every_procedure_stands_in_the_list_with_the_reason(late_cases, visit, violations, language):
    book = rulebook.current()
    for number, late in enumerate(late_cases):
        world, case = late.walk.story.world, late.walk.story.case
        cookies = {"sessionid": client_of(world.members[late.role]).cookies["sessionid"].value}
        page = visit("/work?when=overdue", language=language, cookies=cookies)
        rule = late.walk.procedure.clocks[late.due.clock]
        row = page.locator("main tbody tr", has_text=case.number).filter(has_text=rule.titles[language])
        assert row.count() == 1, (case.procedure, late.role, page.locator("main").inner_text()[:2000])
        assert book.cite(late.due.provision, language, late.due.starts_on) in row.inner_text()
        if number == 0:
            assert faults_of(page, violations, f"late-{language}") == []
        follow(row.get_by_role("link", name=case.number))
        told = " ".join((page.locator("main").text_content() or "").split())
        missing = [one for one in late.sentences(language) if " ".join(one.split()) not in told]
        assert missing == [], (case.procedure, late.due.clock)


@pytest.mark.parametrize("code", sorted(BEHIND_A_SITTING))
def test_what_is_left_out_cannot_be_late_without_a_sitting(code):
    procedure = rulebook.current().procedures[code][-1]
    for track in procedure.tracks:
        with pytest.raises(AssertionError, match="without a sitting"):
            way_to_a_clock(procedure, track)
