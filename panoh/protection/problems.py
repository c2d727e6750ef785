"""The refusals of this room: what happened, why, and what to do next."""

from django.utils.translation import gettext_lazy as _

from panoh.kernel.problems import ProblemText

CHECK_AND_SEND = _("Nothing was lost: correct it and send the form again.")

CATALOGUE = {
    "protection.report.unknown_kind": ProblemText(
        422, _("Say what happened."), _("The list has no such kind of incident."), _("Choose the kind that fits best.")
    ),
    "protection.report.unknown_code": ProblemText(
        422,
        _("This value is not in the list."),
        _("Only listed values can be counted later."),
        _("Choose from the list."),
    ),
    "protection.report.unknown_place": ProblemText(
        422, _("This place is not known."), _("Places are districts of the country's list."), _("Choose a district.")
    ),
    "protection.report.in_the_future": ProblemText(
        422, _("The day lies in the future."), _("An incident is reported after it began."), _("Correct the day.")
    ),
    "protection.report.too_long_ago": ProblemText(
        422,
        _("The day lies too far back."),
        _("Nothing older than forty years is reported here."),
        _("Correct the day."),
    ),
    "protection.report.no_narrative": ProblemText(
        422, _("Tell what happened."), _("Without it nobody can act."), _("A few sentences are enough.")
    ),
    "protection.report.too_long": ProblemText(
        422, _("The text is too long."), _("At most %(most)s letters are kept."), _("Add the rest as a file.")
    ),
    "protection.report.amount": ProblemText(
        422, _("This is not an amount."), _("An amount is more than nothing."), _("Leave it empty if none was named.")
    ),
    "protection.report.no_currency": ProblemText(
        422,
        _("The currency is missing."),
        _("An amount says little without it."),
        _("Write its three letters, for example TJS."),
    ),
    "protection.report.order_days": ProblemText(
        422,
        _("This number of days is not possible."),
        _("Orders give from no day to a year."),
        _("Correct the number."),
    ),
    "protection.report.others": ProblemText(
        422,
        _("This number of people is not possible."),
        _("At most %(most)s are told in one report."),
        _("Correct the number."),
    ),
    "protection.report.nobody": ProblemText(
        422,
        _("Say to whom it happened."),
        _("An incident happens to somebody."),
        _("Write numbers of registered persons, or how many others there were."),
    ),
    "protection.report.person_not_found": ProblemText(
        422,
        _("The number %(number)s names nobody you see."),
        _("It may be mistyped, or the file may be closed to you."),
        _("Correct it, or tell of the person under “others”."),
    ),
    "protection.report.accused_unknown": ProblemText(
        422, _("This office is not known."), _("Only offices of organisations in Panoh are listed."), CHECK_AND_SEND
    ),
    "protection.report.already_sent": ProblemText(
        409,
        _("This report is in already."),
        _("The same form was sent before."),
        _("You need not send it again."),
    ),
    "protection.evidence.kind": ProblemText(
        422,
        _("A file of this kind cannot be kept."),
        _("Pictures (JPEG, PNG) and papers (PDF) are kept."),
        _("Photograph the paper, or save it as PDF."),
    ),
    "protection.evidence.too_large": ProblemText(
        422, _("The file is too large."), _("At most %(most)s megabytes are kept."), _("Send a smaller picture.")
    ),
    "protection.evidence.known": ProblemText(
        409, _("This file is kept already."), _("The same bytes hang on this incident."), _("Choose another file.")
    ),
    "protection.evidence.referral": ProblemText(
        409,
        _("Nothing is added to a referral."),
        _("Of a survivor only the day and the service are kept here."),
        _("The service keeps what it needs itself."),
    ),
    "protection.incident.not_found": ProblemText(
        404,
        _("There is nothing here that you may see."),
        _("It may not exist, or it may be closed to your role."),
        _("Check the number."),
    ),
    "protection.incident.closed": ProblemText(
        409, _("This incident is closed."), _("Nothing is added to a closed incident."), _("Reopen it first.")
    ),
    "protection.incident.not_closed": ProblemText(
        409, _("This incident is open."), _("Only a closed one can be reopened."), _("Record what was done instead.")
    ),
    "protection.incident.changed": ProblemText(
        409,
        _("Somebody else changed this incident meanwhile."),
        _("Your form was made from an earlier state."),
        _("Look at its history, then send your form again: what you typed is still here."),
    ),
    "protection.incident.no_outcome": ProblemText(
        422, _("Say how it ended."), _("An incident is closed with its outcome."), _("Choose the outcome that fits.")
    ),
    "protection.incident.no_note": ProblemText(
        422, _("Say in a few words what was done."), _("The next reader must understand it."), CHECK_AND_SEND
    ),
    "protection.incident.not_answered": ProblemText(
        409,
        _("Nothing was done about this incident yet."),
        _("An incident of this severity is not closed before somebody acted on it."),
        _("Record first what was done, then close it."),
    ),
    "protection.incident.day": ProblemText(
        422,
        _("This day is not possible."),
        _("It lies before the incident, or in the future."),
        _("Correct the day."),
    ),
    "protection.intervention.no_text": ProblemText(
        422, _("The text is missing."), _("Without subject and text nobody knows what was said."), CHECK_AND_SEND
    ),
    "protection.intervention.day": ProblemText(
        422,
        _("This day is not possible."),
        _("It lies in the future, or an answer before the question."),
        _("Correct the day."),
    ),
    "protection.intervention.no_day": ProblemText(
        422,
        _("The day of the answer is missing."),
        _("The clock stops on that day."),
        _("Write the day on which it came."),
    ),
    "protection.intervention.due": ProblemText(
        422,
        _("This day is not possible."),
        _("An answer is expected after the letter, within two years."),
        _("Correct the day."),
    ),
    "protection.intervention.unknown_law": ProblemText(
        422,
        _("This article is not in the rulebook."),
        _("A letter relies on law in force."),
        _("Choose from the list."),
    ),
    "protection.intervention.no_such": ProblemText(
        422,
        _("The number %(number)s names nothing you see."),
        _("It may be mistyped, or closed to you."),
        _("Correct the number."),
    ),
    "protection.supervision.too_many": ProblemText(
        422,
        _("These are too many cases for one page."),
        _("At most %(most)s are added up at once."),
        _("Choose one month."),
    ),
    "protection.filter.unreadable": ProblemText(
        422,
        _("This choice is not possible."),
        _("The address asks for something that is not listed."),
        _("Choose from the lists."),
    ),
    "protection.law.unknown_gap": ProblemText(
        404,
        _("There is no such gap of the law here."),
        _("The list of the country's data has none of this name."),
        _("Choose one from the page on corrections of law."),
    ),
    "protection.law.unknown_status": ProblemText(
        422,
        _("This standing is not in the list."),
        _("Only listed values can be compared."),
        _("Choose from the list."),
    ),
    "protection.law.in_the_future": ProblemText(
        422, _("The day lies in the future."), _("What a law will be is no standing yet."), _("Correct the day.")
    ),
    "protection.law.no_source": ProblemText(
        422,
        _("It does not say where this is known from."),
        _("A standing without a source cannot be checked by anybody."),
        _("Name the draft, the letter or the gazette."),
    ),
}
