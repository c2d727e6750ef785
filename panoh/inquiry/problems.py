"""The refusals of this room: what happened, why, and what to do next."""

from django.utils.translation import gettext_lazy as _

from panoh.kernel.problems import ProblemText

CATALOGUE = {
    "inquiry.case.not_found": ProblemText(
        404,
        _("There is no case to this number and code."),
        _("The number or the code was copied wrongly, or a newer code was made since."),
        _("Compare both with the slip. Where it is lost, any office makes a new one."),
    ),
}
