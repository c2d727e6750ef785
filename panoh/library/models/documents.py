"""Sources with their paragraphs: what was taken in, how it was read, what hangs on it.

A document belongs to the organisation that took it in, or to none where the operator did. Its `rank` is the highest of all that it
says about itself (`reading.marks`); who reads it stands in `policy` and, the same, in migrations/0002_locks.py.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from panoh.kernel.ids import new_id

IN_FORCE, WITHDRAWN = "in_force", "withdrawn"


class Document(models.Model):
    """A source under its reference id, as it was read last. `settled` names the fields that a person has set: they stay."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    refid = models.CharField(max_length=80)
    organisation = models.ForeignKey(
        "access.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=10)
    title = models.CharField(max_length=500, blank=True)
    subject = models.TextField(blank=True)
    created_on = models.DateField(null=True, blank=True)
    created_time = models.TimeField(null=True, blank=True, help_text="as printed; cables give it in UTC")
    released_on = models.DateField(null=True, blank=True)
    released_time = models.TimeField(null=True, blank=True)
    classification = models.CharField(max_length=60, blank=True)
    rank = models.PositiveSmallIntegerField(help_text="0 open, 1 sensitive, 2 confidential, 3 secret, 4 top secret")
    handling = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    origin = models.CharField(max_length=200, blank=True)
    addressees = ArrayField(models.CharField(max_length=300), default=list, blank=True)
    copied_to = ArrayField(models.CharField(max_length=300), default=list, blank=True)
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    declassify = models.CharField(max_length=200, blank=True)
    header = models.TextField(blank=True)
    opening = models.TextField(blank=True)
    language = models.CharField(max_length=3, blank=True)
    encoding = models.CharField(max_length=40, blank=True)
    media_type = models.CharField(max_length=100, blank=True)
    file_name = models.CharField(max_length=300, blank=True)
    content_sha256 = models.CharField(max_length=64)
    sounds = models.TextField(blank=True, help_text="sound keys of its words, found from either script")
    state = models.CharField(max_length=10, default=IN_FORCE)
    settled = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    taken_in_at = models.DateTimeField()
    taken_in_by = models.ForeignKey("access.Member", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    entry_id = models.UUIDField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table_comment = "Sources. Seen by rank and organisation."
        constraints = [
            # Keyed by organisation: that another one holds the same reference is not told by a violation.
            models.UniqueConstraint(fields=["refid", "organisation"], nulls_distinct=False, name="document_refid_once"),
            models.CheckConstraint(condition=Q(state__in=[IN_FORCE, WITHDRAWN]), name="document_state_known"),
            models.CheckConstraint(condition=Q(rank__lte=4), name="document_rank_known"),
        ]
        indexes = [
            models.Index(
                Coalesce("created_on", models.Value("0001-01-01", models.DateField())).desc(),
                "id",
                name="document_newest",
            ),
            models.Index(fields=["-taken_in_at", "id"], name="document_latest"),
            models.Index(fields=["content_sha256"], name="document_content"),
        ]

    def __str__(self) -> str:
        return self.refid


class Revision(models.Model):
    """One reading of a document: the file as it came, and what the reader made of its fields. Never changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    content_sha256 = models.CharField(max_length=64)
    content = models.BinaryField(null=True, help_text="the file, packed with zlib; none above the limit")
    fields = models.JSONField()
    read_at = models.DateTimeField()
    read_by = models.ForeignKey("access.Member", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table_comment = "Readings of a document, each with the file that it was read from."
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="revision_numbered")]

    def __str__(self) -> str:
        return f"{self.document_id} {self.number}"


class Paragraph(models.Model):
    """What can be cited. Out of force, its words stay as they were, and `replaced_by` leads to what took its place."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="paragraphs")
    anchor = models.CharField(max_length=20)
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=10)
    label = models.CharField(max_length=20, blank=True)
    mark = models.CharField(max_length=10, blank=True)
    section = models.CharField(max_length=300, blank=True)
    text = models.TextField()
    in_force = models.BooleanField(default=True)
    redacted = models.BooleanField(default=False)
    replaced_by = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table_comment = "Paragraphs of documents under anchors that come from their own words."
        constraints = [models.UniqueConstraint(fields=["document", "anchor"], name="paragraph_anchor_once")]
        indexes = [models.Index(fields=["document", "position"], name="paragraph_in_order")]

    def __str__(self) -> str:
        return f"{self.document_id} {self.anchor}"


class Reference(models.Model):
    """A document that another one names, whether it is here or wanted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="references")
    position = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=5, blank=True)
    text = models.CharField(max_length=300)
    refid = models.CharField(max_length=80, blank=True)

    class Meta:
        db_table_comment = "Documents that a document names."
        constraints = [models.UniqueConstraint(fields=["document", "position"], name="reference_in_order")]
        indexes = [models.Index(fields=["refid"], condition=~Q(refid=""), name="reference_to")]

    def __str__(self) -> str:
        return self.text


class Doubt(models.Model):
    """What a reader was unsure of. Settled by a person, who says how; a doubt that a new reading no longer has goes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="doubts")
    code = models.CharField(max_length=40)
    about = models.CharField(max_length=200, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey("access.Member", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table_comment = "What the readers were unsure of, until a person has settled it."
        constraints = [models.UniqueConstraint(fields=["document", "code", "about"], name="doubt_once")]
        indexes = [models.Index(fields=["document"], condition=Q(settled_at=None), name="doubt_open")]

    def __str__(self) -> str:
        return self.code


class DocumentReading(models.Model):
    """That a member opened a restricted source. Only added to."""

    id = models.BigAutoField(primary_key=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="readings")
    member = models.ForeignKey("access.Member", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    route = models.CharField(max_length=60)
    read_at = models.DateTimeField()

    class Meta:
        db_table_comment = "Who opened which restricted source, and when."

    def __str__(self) -> str:
        return f"{self.document_id} {self.read_at}"


class Redaction(models.Model):
    """Words of a paragraph that are no longer shown: why, by whom; the words themselves for whoever may redact."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    paragraph = models.ForeignKey(Paragraph, on_delete=models.PROTECT, related_name="redactions")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="redactions")
    text_before = models.TextField()
    words = models.TextField(default="", help_text="what is no longer shown, wherever in the source it stands")
    reason = models.CharField(max_length=300)
    redacted_at = models.DateTimeField()
    redacted_by = models.ForeignKey("access.Member", on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table_comment = "Redactions, with the words as they were; seen by who may redact."

    def __str__(self) -> str:
        return f"{self.paragraph_id}"
