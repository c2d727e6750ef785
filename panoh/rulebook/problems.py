"""Texts of the refusals of the rulebook, and of the kernel below it, which may not know languages itself."""

from django.utils.translation import gettext_lazy as _

from panoh.kernel.problems import ProblemText

CATALOGUE: dict[str, ProblemText] = {
    # -- days --------------------------------------------------------------------------------------------------------
    "kernel.calendar.no_such_day": ProblemText(
        422,
        _("This day does not exist: %(year)s-%(month)s-%(day)s."),
        _("The month has fewer days in this year, or there is no such month."),
        _("Look at the paper again, and check which calendar it is written in."),
    ),
    "kernel.calendar.year_out_of_range": ProblemText(
        422,
        _("The year %(year)s cannot be used."),
        _("Years from %(first)s to %(last)s can be entered in this calendar."),
        _("Check the year, and whether the paper uses the Solar Hijri or the Gregorian calendar."),
    ),
    # -- birth dates -------------------------------------------------------------------------------------------------
    "kernel.birth.day_without_month": ProblemText(
        422,
        _("A day of birth was given without a month."),
        _("The day %(day)s alone does not say when the person was born."),
        _("Give the month as well, or leave the day empty: the year alone is enough."),
    ),
    "kernel.birth.implausible_age": ProblemText(
        422,
        _("The age %(age)s cannot be used."),
        _("Ages from 0 to %(oldest)s can be entered."),
        _("Ask again, or enter the year of birth instead."),
    ),
    # -- names -------------------------------------------------------------------------------------------------------
    "kernel.name.empty": ProblemText(
        422,
        _("The name is empty."),
        _("A person needs at least a given name, so that the family can be found again."),
        _("Enter the name as the person says it, in any of the three scripts."),
    ),
    "kernel.name.no_letter": ProblemText(
        422,
        _("There is no letter in “%(text)s”."),
        _("A name without letters cannot be searched for."),
        _("Enter the name, or leave the field empty if the person does not have this part."),
    ),
    "kernel.name.too_long": ProblemText(
        422,
        _("The name has %(length)s characters."),
        _("A part of a name may have up to %(longest)s characters."),
        _("Enter each part of the name in its own field."),
    ),
    "kernel.name.digit": ProblemText(
        422,
        _("“%(text)s” has the digit %(character)s at place %(position)s."),
        _("Names have no digits; papers and other systems refuse them."),
        _("Remove the digit. Numbers of papers have their own field."),
    ),
    "kernel.name.direction_mark": ProblemText(
        422,
        _("“%(text)s” holds an invisible mark (%(codepoint)s) at place %(position)s."),
        _("Such marks come along when text is copied. The name would look right and never be found."),
        _("Type the name by hand instead of pasting it."),
    ),
    "kernel.name.control_character": ProblemText(
        422,
        _("“%(text)s” holds an invisible character (%(codepoint)s) at place %(position)s."),
        _("Such characters come along when text is copied. The name would look right and never be found."),
        _("Type the name by hand instead of pasting it."),
    ),
    "kernel.name.symbol": ProblemText(
        422,
        _("“%(text)s” has the sign %(character)s (%(codepoint)s) at place %(position)s."),
        _("Names are made of letters, spaces, hyphens and apostrophes."),
        _("Remove the sign."),
    ),
    "kernel.name.mixed_script": ProblemText(
        422,
        _("The letter “%(letter)s” at place %(position)s of “%(text)s” belongs to another script."),
        _(
            "It is %(letter_script)s (%(codepoint)s), the rest is %(script)s. The two look alike, but a search would not find the name."
        ),
        _("Switch the keyboard and type this letter again."),
    ),
    "kernel.name.unknown_script": ProblemText(
        422,
        _("“%(text)s” is written in a script that Panoh cannot search in."),
        _("Names are kept in Arabic, Cyrillic or Latin letters."),
        _("Enter the name in one of these three scripts, as the person pronounces it."),
    ),
    "kernel.name.other_script": ProblemText(
        422,
        _("“%(text)s” is not written in the script chosen for this name (%(script)s)."),
        _("All parts of one form of a name are in one script; other scripts are entered as further forms."),
        _("Choose the script that fits, or add a second form of the name."),
    ),
    # -- the rulebook ------------------------------------------------------------------------------------------------
    "rulebook.no_rule_in_force": ProblemText(
        409,
        _("The rulebook has nothing for “%(id)s” on %(on)s."),
        _("Only these days are covered: %(covered)s. Outside them Panoh does not guess."),
        _("Check the day. If it is right, tell the administrator: the rulebook of the country must be completed."),
    ),
}
