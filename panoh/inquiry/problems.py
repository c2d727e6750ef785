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
    "inquiry.case.wait": ProblemText(
        429,
        _("Too many wrong codes came from here."),
        _("So that nobody finds a code by trying, this page waits a quarter of an hour. The code itself stays good."),
        _("Try again in a quarter of an hour, or from another connection, or ask at any office."),
    ),
    "inquiry.code.none_in_force": ProblemText(
        409,
        _("There is no code in force."),
        _("It has been ended already, or none was made."),
        _("Make a new one where the family wants it."),
    ),
    "inquiry.code.sent_often": ProblemText(
        429,
        _("No further code is sent today."),
        _("At most %(most)s codes of a case are sent within a day."),
        _("Print a slip and hand it over."),
    ),
    "inquiry.contact.no_consent": ProblemText(
        422,
        _("A code is sent only to an address that the person gave and agreed to."),
        _("Who else reads there would see the code."),
        _("Ask her, and tick that she agrees. Without that, print a slip."),
    ),
    "inquiry.contact.address_wrong": ProblemText(
        422,
        _("This cannot be an address."),
        _("A sign is missing or too many."),
        _("Compare it with what she wrote down."),
    ),
    "inquiry.contact.language": ProblemText(
        422,
        _("The language is not one of this register."),
        _("Codes are sent in the languages of the pages."),
        _("Choose one of the list."),
    ),
    "inquiry.contact.known": ProblemText(
        409,
        _("This address is written down already."),
        _("A contact stands in a case once."),
        _("Send the code to the one that stands there."),
    ),
    "inquiry.contact.not_found": ProblemText(
        404,
        _("There is no such contact in this case."),
        _("It has been struck, or belongs to another case."),
        _("Open the page of the code again."),
    ),
    "inquiry.channel.unknown": ProblemText(
        422,
        _("Codes cannot be sent this way here."),
        _("This installation has no such channel."),
        _("Print a slip and hand it over."),
    ),
}
