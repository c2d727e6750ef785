"""Accountable forms in stock, papers made out to persons, and the public list of those withdrawn.

A certificate is an accountable form (Regulation No. 324 of 2000, § 1): each sheet has a serial, and at any moment
received − issued − spoiled − lost = on hand. A paper is prepared by one person and confirmed by another.
"""

from django.db import models
from django.db.models import F, Q

from panoh.access.models import Member, Office, Organisation
from panoh.kernel.ids import new_id
from panoh.registry.models import Household, Person

IN_STOCK, RESERVED, ISSUED_FORM, SPOILED, LOST = "in_stock", "reserved", "issued", "spoiled", "lost"
FORM_STATES = (IN_STOCK, RESERVED, ISSUED_FORM, SPOILED, LOST)

PREPARED, REFUSED, ISSUED, REPLACED, REVOKED = "prepared", "refused", "issued", "replaced", "revoked"
PAPER_STATES = (PREPARED, REFUSED, ISSUED, REPLACED, REVOKED)
CONFIRMED_STATES = (ISSUED, REPLACED, REVOKED)


class Series(models.Model):
    """One delivery of accountable forms to an office: a run of serials that were printed and received together."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=40)
    prefix = models.CharField(max_length=4)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()
    delivery_note = models.CharField(max_length=120, blank=True)
    received_on = models.DateField()
    received_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table_comment = "Deliveries of accountable forms: runs of serials received together."
        constraints = [
            models.CheckConstraint(condition=Q(last__gte=F("first"), first__gte=1), name="series_in_order"),
            # Capital Latin letters only: the serial stands in the ledger, in the QR code and in people's notes.
            models.CheckConstraint(condition=Q(prefix__regex=r"^[A-Z]{1,4}$"), name="series_prefix_letters"),
        ]
        indexes = [models.Index(fields=["organisation", "kind"], name="series_kind")]


class Form(models.Model):
    """One sheet of a series. It leaves the stock exactly once: issued, spoiled or lost."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="forms")
    serial = models.CharField(max_length=16, unique=True)
    position = models.PositiveIntegerField()
    state = models.CharField(max_length=10, default=IN_STOCK)
    changed_on = models.DateField()
    reason = models.CharField(max_length=40, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table_comment = "Accountable forms, each with its serial and where it is now."
        constraints = [
            models.CheckConstraint(condition=Q(state__in=FORM_STATES), name="form_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=[SPOILED, LOST]) | ~Q(reason=""), name="form_gone_with_reason"
            ),
        ]
        indexes = [
            # What allocation asks for: the next free sheet of a series.
            models.Index(fields=["series", "position"], condition=Q(state=IN_STOCK), name="form_free"),
            models.Index(fields=["series", "state"], name="form_by_state"),
        ]

    def __str__(self) -> str:
        return self.serial


class Paper(models.Model):
    """A certificate or letter made out to a person. `content` is what is printed on it, word for word, kept for good.

    Whether it is in force on a day follows from `valid_until` (the last day, included) and is never stored. A letter has no
    last day: what was decided on a day stays decided on that day.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=24)
    kind = models.CharField(max_length=40)
    form = models.ForeignKey(Form, null=True, on_delete=models.PROTECT, related_name="papers")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="papers")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="papers")
    case_id = models.UUIDField(null=True)
    language = models.CharField(max_length=8)
    content = models.JSONField()
    content_sha256 = models.CharField(max_length=64, blank=True)
    photo_sha256 = models.CharField(max_length=64, blank=True)
    qr = models.TextField(blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    state = models.CharField(max_length=10, default=PREPARED)
    exclusive = models.BooleanField()
    prepared_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    prepared_account_id = models.UUIDField(editable=False)
    prepared_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_account_id = models.UUIDField(null=True, editable=False)
    confirmed_at = models.DateTimeField(null=True)
    issued_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    ended_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    end_reason = models.CharField(max_length=40, blank=True)
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table_comment = "Papers made out to persons, with all that is printed on them. Never an address."
        constraints = [
            models.CheckConstraint(condition=Q(state__in=PAPER_STATES), name="paper_state_known"),
            models.CheckConstraint(condition=Q(valid_until__gte=F("valid_from")), name="paper_dates_in_order"),
            models.CheckConstraint(
                condition=Q(
                    state__in=[PREPARED, REFUSED],
                    confirmed_by__isnull=True,
                    confirmed_account_id__isnull=True,
                    confirmed_at__isnull=True,
                    issued_on__isnull=True,
                    qr="",
                )
                | (
                    Q(
                        state__in=CONFIRMED_STATES,
                        confirmed_by__isnull=False,
                        confirmed_account_id__isnull=False,
                        confirmed_at__isnull=False,
                        issued_on__isnull=False,
                    )
                    & ~Q(qr="")
                    & ~Q(content_sha256="")
                ),
                name="paper_issued_by_confirmation",
            ),
            # Two people, not two hats of one: the accounts differ, whatever the memberships are.
            models.CheckConstraint(
                condition=Q(confirmed_account_id__isnull=True) | ~Q(confirmed_account_id=F("prepared_account_id")),
                name="paper_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[PREPARED, ISSUED], ended_on__isnull=True, ended_by__isnull=True, end_reason="")
                | (
                    Q(state__in=[REFUSED, REPLACED, REVOKED], ended_on__isnull=False, ended_by__isnull=False)
                    & ~Q(end_reason="")
                ),
                name="paper_ended_with_reason",
            ),
            models.CheckConstraint(condition=Q(exclusive=False) | Q(form__isnull=False), name="paper_on_its_form"),
            models.CheckConstraint(
                condition=Q(exclusive=False) | Q(valid_until__isnull=False), name="paper_certificate_ends"
            ),
            models.UniqueConstraint(fields=["form"], condition=~Q(state=REFUSED), name="paper_one_on_a_form"),
            models.UniqueConstraint(fields=["number"], condition=~Q(state=REFUSED), name="paper_number_once"),
            models.UniqueConstraint(
                fields=["person", "kind"], condition=Q(exclusive=True, state=PREPARED), name="paper_one_prepared"
            ),
            models.UniqueConstraint(
                fields=["person", "kind"], condition=Q(exclusive=True, state=ISSUED), name="paper_one_issued"
            ),
        ]
        indexes = [
            models.Index(fields=["household", "-prepared_at"], name="paper_household"),
            models.Index(fields=["prepared_at", "id"], condition=Q(state=PREPARED), name="paper_to_confirm"),
            models.Index(fields=["case_id"], name="paper_case"),
        ]

    def __str__(self) -> str:
        return self.number


class Holder(models.Model):
    """A family member written into somebody's certificate (a child in one parent's, Regulation No. 324, § 2)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="holders")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        db_table_comment = "Family members entered in a person's certificate."
        constraints = [
            models.UniqueConstraint(fields=["paper", "person"], name="holder_once"),
            models.UniqueConstraint(fields=["paper", "position"], name="holder_position"),
        ]


class Withdrawal(models.Model):
    """A paper that is no longer good before its last day. Says nothing about anybody: the public check reads it.

    No foreign key to the paper: the check runs without a context and must not need to see a file.
    """

    paper_id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=24, unique=True)
    state = models.CharField(max_length=10)
    withdrawn_on = models.DateField()

    class Meta:
        db_table_comment = "Numbers of papers withdrawn before their last day; read by the public check."
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[REVOKED, REPLACED]), name="withdrawal_state_known")
        ]
