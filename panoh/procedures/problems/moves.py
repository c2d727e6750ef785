"""The refusals of moving a case to a later version of its procedure."""

from django.utils.translation import gettext_lazy as _

from panoh.kernel.problems import ProblemText

MOVES = {
    "procedures.move.none": ProblemText(
        409,
        _("The case stays under the version it is under."),
        _("No later version that is in force takes a case that stands where this one stands, or it was moved already."),
        _("Look at the page of the case: it says under which version it runs."),
    ),
    "procedures.move.on_agenda": ProblemText(
        409,
        _("The case was not moved."),
        _("It stands on the agenda of a sitting, which decides by the version that the members were called under."),
        _("Move it when the sitting has dealt with it, or take it off the agenda first."),
    ),
}
