"""Incidents with the people in them, what was done about them, and interventions with authorities.

An incident belongs to the protection side. It hangs off no household, because it must not be seen wherever the household is:
never by the organisation it accuses (migrations/0002_locks.py).
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from panoh.kernel.ids import new_id

OPEN, CLOSED = "open", "closed"
REPORTED, FROM_REGISTER = "reported", "register"


class Incident(models.Model):
    """Something that was done to people under protection: what, when, where, by whom, and how urgent an answer is.

    `organisation` handles it beside the protection side; empty where the report came in confidence or from the register itself.
    `source_name` is a made-up word for whoever told: no table holds the real name. `next_due_at` is when somebody must next
    act, computed from severity and the last act (`rules.response`).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=40)
    by_referral = models.BooleanField(default=False, help_text="of the survivor only that a service was named to her")
    origin = models.CharField(max_length=10, default=REPORTED)
    occurred_on = models.DateField()
    place = models.CharField(max_length=20, blank=True)
    institution = models.CharField(max_length=40, blank=True)
    accused_organisation = models.ForeignKey(
        "access.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    accused_office = models.ForeignKey(
        "access.Office", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    paid = models.BooleanField(null=True, blank=True)
    order_days = models.PositiveSmallIntegerField(null=True, blank=True, help_text="days that the order gives to leave")
    service = models.CharField(max_length=40, blank=True, help_text="where a survivor was referred to")
    narrative = models.TextField(blank=True)
    source = models.CharField(max_length=40, blank=True)
    source_name = models.CharField(max_length=20, blank=True)
    severity = models.CharField(max_length=4)
    verification = models.CharField(max_length=40)
    state = models.CharField(max_length=10, default=OPEN)
    outcome = models.CharField(max_length=40, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    organisation = models.ForeignKey(
        "access.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reported_by = models.ForeignKey("access.Member", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()
    next_due_at = models.DateTimeField(null=True, blank=True)
    submission_id = models.UUIDField(null=True, blank=True, unique=True)
    entry_id = models.UUIDField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table_comment = "Protection incidents. Never shown to the organisation that one accuses."
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[OPEN, CLOSED]), name="incident_state_known"),
            models.CheckConstraint(condition=Q(origin__in=[REPORTED, FROM_REGISTER]), name="incident_origin_known"),
            models.CheckConstraint(
                condition=Q(state=OPEN, closed_on__isnull=True, outcome="")
                | (Q(state=CLOSED, closed_on__isnull=False, next_due_at__isnull=True) & ~Q(outcome="")),
                name="incident_closed_with_outcome",
            ),
            models.CheckConstraint(condition=Q(amount__isnull=True) | ~Q(currency=""), name="incident_amount_in_money"),
            models.CheckConstraint(condition=Q(amount__isnull=True) | Q(amount__gt=0), name="incident_amount_positive"),
            models.CheckConstraint(
                condition=Q(accused_office__isnull=True) | Q(accused_organisation__isnull=False),
                name="incident_office_of_organisation",
            ),
            # Of violence against a survivor nothing is kept that tells a story or leads to her.
            models.CheckConstraint(
                condition=Q(by_referral=False)
                | Q(
                    narrative="",
                    place="",
                    institution="",
                    source="",
                    source_name="",
                    amount__isnull=True,
                    accused_organisation__isnull=True,
                ),
                name="incident_by_referral_tells_nothing",
            ),
        ]
        indexes = [
            models.Index(fields=["next_due_at", "id"], condition=Q(state=OPEN), name="incident_due"),
            models.Index(fields=["-reported_at", "id"], name="incident_newest"),
            models.Index(fields=["occurred_on", "kind"], name="incident_when"),
        ]

    def __str__(self) -> str:
        return self.number


class IncidentPerson(models.Model):
    """To whom it happened: a person of the register, or people whom the register does not know."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="persons")
    position = models.PositiveSmallIntegerField()
    person = models.ForeignKey(
        "registry.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="incident_lines"
    )
    number = models.CharField(max_length=30, blank=True, help_text="of the person, as it was when this was written")
    many = models.PositiveIntegerField(default=1)
    description = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["position"]
        db_table_comment = "People in an incident, of the register or not."
        constraints = [
            models.UniqueConstraint(fields=["incident", "position"], name="incidentperson_position"),
            models.UniqueConstraint(fields=["incident", "person"], name="incidentperson_once"),
            models.CheckConstraint(
                condition=(Q(person__isnull=False, many=1) & ~Q(number="")) | Q(person__isnull=True, number=""),
                name="incidentperson_registered_or_told",
            ),
            models.CheckConstraint(condition=Q(many__gte=1), name="incidentperson_somebody"),
        ]


class Evidence(models.Model):
    """A picture or paper that shows it, kept byte for byte; its hash stands in the ledger."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="evidence")
    file_name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    content = models.BinaryField()
    added_on = models.DateField()

    class Meta:
        db_table_comment = "Files that show an incident, by their hash."
        constraints = [models.UniqueConstraint(fields=["incident", "sha256"], name="evidence_once")]


