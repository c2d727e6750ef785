"""What the scores of a panel come to: a score of a hundred for each case, an order, and who gets one of the places. Pure.

Exact fractions, so that nobody stands above another by a rounding. A case's score is the mean of what its members gave; a member
in conflict on a case gives it none. Equal scores are told apart by the criteria, the heaviest first; who is equal in those too
stands equal, and where the places do not suffice for all who stand equal, none of them is put above the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from panoh.kernel.problems import Problem, Problems
from panoh.rulebook.model import ScoreSheet

Marks = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Ranked:
    """One case in the order. `apart_by` names the criterion that told it apart from the one before with the same score."""

    item: UUID
    rank: int
    score: Fraction
    lowest: Fraction
    highest: Fraction
    means: Mapping[str, Fraction]
    members: Mapping[UUID, Fraction]
    equal: int
    apart_by: str
    outcome: str

    @property
    def spread(self) -> Fraction:
        return self.highest - self.lowest


def check_marks(sheet: ScoreSheet, given: Mapping[str, object]) -> dict[str, int]:
    """The marks of one member for one case: a whole number for each criterion, within its range. Raises all that is wrong."""
    found: dict[str, int] = {}
    problems: list[Problem] = []
    for one in sheet.criteria.values():
        text = str(given.get(one.code, "")).strip()
        digits = text.isascii() and text.isdigit() and len(text) < 6
        if not digits or not one.lowest <= int(text) <= one.highest:
            problems.append(
                Problem("procedures.score.out_of_range", field=one.code, lowest=one.lowest, highest=one.highest)
            )
        else:
            found[one.code] = int(text)
    if problems:
        raise Problems(problems)
    return found


def total(sheet: ScoreSheet, marks: Marks) -> Fraction:
    """What one member's marks come to, of a hundred."""
    return sum(
        (
            Fraction(one.weight * (marks[one.code] - one.lowest), one.highest - one.lowest)
            for one in sheet.criteria.values()
        ),
        Fraction(0),
    )


def counted(scores: Mapping[UUID, Marks], panel: Iterable[UUID], excluded: frozenset[UUID]) -> dict[UUID, Marks]:
    """The scores of a case that count: of members of the panel, without those in conflict. The second lock after the door."""
    return {member: scores[member] for member in panel if member in scores and member not in excluded}


def rank(
    sheet: ScoreSheet, scores: Mapping[UUID, Mapping[UUID, Marks]], places: Mapping[str, int]
) -> tuple[Ranked, ...]:
    """The order of all cases (by item) and what each is given. Every case needs at least one score."""
    heaviest = sorted(sheet.criteria.values(), key=lambda one: -one.weight)
    means = {
        item: {one.code: _mean(marks[one.code] for marks in given.values()) for one in heaviest}
        for item, given in scores.items()
    }
    totals = {item: {member: total(sheet, marks) for member, marks in given.items()} for item, given in scores.items()}
    score = {item: _mean(given.values()) for item, given in totals.items()}
    key = {item: (score[item], *(means[item][one.code] for one in heaviest)) for item in scores}
    order = sorted(scores, key=lambda item: (*(-part for part in key[item]), item))
    found: list[Ranked] = []
    before = None
    for item in order:
        # The places needed so that this case and all as good as it have one: a better mark can only lower the number.
        needed = sum(other >= key[item] for other in key.values())
        apart = ""
        if before is not None and score[before] == score[item] and key[before] != key[item]:
            apart = next(one.code for one in heaviest if means[before][one.code] != means[item][one.code])
        found.append(
            Ranked(
                item=item,
                rank=1 + sum(other > key[item] for other in key.values()),
                score=score[item],
                lowest=min(totals[item].values()),
                highest=max(totals[item].values()),
                means=means[item],
                members=totals[item],
                equal=sum(other == key[item] for other in key.values()) - 1,
                apart_by=apart,
                outcome=_outcome(sheet, score[item], needed, places),
            )
        )
        before = item
    return tuple(found)


def _outcome(sheet: ScoreSheet, score: Fraction, needed: int, places: Mapping[str, int]) -> str:
    """The best answer whose places, with those of the better answers, suffice; what is left over of one falls to the next."""
    if sheet.least is not None and score < sheet.least:
        return sheet.rest
    suffices = 0
    for answer in sheet.ranked:
        suffices += places.get(answer, 0)
        if needed <= suffices:
            return answer
    return sheet.rest


def _mean(values: Iterable[Fraction | int]) -> Fraction:
    found = [Fraction(value) for value in values]
    return sum(found, Fraction(0)) / len(found)
