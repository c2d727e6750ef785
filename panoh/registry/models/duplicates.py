"""Two records that may be one person: what the search suggests, and what people judged. Nothing is merged in the tables."""

from django.db import models
from django.db.models import F, Q

from panoh.access.models import Member
from panoh.kernel.ids import new_id
from panoh.registry.models.persons import Person

SAME, DIFFERENT, UNSURE = "same", "different", "unsure"
OPEN, TO_CONFIRM, JUDGED = "open", "to_confirm", "judged"
STATES = (OPEN, UNSURE, TO_CONFIRM, JUDGED)
ENTRY, LINK, IMPORT = "entry", "link", "import"
ORIGINS = (ENTRY, LINK, IMPORT)


class Judgement(models.Model):
    """What a member found about two records, on which reasons. Undone, not deleted; the merged view is derived.

    "same" links the two numbers only once a second person has confirmed it: joining two people's histories by mistake
    can cost one of them her status.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person_a = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    person_b = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=10)
    reasons = models.JSONField(default=list)
    judged_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    judged_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
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
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False, verdict=SAME),
                name="judgement_confirming_has_author",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("judged_by")), name="judgement_four_eyes"
            ),
            models.UniqueConstraint(
                fields=["person_a", "person_b"], condition=Q(undone_at__isnull=True), name="judgement_one_in_force"
            ),
        ]


class Suggestion(models.Model):
    """Two records that look alike, and why: found while one of them was registered, in an import, or by a linkage.

    Kept, so that nothing found is lost and the work can be counted. `state` says what the pair waits for and always
    follows from the judgement in force; the acts on judgements write it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person_a = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    person_b = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    score = models.DecimalField(max_digits=5, decimal_places=4)
    reasons = models.JSONField(default=list)
    origin = models.CharField(max_length=10)
    state = models.CharField(max_length=10, default=OPEN)
    made_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        db_table_comment = (
            "Pairs of records that may be one person, with score and reasons; who judges them works through these."
        )
        constraints = [
            models.CheckConstraint(condition=Q(person_a__lt=F("person_b")), name="suggestion_pair_in_order"),
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=1), name="suggestion_score"),
            models.CheckConstraint(condition=Q(origin__in=ORIGINS), name="suggestion_origin_known"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="suggestion_state_known"),
            models.UniqueConstraint(fields=["person_a", "person_b"], name="suggestion_pair_once"),
        ]
        indexes = [models.Index(fields=["state", "-score", "id"], name="suggestion_in_order")]
