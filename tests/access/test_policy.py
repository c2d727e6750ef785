"""decide(): each reason for a refusal, and that it is the only thing that stands between refused and allowed."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from panoh.access import verbs
from panoh.access.policy import check, decide
from panoh.access.verbs import Verb
from panoh.kernel.ids import new_id
from panoh.kernel.problems import Problem


@pytest.fixture
def trial_verbs(monkeypatch):
    monkeypatch.setattr(verbs, "_verbs", dict(verbs._verbs))
    roles = frozenset({"eligibility_officer", "protection_officer"})
    verbs.declare(
        Verb("trial.file.change", roles, on="household", reads=("narrative",)),
        Verb("trial.file.note", roles, on="household", shared=True),
        Verb("trial.file.confirm", roles, on="household", shared=True, needs=(not_my_own,)),
    )


def not_my_own(actor, thing) -> str | None:
    return "access.override.own_review" if thing.prepared_by_id == actor.member_id else None


def file_of(organisation_id, prepared_by_id=None):
    return SimpleNamespace(custodian_id=organisation_id, prepared_by_id=prepared_by_id)


def test_a_role_without_the_verb_is_refused(world, trial_verbs) -> None:
    officer, clerk = world.actor("eligibility_officer"), world.actor("registration_clerk")
    thing = file_of(officer.organisation_id)
    assert decide(officer, "trial.file.change", thing).allowed
    assert decide(clerk, "trial.file.change", thing).reason == "access.verb.refused_role"


def test_a_purpose_that_is_not_the_roles_is_refused(world, trial_verbs) -> None:
    officer = world.actor("eligibility_officer")
    assert decide(officer, "trial.file.note").allowed
    assert decide(replace(officer, purpose="assistance"), "trial.file.note").reason == "access.verb.refused_purpose"


def test_a_class_that_the_role_does_not_read_is_refused(world, trial_verbs) -> None:
    officer = world.actor("eligibility_officer")
    blind = replace(officer, classes=officer.classes - {"narrative"})
    assert decide(officer, "trial.file.change").allowed
    assert decide(blind, "trial.file.change").reason == "access.verb.refused_class"


def test_only_the_custodian_changes_a_file_unless_the_verb_is_shared(world, trial_verbs) -> None:
    officer = world.actor("protection_officer")
    theirs, ours = file_of(world.organisations["authority"].pk), file_of(officer.organisation_id)
    assert decide(officer, "trial.file.change", ours).allowed
    assert decide(officer, "trial.file.change", theirs).reason == "access.verb.refused_custodian"
    assert decide(officer, "trial.file.note", theirs).allowed


def test_conditions_can_only_refuse(world, trial_verbs) -> None:
    officer = world.actor("eligibility_officer")
    assert decide(officer, "trial.file.confirm", file_of(officer.organisation_id, new_id())).allowed
    own = decide(officer, "trial.file.confirm", file_of(officer.organisation_id, officer.member_id))
    assert own.reason == "access.override.own_review"


def test_check_raises_the_reason(world) -> None:
    with pytest.raises(Problem) as refused:
        check(world.actor("registration_clerk"), "access.member.add")
    assert refused.value.code == "access.verb.refused_role"
    check(world.actor("administrator"), "access.member.add")


def test_a_verb_that_nobody_declared_is_a_fault_not_a_refusal(world) -> None:
    with pytest.raises(KeyError):
        decide(world.actor("administrator"), "access.member.vanish")


def test_a_verb_cannot_change_its_meaning(trial_verbs) -> None:
    verbs.declare(verbs.get_verb("trial.file.note"))
    with pytest.raises(ValueError, match="declared twice"):
        verbs.declare(Verb("trial.file.note", frozenset({"auditor"})))
