"""Refusals of what was typed on the register's pages, before any rule of the register has a say."""

from django.utils.translation import gettext_lazy as _

from panoh.kernel.problems import ProblemText

CATALOGUE = {
    "registry.value.not_a_number": ProblemText(
        422,
        _("“%(text)s” is not a number that fits here."),
        _("Only digits are read here, at most four."),
        _("Write the number in digits."),
    ),
    "registry.value.not_a_day": ProblemText(
        422,
        _("“%(text)s” is not a day."),
        _("A day is written as year-month-day, for example 2026-01-31."),
        _("Write the day again."),
    ),
}
