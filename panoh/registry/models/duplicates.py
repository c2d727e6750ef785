"""Judgements about two records: the same person, different people, or not yet known. Nothing is merged in the tables."""

from django.db import models
from django.db.models import F, Q

from panoh.access.models import Member
from panoh.kernel.ids import new_id
from panoh.registry.models.persons import Person

SAME, DIFFERENT, UNSURE = "same", "different", "unsure"


class Judgement(models.Model):
    """What a member found about two records, on which reasons. Undone, not deleted; the merged view is derived."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person_a = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    person_b = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=10)
    reasons = models.JSONField(default=list)
    judged_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    judged_at = models.DateTimeField()
    undone_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        db_table_comment = "Judgements whether two records are one person; undone, never deleted."
        constraints = [
            models.CheckConstraint(condition=Q(verdict__in=[SAME, DIFFERENT, UNSURE]), name="judgement_verdict_known"),
            # One order for each pair, or (a, b) and (b, a) could be judged differently.
            models.CheckConstraint(condition=Q(person_a__lt=F("person_b")), name="judgement_pair_in_order"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="judgement_undoing_has_author",
            ),
            models.UniqueConstraint(
                fields=["person_a", "person_b"], condition=Q(undone_at__isnull=True), name="judgement_one_in_force"
            ),
        ]
