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
    "registry.birth.two_ways": ProblemText(
        422,
        _("The birth is told in two ways."),
        _("A year of birth and an age stand beside each other; they may not agree."),
        _("Leave the one that the person or the paper gives, and empty the other."),
    ),
    "registry.birth.year_missing": ProblemText(
        422,
        _("The year of birth is missing."),
        _("A month or a day alone says nothing of when somebody was born."),
        _("Write the year, or the age, or empty month and day."),
    ),
    "registry.birth.age_missing": ProblemText(
        422,
        _("The age in that year is missing."),
        _("A paper tazkira tells how old somebody was in a year."),
        _("Write the age as well, or empty the year beside it."),
    ),
    "registry.value.not_a_day": ProblemText(
        422,
        _("“%(text)s” is not a day."),
        _("The calendar has no such day, or a part of it is missing."),
        _("Write the day again."),
    ),
}
