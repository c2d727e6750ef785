"""The refusals of this room: what happened, why, and what to do next."""

from django.utils.translation import gettext_lazy as _

from panoh.kernel.problems import ProblemText

CATALOGUE = {
    "papers.kind.unknown": ProblemText(
        422,
        _("There is no paper of this kind."),
        _("“%(kind)s” is not a paper that this register issues."),
        _("Choose one of the kinds in the list."),
    ),
    "papers.stock.not_accountable": ProblemText(
        422,
        _("These forms cannot be taken into stock."),
        _("Papers of this kind are printed on plain sheets and have no stock."),
        _("Choose a kind of certificate."),
    ),
    "papers.stock.range": ProblemText(
        422,
        _("The serials do not form a delivery."),
        _("A delivery runs from a first to a last serial and holds at most %(most)s forms."),
        _("Check both serials against the delivery note; take a large delivery in several parts."),
    ),
    "papers.stock.overlap": ProblemText(
        409,
        _("Some of these serials were received before."),
        _("Each serial exists once. %(first)s to %(last)s were taken in earlier."),
        _("Check the delivery note; if two sheets bear the same serial, report it and do not use them."),
    ),
    "papers.stock.in_future": ProblemText(
        422,
        _("The day lies in the future."),
        _("Forms are taken in when they are there."),
        _("Give the day on which they arrived."),
    ),
    "papers.stock.other_organisation": ProblemText(
        404,
        _("There is nothing here that you may see."),
        _("It may not exist, or it may be closed to your role."),
        _("Check the number."),
    ),
    "papers.stock.empty": ProblemText(
        409,
        _("There is no free form left."),
        _("This certificate is printed on an accountable form, and the stock of your office is empty."),
        _("Ask for forms and take the delivery into stock. What you have entered about the case is kept."),
    ),
    "papers.form.not_found": ProblemText(
        404,
        _("There is no such form in your stock."),
        _("No form of your organisation bears the serial %(serial)s."),
        _("Check the serial on the sheet."),
    ),
    "papers.form.gone": ProblemText(
        409,
        _("This form has left the stock already."),
        _("%(serial)s is recorded as issued, spoiled or lost."),
        _("If an issued certificate is damaged or lost, replace the certificate instead."),
    ),
    "papers.reason.missing": ProblemText(
        422,
        _("A reason is missing."),
        _("What leaves the stock, and what is withdrawn, is accounted for with a reason."),
        _("Choose the reason."),
    ),
    "papers.paper.not_found": ProblemText(
        404,
        _("There is no paper here that you may see."),
        _("It may not exist, or it may be closed to your role."),
        _("Check the number."),
    ),
    "papers.paper.other_organisation": ProblemText(
        403,
        _("You may not decide about this paper."),
        _("Another organisation made it out."),
        _("Ask a colleague of the person who prepared it."),
    ),
    "papers.paper.too_young": ProblemText(
        422,
        _("This certificate is not made out to a child."),
        _("It is issued from the age of %(age)s; a younger child is written into a parent's certificate."),
        _("Enter the child as a family member in the parent's certificate."),
    ),
    "papers.paper.other_household": ProblemText(
        422,
        _("Somebody here belongs to another family file."),
        _("Only members of the same household can be entered in one certificate."),
        _("Choose members of this household."),
    ),
    "papers.paper.closed": ProblemText(
        409,
        _("No paper can be made out to this person."),
        _("The person's record is closed."),
        _("Reopen the record first, if the person is here."),
    ),
    "papers.paper.language": ProblemText(
        422,
        _("Papers are not made out in this language."),
        _("The letters of this country exist in: %(languages)s."),
        _("Choose one of these languages."),
    ),
    "papers.paper.dates": ProblemText(
        422,
        _("The days do not fit."),
        _("A paper is good from a day until the same or a later day."),
        _("Check both days."),
    ),
    "papers.paper.facts": ProblemText(
        422,
        _("Something that must stand on this paper is missing."),
        _("“%(name)s” was not given."),
        _("Complete the case first, then prepare the paper again."),
    ),
    "papers.paper.photo_missing": ProblemText(
        409,
        _("The photo of this paper cannot be found."),
        _("Its square was signed over a photo that is no longer in the register."),
        _("Take a photo on the person's page and replace the certificate."),
    ),
    "papers.paper.already_prepared": ProblemText(
        409,
        _("A paper of this kind is being made out already."),
        _("One paper of this kind waits for its second person."),
        _("Confirm it, or send it back, before preparing another."),
    ),
    "papers.paper.same_person": ProblemText(
        403,
        _("A second person must confirm this paper."),
        _("You prepared it yourself."),
        _("Ask a colleague who may confirm papers."),
    ),
    "papers.paper.not_prepared": ProblemText(
        409,
        _("This paper does not wait for confirmation."),
        _("It was confirmed or sent back meanwhile."),
        _("Open the paper again to see how it stands."),
    ),
    "papers.paper.changed": ProblemText(
        409,
        _("Somebody else has just changed this paper."),
        _("You saw an earlier state of it."),
        _("Look at it again and decide anew."),
    ),
    "papers.paper.not_issued": ProblemText(
        409,
        _("This paper is not in anybody's hands."),
        _("Only a paper that was issued can be revoked or replaced."),
        _("Open the paper again to see how it stands."),
    ),
    "papers.paper.not_printable": ProblemText(
        409,
        _("This paper cannot be printed."),
        _("It is printed after a second person has confirmed it, and not once it was withdrawn."),
        _("Ask for its confirmation first."),
    ),
    "papers.paper.end_before_issue": ProblemText(
        422,
        _("The day lies before the paper was issued."),
        _("It was issued on %(issued_on)s."),
        _("Give a later day."),
    ),
    "papers.receipt.not_found": ProblemText(
        404,
        _("There is no such act on this file."),
        _("No entry of the ledger with this number speaks of this household."),
        _("Open the household and choose the act there."),
    ),
}
