"""Runs the situations that a lawyer reads (`situations/*.yaml`) against the rulebook of Tajikistan."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from panoh import rulebook
from panoh.kernel.ids import new_id
from panoh.procedures.rules.clocks import BarrierFact, clock_inputs, compute_deadline
from panoh.procedures.rules.situation import Act
from panoh.rulebook import NoRuleInForce
from panoh.rulebook.deadlines import Deadline
from panoh.rulebook.law import Amount
from panoh.rulebook.model import ClockRule, FrozenMap, Procedure, Rulebook
from panoh.rulebook.reasoning import explain_all

HERE = Path(__file__).parent / "situations"
SOMEBODY = new_id()


def read(path: Path) -> list[dict[str, Any]]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


TIME_LIMITS = [
    {"procedure": path.stem, **situation}
    for path in sorted((HERE / "time_limits").glob("*.yaml"))
    for situation in read(path)
]
NAMES = [f"{one['procedure']}: {one['situation']}" for one in TIME_LIMITS]
IN_FORCE = read(HERE / "in_force.yaml")


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return rulebook.load("tj")


def acts_of(procedure: Procedure, situation: dict[str, Any]) -> list[Act]:
    """What happened, as the engine keeps it. Where answers decide the state, the situation says it."""
    acts, state = [], procedure.initial_state().code
    for seq, told in enumerate(situation["happened"], start=1):
        assert told["act"] in procedure.actions, f"the procedure has no act {told['act']}"
        action = procedure.actions[told["act"]]
        ends = {*action.end_states()} or {told.get("to", state)}
        to = told.get("to") or (action.to_state or (state if action.to_by is None else sorted(ends)[0]))
        assert to in ends, f"{told['act']} does not lead to {to}, but to one of {sorted(ends)}"
        acts.append(Act(seq, action.code, told["day"], SOMEBODY, state, to, told.get("facts", {})))
        state = to
    return acts


def amended(book: Rulebook, change: dict[str, Any]) -> Rulebook:
    """The rulebook with one length of time changed from a day on."""
    last = book.values[change["value"]][-1]
    assert last.valid_from < change["from"] and last.valid_to is None
    later = replace(
        last, valid_from=change["from"], value=replace(last.amount, amount=change["amount"]),
        applies_to_running=change["transition"] == "running",
    )  # fmt: skip
    versions = (*book.values[change["value"]][:-1], replace(last, valid_to=change["from"]), later)
    return replace(book, values=FrozenMap({**book.values, change["value"]: versions}))


def answer_to(book: Rulebook, situation: dict[str, Any]) -> tuple[Procedure, Deadline | None]:
    """The deadline of a situation, computed by the engine's own rules; None where the clock has not started."""
    if "amended" in situation:
        book = amended(book, situation["amended"])
    procedure = book.procedure(situation["procedure"], situation["happened"][0]["day"])
    rule = procedure.clocks[situation["clock"]]
    barriers = [BarrierFact(one["kind"], one["from"], one.get("to")) for one in situation.get("suspended", ())]
    inputs = clock_inputs(rule, procedure, acts_of(procedure, situation), barriers)
    return procedure, inputs and compute_deadline(rule, inputs, book, situation["asked_on"])


@pytest.mark.parametrize("situation", TIME_LIMITS, ids=NAMES)
def test_time_limit(book: Rulebook, situation: dict[str, Any]):
    procedure, answer = answer_to(book, situation)
    expect = situation["expect"]
    assert situation["article"] in procedure.clocks[situation["clock"]].legal_basis
    if expect.get("not_started"):
        assert answer is None
        return
    assert answer is not None, "the clock has not started"
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
@pytest.mark.parametrize("situation", TIME_LIMITS, ids=NAMES)
def test_every_answer_can_be_explained_in_every_language(book, situation, language):
    procedure, answer = answer_to(book, situation)
    if answer is None:
        assert situation["expect"] == {"not_started": True}
        return
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


CLOCKS = [
    (versions[-1].code, rule)
    for versions in rulebook.current().procedures.values()
    for rule in versions[-1].clocks.values()
]


@pytest.mark.parametrize(("code", "rule"), CLOCKS, ids=[f"{code}-{rule.code}" for code, rule in CLOCKS])
def test_every_clock_was_counted_by_hand(code: str, rule: ClockRule):
    """Twice with an end, and once for each thing that can stop it, lengthen it or spare somebody from it. A clock of steps that many
    procedures include is counted once for each length that they give it."""
    of_all = {(one, other.code): other.limit for one, other in CLOCKS}
    counted = [
        one for one in TIME_LIMITS if one["clock"] == rule.code and of_all[one["procedure"], one["clock"]] == rule.limit
    ]
    assert missing_of(rule, counted) == []


def missing_of(rule: ClockRule, counted: list[dict[str, Any]]) -> list[str]:
    ended = [one for one in counted if not one["expect"].get("not_started")]
    done = Counter(act["act"] for one in ended for act in one["happened"])
    barriers = {one["kind"] for situation in ended for one in situation.get("suspended", ())}
    wanted = {
        "two situations with an end": len(ended) >= 2,
        "two situations with different ends": len({one["expect"]["ends"] for one in ended}) >= 2,
        "a barrier": not rule.paused_by_barriers or barriers & set(rule.paused_by_barriers),
        "a pause": not rule.pauses_on or any(done[act] for act in rule.pauses_on),
        "an extension": not rule.extended_by or done[rule.extended_by],
        "somebody whom it does not concern": rule.starts_when is None
        or any(one["expect"].get("not_started") for one in counted),
    }
    return [what for what, there in wanted.items() if not there]


def test_a_clock_that_nobody_counted_is_found():
    """The check above can fail: without its situations each clock lacks them, and a paused one its pause."""
    for _code, rule in CLOCKS:
        assert "two situations with an end" in missing_of(rule, [])
    paused = next(rule for _code, rule in CLOCKS if rule.pauses_on)
    counted = [one for one in TIME_LIMITS if one["clock"] == paused.code]
    never_paused = [one for one in counted if not {act["act"] for act in one["happened"]} & set(paused.pauses_on)]
    assert "a pause" in missing_of(paused, never_paused)


def test_situations_are_about_clocks_that_there_are():
    known = {(code, rule.code) for code, rule in CLOCKS}
    assert {(one["procedure"], one["clock"]) for one in TIME_LIMITS} <= known
