"""The refusals of this room."""

from django.utils.translation import gettext_lazy as _

from panoh.kernel.problems import ProblemText

CATALOGUE = {
    "statistics.year.out_of_range": ProblemText(
        422,
        _("There is no table of this year."),
        _("Tables are made from %(first)s to %(last)s."),
        _("Choose a year in between."),
    ),
    "statistics.method.unknown": ProblemText(
        422,
        _("This method of disclosure control does not exist."),
        _("“%(method)s” is not one of suppress, round5 and true."),
        _("Choose one of them."),
    ),
    "statistics.day.unreadable": ProblemText(
        422,
        _("This day cannot be read."),
        _("“%(given)s” is not a day such as 2026-01-31."),
        _("Write year, month and day."),
    ),
    "statistics.cell.unknown": ProblemText(
        404,
        _("There is no such figure."),
        _("The table has no line or column of this name."),
        _("Go back to the table and choose a figure there."),
    ),
}
