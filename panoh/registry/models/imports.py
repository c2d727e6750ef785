"""Workbooks taken in from other systems: one batch each, with a line for every row that was read."""

from django.db import models
from django.db.models import Q

from panoh.access.models import Member, Office, Organisation
from panoh.kernel.ids import new_id
from panoh.registry.models.households import Household


class ImportBatch(models.Model):
    """One workbook, taken in as one act and, if need be, undone as one act. The same file is taken in once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    file_sha256 = models.CharField(max_length=64)
    source = models.CharField(max_length=20)
    households = models.PositiveIntegerField()
    persons = models.PositiveIntegerField()
    refused_rows = models.PositiveIntegerField()
    imported_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField()
    entry_id = models.UUIDField()
    undone_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        db_table_comment = "Workbooks of other systems taken in, each as one act."
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "file_sha256"],
                condition=Q(undone_at__isnull=True),
                name="importbatch_file_once",
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="importbatch_undoing_has_author",
            ),
        ]


class ImportRow(models.Model):
    """What became of one household of the workbook: taken in as which file, or refused, and what was found in its rows."""

    TAKEN, REFUSED = "taken", "refused"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="rows")
    sheet = models.CharField(max_length=60)
    row = models.PositiveIntegerField()
    source_key = models.CharField(max_length=100)
    household = models.ForeignKey(Household, null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10)
    findings = models.JSONField(default=list)

    class Meta:
        db_table_comment = "Each household of an imported workbook and what became of it."
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=["taken", "refused"]), name="importrow_outcome_known"),
            models.CheckConstraint(
                condition=Q(outcome="taken", household__isnull=False) | Q(outcome="refused", household__isnull=True),
                name="importrow_taken_has_household",
            ),
        ]
        indexes = [models.Index(fields=["batch", "sheet", "row"], name="importrow_batch")]


class ImportFile(models.Model):
    """A workbook that somebody brought and has not yet taken in: kept between the preview and the decision, then deleted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    file_sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    uploaded_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        db_table_comment = "Workbooks brought for a preview; deleted when taken in, put away, or left for a week."
        constraints = [
            models.UniqueConstraint(fields=["organisation", "file_sha256"], name="importfile_once"),
        ]


class ImportJob(models.Model):
    """What is to be done with a workbook that was brought, and how far it is: look into it, or take it in.

    Carried out after the request that asked for it (`importing.jobs`), in the name of whoever asked, and anew from the beginning
    when that was cut off. `result` is what the look found, `refusal` why it could not be done. Goes with its file.
    """

    LOOK, TAKE = "look", "take"
    WAITS, DONE, REFUSED = "waits", "done", "refused"

    # No foreign key: how far it is is written while another transaction holds the file.
    file_id = models.UUIDField(primary_key=True)
    act = models.CharField(max_length=10)
    state = models.CharField(max_length=10, default=WAITS)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=20)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    result = models.JSONField(null=True)
    refusal = models.JSONField(null=True)
    asked_at = models.DateTimeField()

    class Meta:
        db_table_comment = "What is to be done with workbooks that were brought, and how far it is."
        constraints = [
            models.CheckConstraint(condition=Q(act__in=["look", "take"]), name="importjob_act_known"),
            models.CheckConstraint(condition=Q(state__in=["waits", "done", "refused"]), name="importjob_state_known"),
            models.CheckConstraint(
                condition=Q(state="refused", refusal__isnull=False) | ~Q(state="refused"), name="importjob_refusal_told"
            ),
        ]