class FollowUp(models.Model):
    """One line of an incident's history: what was done about it, when, by whom. Append-only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="follow_ups")
    act = models.CharField(max_length=20)
    done_on = models.DateField()
    note = models.TextField(blank=True)
    facts = models.JSONField(default=dict, blank=True)
    recorded_at = models.DateTimeField()
    by = models.ForeignKey("access.Member", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    entry_id = models.UUIDField()

    class Meta:
        ordering = ["recorded_at", "id"]
        db_table_comment = "What was done about an incident, line by line."


class IncidentReading(models.Model):
    """Who opened an incident. Apart from the readings of files: those are seen by auditors of the organisation it may accuse."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="readings")
    member = models.ForeignKey("access.Member", on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=80)
    read_at = models.DateTimeField()

    class Meta:
        db_table_comment = "Who opened which incident, and when."
        indexes = [models.Index(fields=["incident", "-read_at"], name="incidentreading_latest")]


class Intervention(models.Model):
    """What an organisation says to an authority on somebody's behalf: letter, call, demarche; and what came back."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=20, unique=True)
    organisation = models.ForeignKey("access.Organisation", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    institution = models.CharField(max_length=40)
    addressee = models.CharField(max_length=200, blank=True)
    partners = models.CharField(max_length=300, blank=True)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    language = models.CharField(max_length=8)
    provisions = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    sent_on = models.DateField()
    reply_due_on = models.DateField(null=True, blank=True)
    replied_on = models.DateField(null=True, blank=True)
    reply = models.TextField(blank=True)
    outcome = models.CharField(max_length=40, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("access.Member", on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table_comment = "Interventions with authorities; seen by the organisation that made them."
        constraints = [
            models.CheckConstraint(
                condition=Q(replied_on__isnull=True) | Q(replied_on__gte=F("sent_on")), name="intervention_reply_after"
            ),
            models.CheckConstraint(
                condition=Q(replied_on__isnull=True) | ~Q(outcome=""), name="intervention_reply_judged"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "reply_due_on"], condition=Q(outcome=""), name="intervention_waiting"),
            models.Index(fields=["-sent_on", "id"], name="intervention_newest"),
        ]

    def __str__(self) -> str:
        return self.number


class InterventionLink(models.Model):
    """What an intervention is about: an incident or a case."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    intervention = models.ForeignKey(Intervention, on_delete=models.PROTECT, related_name="links")
    incident = models.ForeignKey(
        Incident, null=True, blank=True, on_delete=models.PROTECT, related_name="intervention_links"
    )
    case = models.ForeignKey("procedures.Case", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table_comment = "Incidents and cases that an intervention is about."
        constraints = [
            models.CheckConstraint(
                condition=Q(incident__isnull=False, case__isnull=True) | Q(incident__isnull=True, case__isnull=False),
                name="interventionlink_one_thing",
            ),
            models.UniqueConstraint(fields=["intervention", "incident"], name="interventionlink_incident_once"),
            models.UniqueConstraint(fields=["intervention", "case"], name="interventionlink_case_once"),
        ]


class LawStep(models.Model):
    """How a gap of the law stands from a day on, as an organisation has learned it: what was proposed, discussed, amended, and who says so.

    Only added to: the latest day counts, and what was believed before stays readable. The gaps themselves, and how they stood when the
    country's data were written, are the rulebook's (`law_gaps`).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    gap = models.CharField(max_length=60)
    status = models.CharField(max_length=40)
    on = models.DateField()
    source = models.CharField(max_length=300, help_text="the draft's number, the letter, the official gazette")
    note = models.CharField(max_length=500, blank=True)
    organisation = models.ForeignKey("access.Organisation", on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey("access.Member", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    entry_id = models.UUIDField()

    class Meta:
        db_table_comment = (
            "How gaps of the law stand, as an organisation has learned it. Names nobody but the member who says so."
        )
        constraints = [models.CheckConstraint(condition=~Q(source=""), name="lawstep_has_source")]
        indexes = [models.Index(fields=["organisation", "gap", "on"], name="lawstep_of_gap")]

    def __str__(self) -> str:
        return f"{self.gap} {self.status} {self.on}"
