"""The codes with which people ask about their own cases."""

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
