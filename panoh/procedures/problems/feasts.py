"""The refusals of proclaimed feasts: what happened, why, and what to do next."""

from django.utils.translation import gettext_lazy as _

from panoh.kernel.problems import ProblemText

FEASTS = {
    "procedures.feast.not_found": ProblemText(
        404,
        _("There is nothing to confirm."),
        _("It was confirmed meanwhile, or never written down."),
        _("Look at the list of movable feasts."),
    ),
    "procedures.feast.not_expected": ProblemText(
        422,
        _("No feast is expected on this day."),
        _("The rulebook holds it for confirmed already, or does not know it."),
        _("Choose a feast from the list."),
    ),
    "procedures.feast.too_far": ProblemText(
        422,
        _("This day lies too far from the expected one."),
        _("The feast was expected on %(expected_on)s and can fall at most %(most)s days beside it."),
        _("Look at the proclamation again."),
    ),
    "procedures.feast.no_source": ProblemText(
        422,
        _("Say by which proclamation."),
        _("Somebody's time to appeal may rest on this day."),
        _("Write who proclaimed it, and when."),
    ),
    "procedures.feast.confirmed_before": ProblemText(
        409,
        _("It is confirmed already."),
        _("Somebody else confirmed it meanwhile."),
        _("Look at the list of movable feasts."),
    ),
    "procedures.feast.same_person": ProblemText(
        403,
        _("A second person has to confirm it."),
        _("You wrote it down yourself, and every time limit of the country rests on it."),
        _("Ask a colleague, of your organisation or another one."),
    ),
}
