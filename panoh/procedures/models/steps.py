"""Steps: what was done in a case, in order, never changed."""

from django.db import models
from django.db.models import F, Q

from panoh.kernel.ids import new_id


class Step(models.Model):
    """One act on a case. Append-only; `occurred_on` is the legal day, `recorded_at` when it was written down.

    `facts` and `persons` (by person id) hold the open answers only; texts stand in `StepNarrative`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey("procedures.Case", on_delete=models.PROTECT, related_name="steps")
    seq = models.PositiveIntegerField()
    action = models.SlugField(max_length=60)
    from_state = models.CharField(max_length=60, blank=True)
    to_state = models.CharField(max_length=60)
    occurred_on = models.DateField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey("access.Member", on_delete=models.PROTECT, related_name="+")
    facts = models.JSONField(default=dict, blank=True)
    persons = models.JSONField(default=dict, blank=True)
    legal_basis = models.JSONField(default=list, blank=True)
    agenda_item_id = models.UUIDField(null=True, blank=True)
    late_permit = models.OneToOneField(
        "procedures.LatePermit", null=True, blank=True, on_delete=models.PROTECT, related_name="step"
    )
    entry_id = models.UUIDField()

    class Meta:
        db_table = "procedures_step"
        ordering = ["seq"]
        constraints = [
            models.UniqueConstraint(fields=["case", "seq"], name="step_seq_once"),
            models.CheckConstraint(condition=Q(seq__gte=1), name="step_seq_counts"),
        ]
        indexes = [
            models.Index(fields=["entry_id"], name="step_entry"),
            models.Index(fields=["by", "-recorded_at"], name="step_by_member"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}#{self.seq} {self.action}"


class LatePermit(models.Model):
    """A second person's word that an act of long ago may still be written down: which act, of which day, and why so late.

    Append-only, and good for one step (`Step.late_permit`). `case` is empty for the act that opens one.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    household = models.ForeignKey("registry.Household", on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(
        "procedures.Case", null=True, blank=True, on_delete=models.PROTECT, related_name="late_permits"
    )
    procedure = models.SlugField(max_length=60)
    action = models.SlugField(max_length=60)
    occurred_on = models.DateField()
    reason = models.CharField(max_length=500)
    organisation = models.ForeignKey("access.Organisation", on_delete=models.PROTECT, related_name="+")
    given_by = models.ForeignKey("access.Member", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    entry_id = models.UUIDField()

    class Meta:
        db_table = "procedures_latepermit"
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="latepermit_has_reason")]

    def __str__(self) -> str:
        return f"{self.action} {self.occurred_on}"


class _ClosedAnswers(models.Model):
    """Answers that only some roles read; one row for a step that has any."""

    step = models.OneToOneField(Step, primary_key=True, on_delete=models.PROTECT, related_name="%(class)s")
    facts = models.JSONField(default=dict, blank=True)
    persons = models.JSONField(default=dict, blank=True)

    class Meta:
        abstract = True


class StepNarrative(_ClosedAnswers):
    """What was told and reasoned: field class `narrative`."""

    class Meta:
        db_table = "procedures_stepnarrative"


class StepRestricted(_ClosedAnswers):
    """What only protection staff read back: field class `protection`."""

    class Meta:
        db_table = "procedures_steprestricted"


class StepFile(models.Model):
    """A paper that was handed in with a step: a signed transcript, a court's judgement. Field class `narrative`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="files")
    field = models.SlugField(max_length=60)
    media_type = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()

    class Meta:
        db_table = "procedures_stepfile"
        constraints = [models.UniqueConstraint(fields=["step", "field"], name="stepfile_once")]

    def __str__(self) -> str:
        return f"{self.step_id} {self.field}"


class SafeguardAnswer(models.Model):
    """What a monitor said of a safeguard of a case, and on what it rests. Append-only: the latest counts.

    Read by the organisation that said it and by protection staff: what a family told in confidence about an office must
    not reach that office.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey("procedures.Case", on_delete=models.PROTECT, related_name="safeguard_answers")
    safeguard = models.SlugField(max_length=60)
    verdict = models.CharField(max_length=20)
    on = models.DateField()
    evidence = models.TextField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey("access.Member", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("access.Organisation", on_delete=models.PROTECT, related_name="+")
    entry_id = models.UUIDField()

    class Meta:
        db_table = "procedures_safeguardanswer"
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict__in=["kept", "broken", "not_applicable"]), name="safeguardanswer_verdict_known"
            ),
            models.CheckConstraint(condition=~Q(evidence=""), name="safeguardanswer_has_evidence"),
        ]
        indexes = [models.Index(fields=["case", "safeguard", "recorded_at"], name="safeguardanswer_of_case")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.safeguard} {self.verdict}"


class PaperOrder(models.Model):
    """A certificate or letter that an act asks for. It is made out in the room of papers, when a form is at hand.

    An order, not the paper itself: a decision must not fail because the stock of forms has run out. Whether it was
    followed is seen from the papers of the case, so the order is never changed.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey("procedures.Case", on_delete=models.PROTECT, related_name="paper_orders")
    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="paper_orders")
    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=60)
    letter = models.CharField(max_length=60, blank=True, help_text="one of the procedure's own letters")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    ordered_at = models.DateTimeField()

    class Meta:
        db_table = "procedures_paperorder"
        constraints = [
            models.UniqueConstraint(fields=["step", "person", "kind", "letter"], name="paperorder_once"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="paperorder_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.person_id}"


class Notice(models.Model):
    """A word to whoever has to do something next, made by the effect `notify` of an action."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey("procedures.Case", on_delete=models.PROTECT, related_name="notices")
    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="notices")
    organisation = models.ForeignKey("access.Organisation", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=40)
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.ForeignKey("access.Member", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "procedures_notice"
        constraints = [
            models.CheckConstraint(
                condition=Q(seen_at__isnull=True, seen_by__isnull=True)
                | Q(seen_at__isnull=False, seen_by__isnull=False),
                name="notice_seen_has_author",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "role", "created_at"], condition=Q(seen_at__isnull=True), name="notice_unseen"
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.case_id}"
