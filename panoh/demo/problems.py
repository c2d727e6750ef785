"""What the demo refuses, in words for people."""

from django.utils.translation import gettext_lazy as _

from panoh.kernel.problems import ProblemText

CATALOGUE = {
    "demo.load.not_a_demo": ProblemText(
        status=403,
        happened=_("The synthetic operation was not loaded."),
        why=_("This installation runs in the mode %(mode)s; synthetic people belong into a demo alone."),
        next=_("Use bin/demo, or set PANOH_MODE=demo for a database of its own."),
    ),
    "demo.load.too_early": ProblemText(
        status=422,
        happened=_("The demo cannot end on %(until)s."),
        why=_("Its register is made from the published figures up to the end of 2025."),
        next=_("Choose a later day."),
    ),
    "demo.load.half_done": ProblemText(
        status=409,
        happened=_("The operation was not loaded."),
        why=_("The database is not empty, and no finished load stands in it: an earlier one was cut off."),
        next=_("Load it anew with `panoh demo load --fresh`."),
    ),
    "demo.load.other_parameters": ProblemText(
        status=409,
        happened=_("The operation was not loaded."),
        why=_("Another one is there: %(persons)s persons, seed %(seed)s."),
        next=_("Add --fresh to remove it with all that was entered since, and load the other one."),
    ),
    "demo.role.not_here": ProblemText(
        status=404,
        happened=_("There is no such page."),
        why=_("Stepping into a role without a password exists in the demo alone."),
        next=_("Go to the first page and sign in."),
    ),
    "demo.role.unknown": ProblemText(
        status=404,
        happened=_("There is no such role in the demo."),
        why=_("Its register may not be loaded yet."),
        next=_("Load it with `panoh demo load`, then open the first page again."),
    ),
}
