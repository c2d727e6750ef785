"""The refusals of this room: what happened, why, and what to do next."""

from django.utils.translation import gettext_lazy as _

from panoh.kernel.problems import ProblemText

_NOT_PLANNED = _("The mission cannot be planned.")
_CORRECT = _("Correct it and plan again.")

CATALOGUE = {
    "scheduling.mission.no_leg": ProblemText(422, _NOT_PLANNED, _("It goes to no place on any day."), _("Give at least one place with its first and last day.")),
    "scheduling.mission.no_session": ProblemText(422, _NOT_PLANNED, _("Its days have no working hours."), _("Give at least one session with its beginning and length.")),
    "scheduling.mission.no_officer": ProblemText(422, _NOT_PLANNED, _("Nobody interviews."), _("Give at least one officer.")),
    "scheduling.mission.too_many": ProblemText(422, _NOT_PLANNED, _("More than %(most)s of one kind are more than one plan takes."), _("Split it into several missions.")),
    "scheduling.mission.code_twice": ProblemText(422, _NOT_PLANNED, _("“%(code)s” stands there twice."), _("Give each a code of its own.")),
    "scheduling.leg.days": ProblemText(422, _NOT_PLANNED, _("The stay in %(site)s ends before it begins, or lasts longer than %(most)s days."), _CORRECT),
    "scheduling.leg.no_room": ProblemText(422, _NOT_PLANNED, _("There is no room in %(site)s."), _("Give the number of interviews that can be held at once there.")),
    "scheduling.leg.overlaps": ProblemText(422, _NOT_PLANNED, _("The stay in %(site)s begins before that in %(before)s has ended."), _("Put the stays in their order, with a day of travel between them where it is needed.")),
    "scheduling.session.times": ProblemText(422, _NOT_PLANNED, _("A session has no length, runs past midnight, or begins before the one before it ends."), _CORRECT),
    "scheduling.staff.sex": ProblemText(422, _NOT_PLANNED, _("The sex told for “%(code)s” is neither F nor M."), _CORRECT),
    "scheduling.family.minutes": ProblemText(422, _NOT_PLANNED, _("The interview of “%(code)s” has no length."), _("Give its length in minutes.")),
    "scheduling.family.urgency": ProblemText(422, _NOT_PLANNED, _("The urgency of “%(code)s” is not one of those that there are."), _("Choose among emergency, urgent, priority and normal.")),
    "scheduling.family.unknown": ProblemText(404, _("“%(code)s” does not stand in the plan."), _("The mission or its plan knows no such family."), _("Look the code up in the mission and try again.")),
    "scheduling.file.not_json": ProblemText(422, _("The file cannot be read."), _("It is no JSON object: %(fault)s"), _("Choose another file, or correct it.")),
    "scheduling.file.not_a_list": ProblemText(422, _("The file cannot be read."), _("“%(name)s” is not a list."), _("Choose another file, or correct it.")),
    "scheduling.file.row": ProblemText(422, _("Row %(row)s of “%(name)s” cannot be read."), _("What stands there is missing or of another kind: %(fault)s"), _CORRECT),
    "scheduling.file.plan": ProblemText(422, _("The file is not a plan."), _("What stands there is missing or of another kind: %(fault)s"), _("Choose a file that this command wrote.")),
    "scheduling.command.no_plan": ProblemText(422, _("There is no plan to look at."), _("A gap is filled in a plan, and a place is explained by one."), _("Name the plan with --plan.")),
}  # fmt: skip
