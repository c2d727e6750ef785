"""What the register's entries say, in words."""

from django.utils.translation import gettext_lazy as _

KINDS = {
    "registry.household.registered": _("Household registered"),
    "registry.household.split": _("Household split"),
    "registry.household.joined": _("Households joined"),
    "registry.household.principal_changed": _("Principal applicant changed"),
    "registry.household.member_added": _("Member who came later added"),
    "registry.household.closed": _("Household closed"),
    "registry.household.reopened": _("Household reopened"),
    "registry.birth.recorded": _("Birth recorded"),
    "registry.death.recorded": _("Death recorded"),
    "registry.marriage.recorded": _("Marriage recorded"),
    "registry.divorce.recorded": _("Divorce recorded"),
    "registry.person.corrected": _("Data corrected"),
    "registry.person.closed": _("Person's record closed"),
    "registry.photo.set": _("Photo taken"),
    "registry.residence.changed": _("Address changed"),
    "registry.need.added": _("Specific need added"),
    "registry.need.ended": _("Specific need ended"),
    "registry.consent.given": _("Consent given"),
    "registry.consent.withdrawn": _("Consent withdrawn"),
    "registry.duplicate.judged": _("Possible duplicate judged"),
    "registry.duplicate.confirmed": _("Confirmed as one person"),
    "registry.duplicate.suggested": _("Possible duplicates found"),
    "registry.duplicate.undone": _("Judgement undone"),
    "registry.import.brought": _("Workbook brought for a preview"),
    "registry.import.put_away": _("Workbook put away"),
    "registry.import.taken": _("Workbook taken in"),
    "registry.import.undone": _("Import undone"),
}
