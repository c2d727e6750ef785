"""Referrals: a person handed from one organisation to another for one purpose, by her consent, until it is answered and closed."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from panoh.kernel.ids import new_id
from panoh.referrals.rules.standing import RUNNING, STATES


class Referral(models.Model):
    """What is asked of whom, until when. Names nobody by itself: persons, texts and what is shown stand behind further locks.

    `shares` are the classes of fields that the receiver sees of the persons beside who they are, and only while it runs.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=20, unique=True)
    household = models.ForeignKey("registry.Household", on_delete=models.PROTECT, related_name="+", db_index=False)
    sender = models.ForeignKey("access.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False)
    receiver = models.ForeignKey("access.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False)
    caseworker = models.ForeignKey("access.Member", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    purpose = models.CharField(max_length=20)
    urgency = models.CharField(max_length=20)
    shares = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    state = models.CharField(max_length=12, default=STATES[0])
    sent_on = models.DateField()
    sent_at = models.DateTimeField()
    due_on = models.DateField(null=True, blank=True, help_text="until when the next step is to be taken")
    handled_by = models.ForeignKey(
        "access.Member", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )  # of the receiver
    replied_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=40, blank=True)
    submission_id = models.UUIDField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    entry_id = models.UUIDField()

    class Meta:
        db_table = "referrals_referral"
        constraints = [
            models.CheckConstraint(condition=~Q(sender=F("receiver")), name="referral_two_parties"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="referral_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=["closed", "withdrawn"], due_on__isnull=True, ended_on__isnull=False)
                | (~Q(state__in=["closed", "withdrawn"]) & Q(due_on__isnull=False, ended_on__isnull=True)),
                name="referral_open_has_next_day",
            ),
        ]
        indexes = [
            models.Index(fields=["household"], name="referral_household"),
            models.Index(fields=["receiver", "state", "due_on"], name="referral_of_receiver"),
            models.Index(fields=["sender", "state", "due_on"], name="referral_of_sender"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def runs(self) -> bool:
        return self.state in RUNNING


class ReferralPerson(models.Model):
    """Whom it is about, with the consent on which it rests. Read by the sender alone; the receiver asks `referrals_shown`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="persons")
    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    consent = models.ForeignKey("registry.Consent", on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "referrals_person"
        constraints = [models.UniqueConstraint(fields=["referral", "person"], name="referralperson_once")]


class ReferralNote(models.Model):
    """What one side wrote to the other, act by act. Append-only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="notes")
    act = models.CharField(max_length=12)
    text = models.TextField(blank=True)
    organisation = models.ForeignKey("access.Organisation", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey("access.Member", on_delete=models.PROTECT, related_name="+")
    done_on = models.DateField()
    recorded_at = models.DateTimeField()
    entry_id = models.UUIDField()

    class Meta:
        db_table = "referrals_note"
        ordering = ["recorded_at", "id"]
