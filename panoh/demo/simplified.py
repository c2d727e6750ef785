"""Claims under the mandate that were manifestly well founded: told by the short way, with a full interview and without review."""

from __future__ import annotations

from dataclasses import replace

from panoh.demo.steps import MANDATE, NARRATIVES_FROM, PlannedCase, PlannedStep

SIMPLIFIED = "simplified"
ONE_IN = 2
LEFT_OUT = ("record_assessment", "review")


def simplified_where_fit(case: PlannedCase, key: int) -> PlannedCase:
    """Every second claim under the mandate that ended in recognition; the others as they are."""
    decided = next((step for step in case.steps if step.action == "decide_mandate"), None)
    if case.track != MANDATE or decided is None or key % ONE_IN:
        return case
    if any(about.get("outcome") != "recognised" for about in decided.persons.values()):
        return case
    return PlannedCase(SIMPLIFIED, case.persons, [_short(step) for step in case.steps if step.action not in LEFT_OUT])


def _short(step: PlannedStep) -> PlannedStep:
    if step.action == "apply_mandate":
        facts = {name: value for name, value in step.facts.items() if name != "why_mandate"}
        return replace(step, action="apply_simplified", facts=facts | {"why_simplified": "well_founded"})
    if step.action == "decide_mandate":
        assessed = {"short_assessment": "The account fits the profile, and nothing speaks against it."}
        facts = step.facts | (assessed if step.on >= NARRATIVES_FROM else {})
        return replace(step, action="decide_simplified", facts=facts)
    return step
