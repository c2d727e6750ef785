"""Steps that a procedure includes: what they bring, what a procedure's own words change, and where each error is shown."""

from __future__ import annotations

import shutil

import pytest

from panoh import rulebook
from panoh.rulebook import RulebookError
from panoh.rulebook.loader import directory_of


@pytest.fixture
def country(tmp_path):
    """A copy of the country's rulebook that a test may spoil."""
    return shutil.copytree(directory_of("tj"), tmp_path / "tj")


def faults_of(country) -> list[str]:
    with pytest.raises(RulebookError) as caught:
        rulebook.load(country)
    return [str(fault) for fault in caught.value.faults]


def spoil(country, file: str, old: str, new: str) -> int:
    """Puts one text for another, once; gives the line on which it stands."""
    path = country / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_included_acts_stand_before_those_that_end_a_case(tajikistan):
    unity = tajikistan.procedures["family_unity"][-1]
    codes = list(unity.actions)
    assert codes.index("decide") < codes.index("lodge_appeal") < codes.index("close_refused")
    assert list(unity.states).index("under_appeal") < list(unity.states).index("closed_without_status")


def test_what_a_procedure_says_itself_stands_instead_of_the_included_part(tajikistan):
    asylum, unity = tajikistan.procedures["asylum"][-1], tajikistan.procedures["family_unity"][-1]
    assert "application_kind" in {one.name for one in asylum.actions["lodge_appeal"].form}
    assert "application_kind" not in {one.name for one in unity.actions["lodge_appeal"].form}
    assert "accepted" in asylum.actions["book_interpreter"].from_states
    assert asylum.clocks["appeal_decision"].tracks == ("government",)


def test_a_parameter_stands_wherever_it_is_named_also_among_others(tajikistan):
    unity = tajikistan.procedures["family_unity"][-1]
    assert unity.actions["lodge_appeal"].from_states == ("refused",)
    assert unity.actions["lodge_late_appeal"].from_states == ("refused", "closed_without_status")
    assert unity.clocks["appeal_window"].stops_on == ("lodge_appeal", "lodge_late_appeal", "close_refused")
    assert unity.clocks["appeal_window"].limit == "asylum.appeal_window"
    assert unity.actions["refuse_late"].end_states() == ("refused", "closed_without_status")


def test_a_wrong_word_in_the_steps_is_shown_where_it_stands(country):
    line = spoil(country, "steps/appeal.yaml", "to: appeal_adjourned", "to: appeal_ajourned")
    found = [one for one in faults_of(country) if "unknown state 'appeal_ajourned'" in one]
    assert {one.split(": ")[0] for one in found} == {f"steps/appeal.yaml:{line}"}
    assert any("'family_unity'" in one and "did you mean 'appeal_adjourned'?" in one for one in found)


def test_a_wrong_word_that_was_given_is_shown_where_it_was_given(country):
    line = spoil(country, "procedures/family_unity.yaml", "against: [refused]", "against: [refuse]")
    found = [one for one in faults_of(country) if "unknown state 'refuse'" in one]
    assert found and {one.split(": ")[0] for one in found} == {f"procedures/family_unity.yaml:{line}"}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("    against: [refused]\n", "", "the steps 'appeal' need 'against' — add `against: …`"),
        ("against: [refused]", "agianst: [refused]", "unknown key 'agianst' in 'appeal' — did you mean 'against'?"),
        ("include:\n  appeal:", "include:\n  appeals:", "there are no steps 'appeals' — did you mean 'appeal'?"),
    ],
)
def test_what_a_procedure_says_wrong_of_its_steps_is_refused(country, old, new, message):
    spoil(country, "procedures/family_unity.yaml", old, new)
    assert any("procedures/family_unity.yaml" in one and message in one for one in faults_of(country))


def test_a_parameter_that_nobody_declared_is_refused(country):
    line = spoil(country, "steps/appeal.yaml", "from: $against", "from: $agianst")
    assert any(
        f"steps/appeal.yaml:{line}: no parameter is called '$agianst' — did you mean 'against'?" in one
        for one in faults_of(country)
    )


def test_steps_that_nobody_includes_are_refused(country):
    (country / "steps" / "lonely.yaml").write_text("parameters: {}\n", encoding="utf-8")
    assert any("no procedure includes the steps 'lonely'" in one for one in faults_of(country))


def test_a_way_back_leads_to_an_act_that_exists(country):
    spoil(country, "steps/appeal.yaml", "to: {before: [lodge_late_appeal]}", "to: {before: [lodge_late]}")
    assert any("unknown action 'lodge_late' in procedure" in one for one in faults_of(country))
