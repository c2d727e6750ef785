"""The scores of a sitting: who has scored what, and, once the scoring is closed, what everybody gave and how it is ranked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from panoh.access.actor import Actor
from panoh.procedures.models import AgendaItem, Attendance, Conflict, PanelMarks, PanelScore, Ranking, Sitting
from panoh.procedures.queries.agenda import AgendaLine
from panoh.procedures.rules.ranking import Marks, Ranked, counted, rank
from panoh.procedures.rules.voting import VOTING_SEATS
from panoh.rulebook.model import ScoreSheet


@dataclass(frozen=True, slots=True)
class PanelLine:
    """One case: whose score is missing, and which marks count as far as they may be seen."""

    item: AgendaItem
    missing: frozenset[UUID]
    given: frozenset[UUID]
    counted: Mapping[UUID, Marks]


@dataclass(frozen=True, slots=True)
class Panel:
    """The scores of all cases that are still to be decided, in the order of the agenda."""

    lines: tuple[PanelLine, ...]

    def counted(self) -> dict[UUID, Mapping[UUID, Marks]]:
        return {line.item.pk: line.counted for line in self.lines}


def read_panel(sitting: Sitting, items: Sequence[AgendaItem] | None = None) -> Panel:
    """In a fixed number of questions, however many cases there are. Marks of others come only where the database shows them."""
    if items is None:
        items = list(sitting.items.filter(outcome=AgendaItem.WAITING).order_by("position"))
    attendance = list(sitting.attendance.all())
    panel = [line.member_id for line in attendance if line.seat in VOTING_SEATS]
    here = {line.member_id for line in attendance if line.present and line.seat in VOTING_SEATS}
    latest: dict[tuple[UUID, UUID], UUID] = {}
    for item_id, member_id, pk in (
        PanelScore.objects.filter(item__in=items).order_by("turn").values_list("item_id", "member_id", "id")
    ):
        latest[item_id, member_id] = pk
    marks = dict(PanelMarks.objects.filter(score__in=latest.values()).values_list("score_id", "given"))
    excluded: dict[UUID, set[UUID]] = {}
    for item_id, member_id in Conflict.objects.filter(item__in=items).values_list("item_id", "member_id"):
        excluded.setdefault(item_id, set()).add(member_id)
    lines = []
    for item in items:
        scores = {member: marks[latest[item.pk, member]] for member in panel if latest.get((item.pk, member)) in marks}
        out = frozenset(excluded.get(item.pk, ()))
        given = frozenset(member for member in panel if (item.pk, member) in latest and member not in out)
        lines.append(PanelLine(item, frozenset(here - given - out), given, counted(scores, panel, out)))
    return Panel(tuple(lines))


@dataclass(frozen=True, slots=True)
class MemberProgress:
    """How far one member is."""

    line: Attendance
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class RankedLine:
    """One line of the ranking as a page or the minutes show it."""

    agenda: AgendaLine
    ranked: Ranked
    members: tuple[Fraction | None, ...]
    """What each member of the panel gave, in the order of the attendance; None where she gave nothing that counts."""


@dataclass(frozen=True, slots=True)
class ScoresOnPage:
    """The scoring of a sitting as one reader sees it."""

    sheet: ScoreSheet
    ranking: Ranking | None
    progress: tuple[MemberProgress, ...]
    mine_next: AgendaItem | None
    """The next case that the reader has yet to score."""
    missing: int
    table: tuple[RankedLine, ...]
    panel: tuple[Attendance, ...]


def read_scores(
    actor: Actor, sitting: Sitting, sheet: ScoreSheet, attendance: Sequence[Attendance], agenda: Sequence[AgendaLine]
) -> ScoresOnPage:
    ranking = Ranking.objects.filter(sitting=sitting).first()
    panel = tuple(line for line in attendance if line.seat in VOTING_SEATS)
    by_item = {line.item.pk: line for line in agenda}
    if ranking is not None:
        ranked_ids = {UUID(line["item"]) for line in ranking.lines}
        read = read_panel(sitting, [by_item[pk].item for pk in by_item if pk in ranked_ids])
        table = tuple(
            RankedLine(
                by_item[one.item], one, tuple(one.members.get(line.member_id) for line in panel if line is not None)
            )
            for one in _as_kept(sheet, ranking, read)
        )
        return ScoresOnPage(sheet, ranking, (), None, 0, table, panel)
    read = read_panel(sitting, [line.item for line in agenda if line.item.outcome == AgendaItem.WAITING])
    progress = tuple(
        MemberProgress(
            line,
            sum(line.member_id in one.given for one in read.lines),
            sum(line.member_id in one.given or line.member_id in one.missing for one in read.lines),
        )
        for line in panel
        if line.present
    )
    mine = next((one.item for one in read.lines if actor.member_id in one.missing), None)
    return ScoresOnPage(sheet, None, progress, mine, sum(len(one.missing) for one in read.lines), (), panel)


def _as_kept(sheet: ScoreSheet, ranking: Ranking, read: Panel) -> list[Ranked]:
    """The order as it was closed; a reader who does not see every file sees the lines of those she does."""
    kept = {UUID(line["item"]): line for line in ranking.lines}
    found = []
    for line in read.lines:
        if not line.counted:
            continue
        one = rank(sheet, {line.item.pk: line.counted}, {})[0]
        told = kept[line.item.pk]
        found.append(
            Ranked(
                item=one.item, rank=told["rank"], score=Fraction(told["score"]), lowest=one.lowest, highest=one.highest,
                means=one.means, members=one.members, equal=told["equal"], apart_by=told["apart_by"], outcome=told["outcome"],
            )
        )  # fmt: skip
    order = {UUID(line["item"]): n for n, line in enumerate(ranking.lines)}
    return sorted(found, key=lambda one: order[one.item])


def find_own_marks(actor: Actor, item: AgendaItem) -> Marks:
    """What the reader gave last, or nothing."""
    last = (
        PanelScore.objects.filter(item=item, member_id=actor.member_id)
        .select_related("marks")
        .order_by("-turn")
        .first()
    )
    return last.marks.given if last else {}
