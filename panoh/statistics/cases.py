"""How many cases of a procedure began in a year, by month, track, place on their way and what their forms say by code; small numbers blank.

Cases about nobody's file (a complaint without a name) are counted like all others. Whoever asks counts the cases that she may see: what is
confined to one organisation, or hidden from an office, is in no figure of others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from panoh.access.actor import Actor
from panoh.procedures.models import CasePerson, Step
from panoh.procedures.queries.cases import visible_to
from panoh.rulebook.model import Procedure
from panoh.statistics.disclosure import THRESHOLD, suppressed

MONTH, TRACK, STATE, OUTCOME = "month", "track", "state", "outcome"
NOT_SAID = ""


@dataclass(frozen=True, slots=True)
class CaseCount:
    """The cases of a year, and each way in which they are divided; None where a number is too small to be told."""

    total: int | None
    parts: Mapping[str, Mapping[str, int | None]]
    """By what they are divided: month, track, state, a field of the forms, the outcomes of persons."""


def count_cases(actor: Actor, procedure: Procedure, year: int) -> CaseCount:
    """All cases of this procedure that were opened in the year, as they stand today."""
    cases = visible_to(actor).filter(procedure=procedure.code, opened_on__year=year)
    found = list(cases.values_list("id", "opened_on", "track", "state"))
    counted: dict[str, Counter[str]] = {
        MONTH: Counter(str(opened_on.month) for _id, opened_on, _track, _state in found),
        TRACK: Counter(track for _id, _opened_on, track, _state in found),
        STATE: Counter(state for _id, _opened_on, _track, state in found),
    }
    told_by = procedure.statistics.told_by if procedure.statistics else ()
    ids = [one[0] for one in found]
    if told_by and ids:
        said = dict[str, dict[object, str]]()
        for case, facts in Step.objects.filter(case__in=ids).order_by("case_id", "seq").values_list("case_id", "facts"):
            for name in told_by:
                if name in facts:
                    said.setdefault(name, {})[case] = str(facts[name])
        for name in told_by:
            counted[name] = Counter(said.get(name, {}).get(case, NOT_SAID) for case in ids)
    outcomes = CasePerson.objects.filter(case__in=ids).exclude(outcome="").values_list("outcome", flat=True)
    return with_care(len(found), counted, Counter(outcomes))


def with_care(total: int, counted: Mapping[str, Counter[str]], outcomes: Counter[str]) -> CaseCount:
    """What may be told. Each division adds up to the total, so a lone blank would follow from it; the outcomes count persons and
    stand by themselves."""
    if 0 < total < THRESHOLD:
        return CaseCount(None, {})
    cells: dict[tuple[str, str], int] = {("", ""): total}
    for by, counts in counted.items():
        cells |= {(by, key): many for key, many in counts.items()}
    sums = [{("", ""): -1} | {(by, key): 1 for key in counts} for by, counts in counted.items()]
    together = {(OUTCOME, key): many for key, many in outcomes.items()}
    blank = suppressed(cells, sums) | suppressed(together | {(OUTCOME, ""): outcomes.total()}, _adds_up(together))
    parts = {
        by: {key: None if (by, key) in blank else many for key, many in counts.items()}
        for by, counts in (*counted.items(), (OUTCOME, outcomes))
        if counts
    }
    return CaseCount(total, parts)


def _adds_up(together: Mapping[tuple[str, str], int]) -> Sequence[dict[tuple[str, str], int]]:
    return [{(OUTCOME, ""): -1} | dict.fromkeys(together, 1)] if together else []
