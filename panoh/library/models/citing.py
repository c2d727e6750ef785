"""What hangs on paragraphs: figures that they give, things that cite them, lists of them; and searches that a member keeps."""

from django.db import models
from django.db.models import Q

from panoh.kernel.ids import new_id
from panoh.library.models.documents import Paragraph

SUBJECT_KINDS = ("household", "case", "incident", "intervention", "statistics")


class Claim(models.Model):
    """A figure that a source gives: what was counted by which definition, where, for which time, as of which day, in which paragraph."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey("access.Organisation", on_delete=models.PROTECT, related_name="+")
    paragraph = models.ForeignKey(Paragraph, on_delete=models.PROTECT, related_name="claims")
    measure = models.CharField(max_length=80, help_text="what is counted, in the words of the figure's page")
    figure = models.DecimalField(max_digits=20, decimal_places=4)
    unit = models.CharField(max_length=40)
    definition = models.TextField(blank=True)
    place = models.CharField(max_length=20, blank=True)
    period_from = models.DateField(null=True, blank=True)
    period_to = models.DateField(null=True, blank=True)
    as_of = models.DateField()
    confirmed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey("access.Member", on_delete=models.PROTECT, related_name="+")
    entry_id = models.UUIDField()
    withdrawn_on = models.DateField(null=True, blank=True)

    class Meta:
        db_table_comment = "Figures with their sources, confirmed by a person."
        constraints = [
            models.CheckConstraint(
                condition=Q(period_from__isnull=True)
                | Q(period_to__isnull=True)
                | Q(period_from__lte=models.F("period_to")),
                name="claim_period_forward",
            )
        ]
        indexes = [models.Index(fields=["measure", "place", "as_of"], name="claim_history")]

    def __str__(self) -> str:
        return f"{self.measure} {self.figure}"


class Citation(models.Model):
    """A paragraph cited from a thing of another room. The words and the rank at that time are kept, so that a change is told."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey("access.Organisation", on_delete=models.PROTECT, related_name="+")
    subject_kind = models.CharField(max_length=12)
    subject_id = models.UUIDField(null=True, blank=True)
    subject_key = models.CharField(max_length=40, help_text="its number, as pages name it")
    paragraph = models.ForeignKey(Paragraph, on_delete=models.PROTECT, related_name="citations")
    quoted = models.TextField()
    rank = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=500, blank=True)
    cited_at = models.DateTimeField()
    cited_by = models.ForeignKey("access.Member", on_delete=models.PROTECT, related_name="+")
    entry_id = models.UUIDField()
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        db_table_comment = "Paragraphs cited from cases, incidents, interventions and statistics."
        constraints = [
            models.CheckConstraint(condition=Q(subject_kind__in=SUBJECT_KINDS), name="citation_subject_known"),
            models.CheckConstraint(
                condition=Q(subject_kind="statistics", subject_id__isnull=True)
                | (~Q(subject_kind="statistics") & Q(subject_id__isnull=False)),
                name="citation_of_a_thing",
            ),
            models.UniqueConstraint(
                fields=["subject_kind", "subject_key", "paragraph", "organisation"],
                condition=Q(ended_on__isnull=True),
                name="citation_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_key}"


class Shelf(models.Model):
    """A saved list of paragraphs: the information on a country of origin that an interview or a decision rests on."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey("access.Organisation", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("access.Member", on_delete=models.PROTECT, related_name="+")
    entry_id = models.UUIDField()

    class Meta:
        db_table_comment = "Saved lists of paragraphs."
        constraints = [models.UniqueConstraint(fields=["organisation", "title"], name="shelf_title_once")]

    def __str__(self) -> str:
        return self.title


class ShelfItem(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    shelf = models.ForeignKey(Shelf, on_delete=models.PROTECT, related_name="items")
    paragraph = models.ForeignKey(Paragraph, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=500, blank=True)
    put_at = models.DateTimeField()
    put_by = models.ForeignKey("access.Member", on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table_comment = "Paragraphs on saved lists."
        constraints = [models.UniqueConstraint(fields=["shelf", "paragraph"], name="shelfitem_once")]

    def __str__(self) -> str:
        return f"{self.shelf_id} {self.paragraph_id}"


class SavedSearch(models.Model):
    """A question that a member asks again: what was taken in since it was looked at last is told on the first page."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey("access.Member", on_delete=models.PROTECT, related_name="+")
    query = models.CharField(max_length=500)
    words = models.TextField(default="", help_text="the question as the index reads it")
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    looked_at = models.DateTimeField()

    class Meta:
        db_table_comment = "Searches that their member asked to be told about."
        constraints = [models.UniqueConstraint(fields=["member", "query"], name="savedsearch_once")]

    def __str__(self) -> str:
        return self.query
