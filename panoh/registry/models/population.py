"""Population accounting: what statistics counts. Rows are only ever added; a correction is a new row that names the old.

Two times stand in each row: when it was so (`effective_on`, `valid_from`) and when the register learnt it
(`recorded_at`). So a table of any year can be made as it was known on any day (panoh.statistics).
"""

from django.db import models
from django.db.models import F, Q

from panoh.kernel.ids import new_id
from panoh.registry.models.households import Household
from panoh.registry.models.persons import POPULATION_GROUPS, Person

PROCEDURE_TYPES = ("", "G", "U", "J")


class StatusChange(models.Model):
    """A person enters, leaves or passes between population groups on a day, for a reason of the annual table."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="status_changes")
    effective_on = models.DateField()
    from_group = models.CharField(max_length=3, blank=True)
    to_group = models.CharField(max_length=3, blank=True)
    reason = models.CharField(max_length=12)
    procedure_type = models.CharField(max_length=1, blank=True)
    decision_level = models.CharField(max_length=4, blank=True)
    recorded_at = models.DateTimeField()
    entry_id = models.UUIDField()
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="corrected_by")

    class Meta:
        db_table_comment = "Population accounting: who passed between population groups, when, why. Append-only."
        constraints = [
            models.CheckConstraint(
                condition=Q(from_group__in=list(POPULATION_GROUPS), to_group__in=list(POPULATION_GROUPS)),
                name="statuschange_groups_known",
            ),
            models.CheckConstraint(
                condition=~Q(from_group=F("to_group")) | Q(corrects__isnull=False), name="statuschange_is_a_change"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="statuschange_has_reason"),
            models.CheckConstraint(
                condition=Q(procedure_type__in=list(PROCEDURE_TYPES)), name="statuschange_procedure_known"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "effective_on", "recorded_at"], name="statuschange_person"),
            models.Index(fields=["effective_on", "recorded_at"], name="statuschange_day"),
        ]


class Facts(models.Model):
    """Sex, birth and nationality as known from `recorded_at` on: what breaks a table down."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="facts")
    sex = models.CharField(max_length=1)
    birth_earliest = models.DateField()
    birth_latest = models.DateField()
    birth_precision = models.CharField(max_length=10)
    nationality = models.CharField(max_length=3)
    recorded_at = models.DateTimeField()
    entry_id = models.UUIDField()

    class Meta:
        db_table_comment = "Population accounting: sex, birth and nationality as known from an instant on. Append-only."
        constraints = [
            models.CheckConstraint(condition=Q(birth_earliest__lte=F("birth_latest")), name="facts_birth_interval")
        ]
        indexes = [models.Index(fields=["person", "recorded_at"], name="facts_person")]


class Location(models.Model):
    """The district or region a household is counted in. Never finer: the address stands in Residence, behind its lock."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="locations")
    place = models.CharField(max_length=20, blank=True)
    location_label = models.CharField(max_length=120, blank=True)
    valid_from = models.DateField()
    recorded_at = models.DateTimeField()
    entry_id = models.UUIDField()

    class Meta:
        db_table_comment = "Population accounting: the district or region a household is counted in. Append-only."
        indexes = [models.Index(fields=["household", "valid_from", "recorded_at"], name="location_household")]
