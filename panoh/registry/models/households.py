"""Households: the file itself, who belongs to it and when, where it lives, what it agreed to."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from panoh.access.models import Member, Organisation
from panoh.kernel.ids import new_id

OPEN, CLOSED = "open", "closed"


def closed_with_reason(name: str) -> models.CheckConstraint:
    """Open without a closing day; closed with a day and a reason."""
    return models.CheckConstraint(
        condition=Q(status=OPEN, closed_on__isnull=True, closure_reason="")
        | (Q(status=CLOSED, closed_on__isnull=False) & ~Q(closure_reason="")),
        name=name,
    )


class Household(models.Model):
    """People registered together: the file that everything personal hangs off. Its number is never used again.

    `custodian` keeps the file and `sensitivity` closes it to ordinary eyes: both decide who sees it (access.scope).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=24, unique=True)
    custodian = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey("access.Office", on_delete=models.PROTECT, related_name="+")
    registered_on = models.DateField()
    arrived_on = models.DateField()
    entry_point = models.CharField(max_length=40, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    status = models.CharField(max_length=10, default=OPEN)
    closed_on = models.DateField(null=True, blank=True)
    closure_reason = models.CharField(max_length=40, blank=True)
    sensitivity = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    registered_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    submission_id = models.UUIDField(null=True, editable=False)

    class Meta:
        db_table_comment = "Households: the file that everything personal hangs off. Numbers are never used again."
        constraints = [
            models.CheckConstraint(condition=Q(status__in=[OPEN, CLOSED]), name="household_status_known"),
            closed_with_reason("household_closed_with_reason"),
            models.CheckConstraint(condition=Q(arrived_on__lte=F("registered_on")), name="household_arrived_first"),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("arrived_on")),
                name="household_closed_after_arrival",
            ),
            models.CheckConstraint(condition=Q(sensitivity__lte=1), name="household_sensitivity_known"),
            # Keyed by the organisation: an id of another organisation must not be found out by a collision.
            models.UniqueConstraint(
                fields=["custodian", "submission_id"],
                condition=Q(submission_id__isnull=False),
                name="household_submission_once",
            ),
        ]
        indexes = [models.Index(fields=["custodian", "office", "-registered_on", "id"], name="household_by_office")]

    def __str__(self) -> str:
        return self.number


class Membership(models.Model):
    """Who belonged to which household from when until when (end exclusive). Nobody belongs to two on one day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="memberships")
    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="memberships")
    relationship = models.CharField(max_length=4)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=20)

    class Meta:
        db_table_comment = "Who belonged to which household, from a day until a day (end exclusive)."
        constraints = [
            # Equal days are allowed: who joins in the morning and is put right in the afternoon belonged for no day.
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="membership_dates_in_order"
            ),
            ExclusionConstraint(
                name="membership_one_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    (
                        Func(
                            "valid_from", "valid_to", Value("[)"), function="daterange", output_field=DateRangeField()
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]


class Residence(models.Model):
    """Where a household lives: a field class of its own, because addresses have been used for round-ups."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="residences")
    place = models.CharField(max_length=20)
    detail = models.TextField(blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table_comment = (
            "Where a household lives. Read only with the field class residence; never by roles of the state."
        )
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="residence_dates_in_order"
            ),
            models.UniqueConstraint(
                fields=["household"], condition=Q(valid_to__isnull=True), name="residence_one_current"
            ),
        ]


class Consent(models.Model):
    """What a family, or one person, agreed to: one purpose, one recipient, how, in which language, until withdrawn."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="consents")
    person = models.ForeignKey("registry.Person", null=True, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=20)
    recipient = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    method = models.CharField(max_length=20)
    language = models.CharField(max_length=8)
    given_on = models.DateField()
    withdrawn_on = models.DateField(null=True, blank=True)

    class Meta:
        db_table_comment = "Consent for each purpose and recipient, with its method, language and withdrawal."
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("given_on")),
                name="consent_dates_in_order",
            ),
            models.UniqueConstraint(
                fields=["household", "person", "purpose", "recipient"],
                condition=Q(withdrawn_on__isnull=True),
                nulls_distinct=False,
                name="consent_once",
            ),
        ]
