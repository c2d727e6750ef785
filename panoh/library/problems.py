"""What this room refuses, in words."""

from django.utils.translation import gettext_lazy as _

from panoh.kernel.problems import ProblemText

CATALOGUE = {
    "library.document.not_found": ProblemText(
        404,
        _("There is no such source."),
        _("It is not here, or you may not read it."),
        _("Search for it, or ask whoever took it in."),
    ),
    "library.document.not_yours": ProblemText(
        409,
        _("The source %(refid)s is already here and closed to you."),
        _("Your organisation keeps it under a mark that your role does not read."),
        _("Ask somebody who reads confidential sources to take it in."),
    ),
    "library.document.nothing_there": ProblemText(
        422,
        _("There is nothing to take in at %(path)s."),
        _("No file was found."),
        _("Name a file, a folder or a mailbox."),
    ),
    "library.document.too_large": ProblemText(
        422,
        _("The file %(name)s is too large."),
        _("It has %(size)s MB; at most %(most)s MB are taken in."),
        _("Cut it into parts, or hand it over on the command line."),
    ),
    "library.intake.too_much": ProblemText(
        422,
        _("Together the files are too large."),
        _("They have %(size)s MB; at most %(most)s MB are brought at once."),
        _("Bring them in several goes, or hand them over on the command line."),
    ),
    "library.intake.under_way": ProblemText(
        409,
        _("These files are being worked on."),
        _("One thing is done after the other."),
        _("Wait until it is through, then ask again."),
    ),
    "library.intake.nothing_left": ProblemText(
        409,
        _("Nothing of this is left to do."),
        _("Everything was taken in or taken back already, or the files are no longer kept."),
        _("Bring the files once more, if they are wanted."),
    ),
    "library.intake.given_up": ProblemText(
        422,
        _("It was given up after %(tries)s tries."),
        _("Each time the program ended at the same place."),
        _("Ask again later, or tell whoever runs Panoh."),
    ),
    "library.document.changed": ProblemText(
        409,
        _("The source was changed while you looked at it."),
        _("Somebody else has settled it, or it was read again."),
        _("Look at it again, then decide."),
    ),
    "library.document.classification_unknown": ProblemText(
        422,
        _("This classification is not known."),
        _("Who may read a source follows from it."),
        _("Choose one of the list."),
    ),
    "library.document.already_withdrawn": ProblemText(
        409,
        _("The source is withdrawn already."),
        _("It stays under its address, marked so."),
        _("Nothing more is to be done."),
    ),
    "library.paragraph.not_found": ProblemText(
        404,
        _("There is no such paragraph."),
        _("The source has none under this address."),
        _("Open the source and copy the link of a paragraph."),
    ),
    "library.paragraph.words_not_there": ProblemText(
        422,
        _("These words do not stand in the paragraph."),
        _("Only words that stand there can be redacted."),
        _("Copy them from the paragraph."),
    ),
    "library.search.unreadable": ProblemText(
        422,
        _("The search cannot be read: %(part)s."),
        _("An operator is used in a way it does not know."),
        _("Write words, a phrase in quotation marks, or an operator of the list below."),
    ),
    "library.claim.no_figure": ProblemText(
        422,
        _("This is no figure."),
        _("A claim is a number that the paragraph gives."),
        _("Write digits, with a point before decimals."),
    ),
    "library.claim.period_backwards": ProblemText(
        422, _("The period ends before it begins."), _("Both days belong to the period."), _("Correct one of the days.")
    ),
    "library.claim.place_unknown": ProblemText(
        422,
        _("This place is not known."),
        _("Places of figures are those of the rulebook."),
        _("Choose one of the list, or leave it empty."),
    ),
    "library.citation.thing_not_found": ProblemText(
        404,
        _("There is nothing under %(number)s that could cite."),
        _("It is not here, or you may not see it."),
        _("Write the number of a case, a household, an incident or an intervention."),
    ),
    "library.citation.already_cited": ProblemText(
        409,
        _("The paragraph is cited there already."),
        _("One citation is enough."),
        _("Open the page and look at its sources."),
    ),
    "library.shelf.not_found": ProblemText(
        404,
        _("There is no such list."),
        _("It is not here, or belongs to another organisation."),
        _("Choose one of your lists, or make a new one."),
    ),
    "library.shelf.title_taken": ProblemText(
        409,
        _("There is a list of this name already."),
        _("Lists are found by their names."),
        _("Choose another name, or add to the list."),
    ),
}
