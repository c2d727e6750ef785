"""What this room's entries in the ledger say, in words."""

from django.utils.translation import gettext_lazy as _

KINDS = {
    "scheduling.mission.made": _("Mission prepared"),
    "scheduling.mission.changed": _("Places or people of a mission changed"),
    "scheduling.cases.listed": _("Families put on the list of a mission"),
    "scheduling.case.changed": _("A family's wishes for its interview changed"),
    "scheduling.cases.taken_off": _("Family taken off the list of a mission"),
    "scheduling.plan.asked": _("Plan of a mission asked for"),
    "scheduling.plan.begun": _("Work on a plan begun"),
    "scheduling.plan.laid_out": _("Mission laid out"),
    "scheduling.plan.refused": _("A plan could not be made"),
    "scheduling.plan.put_away": _("Plan put away"),
    "scheduling.plan.accepted": _("Plan accepted by a person"),
    "scheduling.plan.confirmed": _("Plan confirmed and families called"),
    "scheduling.mission.closed": _("Mission closed"),
    "scheduling.mission.called_off": _("Mission called off"),
}
