"""Files that a member brought over a page: taken in after the answer, and taken back as a whole if she asks.

They are seen by whoever brought them alone: a name or a title among them may be of a source that is closed to colleagues.
"""

from django.db import models
from django.db.models import Q

from panoh.kernel.ids import new_id
from panoh.library.models.documents import Document


class Intake(models.Model):
    """What is to be done with the files, and how it ended. Carried out by `library.keeping`, a batch at a time, as the member who asked.

    `tries` counts how often the keeper began at the place where it stands; a batch that is through sets it back.
    """

    TAKE, UNDO = "take", "undo"
    WAITS, DONE, REFUSED = "waits", "done", "refused"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey("access.Organisation", on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey("access.Member", on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=20)
    act = models.CharField(max_length=10, default=TAKE)
    state = models.CharField(max_length=10, default=WAITS)
    unmarked = models.CharField(max_length=60, blank=True, help_text="the classification of what bears none")
    tries = models.PositiveSmallIntegerField(default=0)
    refusal = models.JSONField(null=True)
    asked_at = models.DateTimeField()

    class Meta:
        db_table_comment = "Files brought over a page, to be taken in or taken back; seen by whoever brought them."
        constraints = [
            models.CheckConstraint(condition=Q(act__in=["take", "undo"]), name="intake_act_known"),
            models.CheckConstraint(condition=Q(state__in=["waits", "done", "refused"]), name="intake_state_known"),
            models.CheckConstraint(
                condition=Q(state="refused", refusal__isnull=False) | ~Q(state="refused"), name="intake_refusal_told"
            ),
        ]


class IntakeFile(models.Model):
    """One file as it came, kept until all of it is taken in. `done` of its `pieces` are through: there the next batch begins."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    intake = models.ForeignKey(Intake, on_delete=models.CASCADE, related_name="files")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=300)
    size = models.PositiveIntegerField()
    content = models.BinaryField(null=True)
    pieces = models.PositiveIntegerField(null=True, help_text="how many sources are in it; unknown until it is opened")
    done = models.PositiveIntegerField(default=0)
    finished = models.BooleanField(default=False)

    class Meta:
        db_table_comment = "Files of an intake, each with how far it is."
        constraints = [models.UniqueConstraint(fields=["intake", "position"], name="intakefile_in_order")]


class IntakeLine(models.Model):
    """What became of one source in a file, and of its taking back."""

    NEW, CHANGED, UNCHANGED, REFUSED = "new", "changed", "unchanged", "refused"
    WITHDRAWN, RESTORED, LEFT = "withdrawn", "restored", "left"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    file = models.ForeignKey(IntakeFile, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=300)
    outcome = models.CharField(max_length=10)
    why = models.CharField(max_length=40, blank=True)
    document = models.ForeignKey(Document, null=True, on_delete=models.PROTECT, related_name="+")
    content_sha256 = models.CharField(max_length=64, blank=True)
    undone = models.CharField(max_length=10, blank=True)

    class Meta:
        db_table_comment = "Sources of an intake and what became of each."
        constraints = [
            models.UniqueConstraint(fields=["file", "position"], name="intakeline_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=["new", "changed", "unchanged", "refused"]), name="intakeline_outcome_known"
            ),
            models.CheckConstraint(
                condition=Q(undone__in=["", "withdrawn", "restored", "left"]), name="intakeline_undone_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome="refused", document__isnull=True) | ~Q(outcome="refused"),
                name="intakeline_refused_is_none",
            ),
        ]
