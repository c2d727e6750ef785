"""The refusals of this room: what happened, why, and what to do next."""

from django.utils.translation import gettext_lazy as _

from panoh.kernel.problems import ProblemText

CATALOGUE = {
    "referrals.referral.not_found": ProblemText(
        404,
        _("There is no such referral."),
        _("The number is wrong, or the referral is not one of your organisation's."),
        _("Look for it in the list of referrals."),
    ),
    "referrals.referral.unknown_kind": ProblemText(
        422, _("Say what for."), _("The list has no such kind of referral."), _("Choose from the list.")
    ),
    "referrals.referral.unknown_urgency": ProblemText(
        422, _("Say how urgent it is."), _("The time to answer follows from it."), _("Choose from the list.")
    ),
    "referrals.referral.survivors": ProblemText(
        422,
        _("Survivors of violence are not referred by name."),
        _(
            "Of them Panoh keeps only that a service was named to them, on which day. Who holds a name can be made to give it away."
        ),
        _("Take the person to the service yourself, and record that under “Report an incident”."),
    ),
    "referrals.referral.nobody": ProblemText(
        422,
        _("Say whom it is about."),
        _("A referral is about people of this family."),
        _("Choose at least one person."),
    ),
    "referrals.referral.other_person": ProblemText(
        422,
        _("This person cannot be referred from here."),
        _("The person is not in this file, or her record is closed."),
        _("Choose people whose record in this file is open."),
    ),
    "referrals.referral.wrong_receiver": ProblemText(
        422,
        _("This organisation does not receive such referrals."),
        _("It is your own, it has ended, or nobody there works for this purpose."),
        _("Choose another organisation."),
    ),
    "referrals.referral.no_consent": ProblemText(
        422,
        _("There is no consent to this referral."),
        _("Nobody is referred to an organisation to which he or she has not agreed, for this very purpose."),
        _("Ask, record the consent on the page of the household, and send the form again."),
    ),
    "referrals.referral.cannot_share": ProblemText(
        422,
        _("You cannot show what you do not see yourself."),
        _("Your role does not read this part of the file."),
        _("Leave it out, or ask a colleague whose role reads it."),
    ),
    "referrals.referral.already_running": ProblemText(
        409,
        _("Such a referral is under way."),
        _("%(number)s asks the same organisation for the same, for one of these people."),
        _("Open it and write a message there."),
    ),
    "referrals.referral.no_text": ProblemText(
        422,
        _("Say it in a few words."),
        _("The other side must know what is meant without asking back."),
        _("One or two sentences are enough."),
    ),
    "referrals.referral.no_outcome": ProblemText(
        422, _("Say what came of it."), _("The person's caseworker goes on from there."), _("Choose from the list.")
    ),
    "referrals.referral.changed": ProblemText(
        409,
        _("The referral has changed meanwhile."),
        _("Somebody else acted on it after you opened the page."),
        _("Look at it again, then decide."),
    ),
    "referrals.referral.wrong_state": ProblemText(
        409,
        _("This cannot be done now."),
        _("The referral has gone on from where this act begins."),
        _("Look at its page for what comes next."),
    ),
    "referrals.referral.not_sender": ProblemText(
        403,
        _("Only the organisation that referred can do this."),
        _("It answers to the person for what comes of it."),
        _("Write it a message."),
    ),
    "referrals.referral.not_receiver": ProblemText(
        403,
        _("Only the organisation that received the referral can do this."),
        _("It alone can say whether it helps."),
        _("Write it a message, or withdraw the referral."),
    ),
    "referrals.submission.other_act": ProblemText(
        409,
        _("This form was sent before, for something else."),
        _("A form counts once."),
        _("Open the form again and fill it in anew."),
    ),
}
