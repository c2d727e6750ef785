"""The refusals of this room: what happened, why, and what to do next."""

from django.utils.translation import gettext_lazy as _

from panoh.kernel.problems import ProblemText

CATALOGUE = {
    "api.parameter.unknown": ProblemText(
        422,
        _("There is no parameter “%(name)s”."),
        _("A parameter that nobody reads would change nothing, and be thought to."),
        _("Those that there are stand in the description of the interface: %(known)s."),
    ),
    "api.parameter.value": ProblemText(
        422,
        _("“%(value)s” cannot be read as %(name)s."),
        _("It is a whole number from %(least)s to %(most)s."),
        _("Correct it and send again."),
    ),
}
