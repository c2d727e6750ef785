"""Runs the situations that a lawyer reads (`situations/*.yaml`) against the rulebook of Tajikistan."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from panoh import rulebook
from panoh.rulebook import NoRuleInForce
from panoh.rulebook.deadlines import Extension, Moment, Pause, deadline, runs
from panoh.rulebook.law import Amount
from panoh.rulebook.reasoning import explain_all

HERE = Path(__file__).parent / "situations"


def read(name: str) -> list[dict[str, Any]]:
    return yaml.safe_load((HERE / name).read_text(encoding="utf-8"))


TIME_LIMITS = read("time_limits.yaml")
IN_FORCE = read("in_force.yaml")


@pytest.fixture(scope="module")
def book():
    return rulebook.load("tj")


def answer_to(book, situation):
    """The deadline of a situation, put together from acts and barriers as the engine does it."""
    procedure = book.procedure("asylum", situation["happened"][0]["day"])
    rule = procedure.clocks[situation["clock"]]
    acts = [
        (Moment(act["day"], seq, act["act"]), act.get("facts", {})) for seq, act in enumerate(situation["happened"])
    ]
    for moment, _facts in acts:
        assert moment.act in procedure.actions, f"the procedure has no act {moment.act}"
    starts = [
        moment
        for moment, facts in acts
        if moment.act in rule.starts_on and (rule.starts_when is None or rule.starts_when.holds(facts))
    ]
    stops = [moment for moment, _facts in acts if moment.act in rule.stops_on]
    pauses = [
        Pause(one["from"], one.get("to"), one["kind"])
        for one in situation.get("suspended", ())
        if one["kind"] in rule.paused_by_barriers
    ]
    extensions = [
        Extension(moment.on, book.value(rule.extension, moment.on).amount)
        for moment, _facts in acts
        if moment.act == rule.extended_by
    ]
    stretches = runs(starts, stops, situation["asked_on"])
    value = book.value(rule.limit, stretches[-1].start.on) if stretches else None
    return procedure, deadline(
        rule, starts, stops, pauses, extensions, value, book.country.work_calendar, situation["asked_on"]
    )


@pytest.mark.parametrize("situation", TIME_LIMITS, ids=[one["situation"] for one in TIME_LIMITS])
def test_time_limit(book, situation):
    procedure, answer = answer_to(book, situation)
    expect = situation["expect"]
    assert situation["article"] in procedure.clocks[situation["clock"]].legal_basis
    if expect.get("not_started"):
        assert answer.started_on is None
        return
    assert answer.due_on == (None if expect["ends"] == "none" else expect["ends"])
    found = {
        "elapsed_ends": answer.elapsed_due_on,
        "left": answer.legal_days_left,
        "late": answer.is_late,
        "late_elapsed": answer.is_late_by_elapsed_clock,
        "verified": not answer.unverified,
        "provisional": answer.provisional,
        "paused": answer.is_paused,
    }
    assert {name: found[name] for name in expect if name != "ends"} == {
        name: wanted for name, wanted in expect.items() if name != "ends"
    }


@pytest.mark.parametrize("language", ["en", "ru", "tg", "prs"])
@pytest.mark.parametrize("situation", TIME_LIMITS, ids=[one["situation"] for one in TIME_LIMITS])
def test_every_answer_can_be_explained_in_every_language(book, situation, language):
    procedure, answer = answer_to(book, situation)
    sentences = explain_all(answer, language, book, procedure)
    assert len(sentences) == len(answer.reasoning)
    for sentence in sentences:
        assert sentence.strip() and "{" not in sentence and "None" not in sentence
        assert sentence[-1] in ".؟" and not sentence.endswith("..")
    if language == "prs":
        ours = [one for one, line in zip(sentences, answer.reasoning, strict=True) if line.code != "unverified"]
        assert not any(digit in "".join(ours) for digit in "0123456789")


@pytest.mark.parametrize("situation", IN_FORCE, ids=[one["situation"] for one in IN_FORCE])
def test_in_force(book, situation):
    for expected in situation["values"]:
        if expected.get("nothing"):
            with pytest.raises(NoRuleInForce):
                book.value(expected["id"], expected["day"])
            continue
        found = book.value(expected["id"], expected["day"])
        shown = f"{found.value.amount} {found.value.unit}" if isinstance(found.value, Amount) else str(found.value)
        assert (shown, found.confidence == "verified") == (expected["is"], expected["verified"]), expected["id"]


def test_every_clock_of_the_procedure_has_a_situation(book):
    clocks = set(book.procedure("asylum", date(2025, 1, 1)).clocks)
    assert {one["clock"] for one in TIME_LIMITS} == clocks
