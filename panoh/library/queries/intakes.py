"""Files that an actor brought: how far they are, and what became of every source in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet

from panoh.access.actor import Actor
from panoh.kernel.problems import Problem
from panoh.library.models import Document, Doubt, Intake, IntakeFile, IntakeLine
from panoh.library.queries.documents import visible_to

SHOWN_INTAKES = 20
SHOWN_SOURCES = 50
SHOWN_LEFT_OUT = 100


@dataclass(slots=True)
class FileOutcome:
    """One file with the number of its sources by outcome."""

    file: IntakeFile
    many: Counter[str] = field(default_factory=Counter)

    @property
    def sources(self) -> int:
        return self.many.total()


@dataclass(slots=True)
class Outcome:
    """All of an intake, for its page."""

    files: list[FileOutcome]
    documents: list[Document]  # those with something to settle first, `unsure`
    unsettled: int
    closed: int
    left_out: Sequence[IntakeLine]
    left_standing: Sequence[IntakeLine]
    withdrawn: int
    restored: int
    may_retry: bool

    @property
    def many(self) -> Counter[str]:
        return sum((one.many for one in self.files), Counter())

    @property
    def brought(self) -> int:
        return self.many[IntakeLine.NEW] + self.many[IntakeLine.CHANGED]


def intakes_of(actor: Actor) -> QuerySet[Intake]:
    return Intake.objects.filter(member_id=actor.member_id)


def list_intakes(actor: Actor) -> list[tuple[Intake, list[str]]]:
    """The last ones, each with the names of its files."""
    rows = intakes_of(actor).order_by("-asked_at", "-id")[:SHOWN_INTAKES]
    names: dict[UUID, list[str]] = {one.pk: [] for one in rows}
    files = IntakeFile.objects.filter(intake_id__in=names).order_by("position").values_list("intake_id", "name")
    for intake_id, name in files:
        names[intake_id].append(name)
    return [(one, names[one.pk]) for one in rows]


def obtain_intake(actor: Actor, intake_id: UUID) -> Intake:
    found = intakes_of(actor).filter(pk=intake_id).first()
    if found is None:
        raise Problem("access.thing.not_found")
    return found


def progress_of(intake: Intake) -> tuple[int, int]:
    """(sources that are through, sources of all files); the latter 0 while a file has not been opened yet."""
    if intake.act == Intake.UNDO:
        brought = IntakeLine.objects.filter(file__intake=intake, outcome__in=[IntakeLine.NEW, IntakeLine.CHANGED])
        return brought.exclude(undone="").count(), brought.count()
    files = list(intake.files.values_list("done", "pieces"))
    known = all(pieces is not None for _done, pieces in files)
    return sum(done for done, _pieces in files), sum(pieces or 0 for _done, pieces in files) if known else 0


def outcome_of(actor: Actor, intake: Intake) -> Outcome:
    files = {one.pk: FileOutcome(one) for one in intake.files.defer("content").order_by("position")}
    lines = IntakeLine.objects.filter(file__intake=intake)
    for file_id, outcome, many in lines.values_list("file_id", "outcome").annotate(many=Count("id")):
        files[file_id].many[outcome] = many
    here = visible_to(actor).filter(pk__in=lines.filter(document__isnull=False).values("document_id"))
    here = here.annotate(unsure=Exists(Doubt.objects.filter(document=OuterRef("pk"), settled_at=None)))
    undone = Counter(lines.exclude(undone="").values_list("undone", flat=True))
    of_documents = lines.filter(document__isnull=False).values("document_id").distinct().count()
    return Outcome(
        files=list(files.values()),
        documents=list(here.order_by("-unsure", "refid")[:SHOWN_SOURCES]),
        unsettled=here.filter(unsure=True).count(),
        closed=of_documents - here.count(),
        left_out=lines.filter(outcome=IntakeLine.REFUSED).order_by("file__position", "position")[:SHOWN_LEFT_OUT],
        left_standing=lines.filter(undone=IntakeLine.LEFT).order_by("file__position", "position")[:SHOWN_LEFT_OUT],
        withdrawn=undone[IntakeLine.WITHDRAWN],
        restored=undone[IntakeLine.RESTORED],
        may_retry=intake.files.filter(content__isnull=False).exists(),
    )
