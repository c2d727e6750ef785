"""Every procedure walked at random with ledger and tables: the replay stays equal, and no deadline passes unseen.

Some hundred acts in the suite; as many as wanted with `bin/test tests/procedures/test_ledger_walk.py --walk-acts 3000 --walk-seed 7 -s`, which
says what was come across.
"""

from __future__ import annotations

import random

import pytest
from django.db import transaction

from panoh import rulebook
from panoh.procedures.models import Due
from panoh.rulebook.model import Procedure
from tests.procedures.ledger_walking import LedgerWalk, Seen

ACTS_OF_A_CASE = 14
PROCEDURES = [versions[-1] for versions in rulebook.current().procedures.values()]
TRACKS = [(procedure, track) for procedure in PROCEDURES for track in procedure.tracks]
NAMES = [f"{procedure.code}-{track}" for procedure, track in TRACKS]


def walk(world, procedure: Procedure, track: str, acts: int, seed: int) -> Seen:
    """Cases one after the other, each undone when it has ended, until so many acts were done."""
    seen, done, case = Seen(), 0, 0
    while done < acts:
        chance = random.Random(f"{procedure.code}:{track}:{seed}:{case}")
        members = dict(world.members)
        with transaction.atomic():
            done += LedgerWalk(world, procedure, track, chance, seen).go(min(ACTS_OF_A_CASE, acts - done))
            transaction.set_rollback(True)
        world.members.clear()
        world.members.update(members)
        case += 1
    return seen


@pytest.mark.parametrize(("procedure", "track"), TRACKS, ids=NAMES)
def test_ledger_tables_clocks_and_work_list_tell_the_same(world, request, procedure: Procedure, track: str):
    acts = request.config.getoption("--walk-acts") // len(TRACKS) + 1
    seen = walk(world, procedure, track, acts, request.config.getoption("--walk-seed"))
    assert seen.acts.total() >= acts
    states = {state.code for state in procedure.states.values() if track in state.tracks}
    actions = {action.code for action in procedure.actions.values() if track in action.tracks}
    print(
        f"\n{procedure.code} {track}: {seen.acts.total()} acts, {len(seen.acts)} of {len(actions)} kinds,"
        f" {len(seen.states)} of {len(states) - 1} states; refused {dict(seen.refused)}; late and listed {sorted(seen.late)};"
        f" {seen.tried_outside} tried outside their dates"
    )


def test_a_walk_notices_a_deadline_that_the_list_forgets(world, monkeypatch):
    """The walk can fail: a work list that leaves one clock out is caught."""
    from panoh.procedures.queries import work

    procedure = rulebook.current().procedures["asylum"][-1]
    honest = work._running
    monkeypatch.setattr(
        work, "_running", lambda actor, *, mine: honest(actor, mine=mine).exclude(clock="registration_decision")
    )
    with pytest.raises(AssertionError, match="registration_decision is late"):
        walk(world, procedure, "government", 60, seed=1)
    assert not Due.objects.exists()
