"""Clocks as they stand, and what makes them stand still."""

from django.db import models
from django.db.models import F, Q

from panoh.kernel.ids import new_id


class Due(models.Model):
    """What a clock of a case comes to: a projection of its steps, recomputed whole, never counted up.

    Nothing in it depends on today: while the legal clock stands still `due_on` is empty and `paused_on` says since when.
    `elapsed_due_on` is the day on which the same limit ends if nothing is ever paused or extended: what a monitor sees.
    Household, organisation and assignee are repeated here so that the work list is read from one index.
    """

    case = models.ForeignKey("procedures.Case", on_delete=models.CASCADE, related_name="dues")
    clock = models.SlugField(max_length=60)
    household = models.ForeignKey(
        "registry.Household", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    organisation = models.ForeignKey("access.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False)
    assigned_to = models.ForeignKey(
        "access.Member", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    starts_on = models.DateField()
    due_on = models.DateField(null=True)
    elapsed_due_on = models.DateField(null=True)
    paused_on = models.DateField(null=True)
    stopped_on = models.DateField(null=True)
    provision = models.CharField(max_length=120)
    unknown = models.BooleanField(default=False, help_text="the rulebook does not cover the days that the count needs")

    class Meta:
        db_table = "procedures_due"
        constraints = [
            models.UniqueConstraint(fields=["case", "clock"], name="due_once"),
            models.CheckConstraint(
                condition=Q(stopped_on__isnull=True) | Q(paused_on__isnull=True), name="due_stopped_not_paused"
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "due_on", "id"],
                condition=Q(stopped_on__isnull=True),
                name="due_of_organisation",
            ),
            models.Index(
                fields=["assigned_to", "due_on", "id"], condition=Q(stopped_on__isnull=True), name="due_of_member"
            ),
            models.Index(fields=["household"], name="due_household"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.clock}"


class Barrier(models.Model):
    """An act of the state that keeps cases from going on: a commission suspended, permits refused, a border closed.

    It pauses the legal clocks that the rulebook names for its kind; the elapsed clock of every case runs on.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey("access.Organisation", on_delete=models.PROTECT, related_name="+")
    kind = models.SlugField(max_length=60)
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True, help_text="the first day without it")
    provision = models.CharField(max_length=200, blank=True)
    reason = models.TextField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("access.Member", on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey("access.Member", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "procedures_barrier"
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gt=F("from_on")), name="barrier_dates_in_order"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True, to_on__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False, to_on__isnull=False),
                name="barrier_lifted_has_author_and_day",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "kind", "from_on"], name="barrier_of_organisation")]

    def __str__(self) -> str:
        return f"{self.kind} {self.from_on}"


class Feast(models.Model):
    """Which day a movable feast was proclaimed for. One person writes it down, another confirms it; only then do clocks follow.

    Kept to the day that the rulebook expected. A later proclamation of the same feast is a row of its own, and the last confirmed counts.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    expected_on = models.DateField()
    on = models.DateField(help_text="the day that was proclaimed")
    source = models.CharField(max_length=300, help_text="the proclamation: who, when, which number")
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey("access.Member", on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey("access.Member", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "procedures_feast"
        db_table_comment = "Days for which movable feasts were proclaimed. Names nobody but the two members who say so."
        constraints = [
            models.CheckConstraint(condition=~Q(source=""), name="feast_has_source"),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | (Q(confirmed_at__isnull=False, confirmed_by__isnull=False) & ~Q(confirmed_by=F("proposed_by"))),
                name="feast_confirmed_by_another",
            ),
        ]
        indexes = [models.Index(fields=["expected_on", "confirmed_at"], name="feast_of_day")]

    def __str__(self) -> str:
        return f"{self.expected_on} → {self.on}"
