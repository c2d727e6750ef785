"""Supervision has something to tell of every procedure in the demo: cases under way and at their end, safeguards and limits kept and broken."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from panoh.access.context import acting, acting_as_system
from panoh.access.models import Member
from panoh.access.queries import actor_for
from panoh.procedures.models import Case, Step
from panoh.procedures.operations.dues import recompute_dues
from panoh.protection.models import Incident, Intervention
from panoh.protection.queries.patterns import read_pattern
from panoh.protection.queries.supervision import list_supervised
from panoh.protection.rules.supervision import supervise
from panoh.rulebook import current
from tests.demo.conftest import UNTIL

pytestmark = pytest.mark.usefixtures("loaded")
SINCE, BEFORE = UNTIL - timedelta(days=900), UNTIL + timedelta(days=1)


def actor(username: str):
    return actor_for(Member.objects.select_related("account", "organisation", "office").get(account__username=username))


def test_each_track_of_each_procedure_has_cases_and_some_are_at_their_end():
    with acting_as_system("test"):
        found = Counter(Case.objects.values_list("procedure", "track"))
        closed = set(Case.objects.filter(closed_on__isnull=False).values_list("procedure", flat=True))
        under_way = set(Case.objects.filter(closed_on__isnull=True).values_list("procedure", flat=True))
    wanted = {(code, track) for code, versions in current().procedures.items() for track in versions[-1].tracks}
    assert found.keys() == wanted
    assert min(found.values()) >= 2, "simplified processing has two in a demo of this size"
    # In so small an operation a procedure has three cases; at the published size each has some of both.
    assert len(closed) > 8, closed
    assert len(under_way) > 8, under_way


def test_supervision_finds_safeguards_and_limits_kept_broken_and_unknown():
    found, stages = Counter(), Counter()
    for username in ("protection", "head"):
        one = actor(username)
        for code in current().procedures:
            with acting(one):
                cases = list_supervised(one, code, SINCE, BEFORE, UNTIL)
            counted = supervise(cases, current().procedures[code][-1], current(), UNTIL)
            for kept in counted.safeguards.values():
                found.update({"kept": kept.kept, "broken": kept.broken, "unknown": kept.unknown})
                if kept.code == "limits_met" and code == "asylum":
                    assert kept.kept, "some claims are decided inside all their limits"
                    assert kept.broken
            for stage in counted.stages:
                stages.update({"ended": stage.stopped, "late": stage.late})
    assert min(found[name] for name in ("kept", "broken", "unknown")) > 20, found
    assert stages["ended"] > stages["late"] > 10, stages


def test_an_act_that_counts_somebody_out_is_done_on_the_day_on_which_the_register_did_it():
    """Else the tables would say one thing and the case another."""
    counting = {
        (code, action.code)
        for code, versions in current().procedures.items()
        for action in versions[-1].actions.values()
        if code != "asylum" and any(effect.name == "set_group" and effect.when is None for effect in action.effects)
    }
    with acting_as_system("test"):
        steps = Step.objects.exclude(case__procedure="asylum").select_related("case__household")
        done = [one for one in steps if (one.case.procedure, one.action) in counting]
        days = {(one.occurred_on, one.case.household.closed_on) for one in done}
    assert all(acted == left for acted, left in days)


def test_the_clocks_of_the_told_cases_are_those_that_the_rules_compute():
    with acting_as_system("test"):
        assert recompute_dues(Case.objects.exclude(procedure="asylum"), current()) == 0


def test_every_kind_of_incident_was_told_and_two_clusters_ring():
    with acting(actor("protection")) as officer:
        kinds = set(Incident.objects.values_list("kind", flat=True))
        assert kinds >= {one.code for one in current().codes["incident_kinds"].in_force(UNTIL)} - {"DEPORTATION"}
        offices = [one.key for one in read_pattern(officer, "office", 90, UNTIL).judged if one.alarm and one.key]
        places = [one.key for one in read_pattern(officer, "kind", 30, UNTIL).judged if one.alarm and one.key]
        assert offices, "bribes at the border post"
        assert places, "people held at document checks"
        outcomes = set(Intervention.objects.values_list("outcome", flat=True))
    assert "" in outcomes, "some letters have no answer"
    assert len(outcomes) > 2
