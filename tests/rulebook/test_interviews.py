"""Kinds of interviews in a procedure: what the loader refuses, all at once, and how each is mended."""

from __future__ import annotations

import shutil

import pytest

from panoh.project.installation import ROOT
from panoh.rulebook import RulebookError, load

FILE = "procedures/resettlement.yaml"
BROKEN = [
    ("    takes_from_states: [submitted]\n    country:", "    takes_from_states: [ready]\n    country:", "takes cases from states from which 'call_to_mission' cannot be done"),
    ("fills: {day: interview_on, hour: interview_at, place: place}", "fills: {day: interview_at, hour: interview_hour}", "'interview_at' takes a text, not a day"),
    ("fills: {day: interview_on, hour: interview_at, place: place}", "fills: {day: interview_at, hour: interview_hour}", "the action 'call_to_mission' has no field 'interview_hour'"),
    ('missed: {action: mission_interview, answers: {came: "false"}}', 'missed: {action: mission_interview, answers: {come: "false"}}', "the action 'mission_interview' has no field 'come' — did you mean 'came'?"),
    ("urgencies: {EM: emergency,", "urgencies: {EM: emergancy,", "unknown urgency 'emergancy' — did you mean 'emergency'?"),
    ("calls_off: call_off_mission", "calls_off: call_of_mission", "unknown action 'call_of_mission'"),
    ("    legal_basis: [resettlement_handbook.4.7]\n\nsafeguards", "\nsafeguards", "the interviews 'circuit_ride' have no legal basis"),
]  # fmt: skip


def test_what_is_wrong_with_interviews_is_told_at_once_with_file_and_line(tmp_path):
    country = tmp_path / "tj"
    shutil.copytree(ROOT / "countries" / "tj", country)
    path = country / FILE
    text = path.read_text(encoding="utf-8")
    for old, new, _message in dict.fromkeys(BROKEN):
        assert old in text or new in text, old
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RulebookError) as refused:
        load(country)
    told = [str(fault) for fault in refused.value.faults]
    for _old, _new, message in BROKEN:
        assert any(message in one for one in told), (message, told)
    assert all(one.startswith(f"{FILE}:") for one in told)


def test_an_urgency_without_its_meaning_is_normal():
    rule = load(ROOT / "countries" / "tj").procedures["resettlement"][-1].interviews["circuit_ride"]
    assert rule.urgencies.get("?", "normal") == "normal"
    assert (rule.appoints, rule.held.action, rule.missed.answers["came"]) == (
        "call_to_mission",
        "mission_interview",
        "false",
    )
