"""The codes with which people ask about their own cases, where they are sent, and how often somebody guessed wrong."""

from django.db import models
from django.db.models import Q

from panoh.kernel.ids import new_id


class CaseCode(models.Model):
    """One code for one case, kept as a digest: nobody can read it back. A new one ends the one before."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey("procedures.Case", on_delete=models.PROTECT, related_name="+", db_index=False)
    digest = models.BinaryField(max_length=32)
    made_by = models.ForeignKey("access.Member", on_delete=models.PROTECT, related_name="+")
    made_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    entry_id = models.UUIDField()

    class Meta:
        db_table = "inquiry_casecode"
        db_table_comment = "Codes with which people ask about their own cases, as digests."
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(ended_on__isnull=True), name="casecode_one_in_force"),
        ]
        indexes = [models.Index(fields=["case", "made_on"], name="casecode_of_case")]


class Contact(models.Model):
    """An address that somebody of the case gave herself, and to which she agreed that codes are sent, until she says otherwise."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey("procedures.Case", on_delete=models.PROTECT, related_name="+")
    channel = models.SlugField(max_length=20)
    address = models.CharField(max_length=254)
    language = models.CharField(max_length=3)
    agreed_on = models.DateField()
    taken_by = models.ForeignKey("access.Member", on_delete=models.PROTECT, related_name="+")
    ended_on = models.DateField(null=True, blank=True)
    entry_id = models.UUIDField()

    class Meta:
        db_table = "inquiry_contact"
        db_table_comment = "Where codes may be sent: addresses that people gave and agreed to."
        constraints = [
            models.UniqueConstraint(
                fields=["case", "channel", "address"], condition=Q(ended_on__isnull=True), name="contact_once"
            ),
        ]


class Sending(models.Model):
    """One code on its way to one contact. The code itself is kept nowhere: who does not get it gets a new one."""

    UNDER_WAY, HANDED_OVER, FAILED = "under_way", "handed_over", "failed"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.OneToOneField(CaseCode, on_delete=models.PROTECT, related_name="sending")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="sendings")
    case = models.ForeignKey("procedures.Case", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, default=UNDER_WAY)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey("access.Member", on_delete=models.PROTECT, related_name="+")
    entry_id = models.UUIDField()

    class Meta:
        db_table = "inquiry_sending"
        db_table_comment = "Codes that were sent: to which contact, when, and whether the channel took them."
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["under_way", "handed_over", "failed"]), name="sending_state_known"
            ),
        ]


class Attempt(models.Model):
    """A wrong answer to the public page, for an hour: keyed digests of who asked and for what, never the address or number itself."""

    id = models.BigAutoField(primary_key=True)
    asker = models.BinaryField(max_length=32)
    pair = models.BinaryField(max_length=32, help_text="asker and number together")
    at = models.DateTimeField()

    class Meta:
        db_table = "inquiry_attempt"
        db_table_comment = "Wrong codes of the last hour, written and forgotten by inquiry_own_case alone."
        indexes = [
            models.Index(fields=["asker", "at"], name="attempt_of_asker"),
            models.Index(fields=["at"], name="attempt_at"),
        ]
