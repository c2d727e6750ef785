"""Refusals about the scores of a panel."""

from django.utils.translation import gettext_lazy as _

from panoh.kernel.problems import ProblemText

SCORES = {
    "procedures.motion.by_scores": ProblemText(
        409,
        _("This is decided by the scores of the panel."),
        _("The rulebook ranks the cases here; it is not put to the vote."),
        _("Let the members score, close the scoring, and decide by the ranking."),
    ),
    "procedures.scores.votes_here": ProblemText(
        409,
        _("This sitting does not score."),
        _("Its decisions are taken by vote."),
        _("Put a motion to the vote."),
    ),
    "procedures.scores.closed": ProblemText(
        409,
        _("The scoring is closed."),
        _("The order was worked out from the scores as they stood."),
        _("Decide by the ranking, or defer the case to another sitting."),
    ),
    "procedures.scores.not_closed": ProblemText(
        409,
        _("The scoring is still open."),
        _("A ranking is made once every member has scored."),
        _("Close the scoring first."),
    ),
    "procedures.scores.missing": ProblemText(
        409,
        _("%(missing)s scores are missing."),
        _("Every member who is present scores every case, but those in which she has a conflict of interest."),
        _("Wait for them, note who has left in the attendance, or defer the case."),
    ),
    "procedures.scores.nobody_scored": ProblemText(
        409,
        _("A case has no score that counts."),
        _("Every member who is present has a conflict of interest in it."),
        _("Defer the case to a sitting with other members."),
    ),
    "procedures.scores.nothing_to_decide": ProblemText(
        409,
        _("Nothing of the ranking waits for a decision."),
        _("All its cases are decided or deferred."),
        _("Write the minutes and close the sitting."),
    ),
    "procedures.scores.places": ProblemText(
        422,
        _("How many places are there?"),
        _("A whole number is needed, up to %(most)s; nought where there are none."),
        _("Write the number of places for each outcome."),
    ),
    "procedures.score.out_of_range": ProblemText(
        422,
        _("Give a whole number from %(lowest)s to %(highest)s."),
        _("The score sheet has this range for the criterion."),
        _("Correct the number; what you gave before stands until then."),
    ),
}
