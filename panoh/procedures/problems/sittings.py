"""The refusals of barriers, sittings, votes and safeguards: what happened, why, and what to do next."""

from django.utils.translation import gettext_lazy as _

from panoh.kernel.problems import ProblemText

BARRIERS = {
    "procedures.barrier.unknown_kind": ProblemText(
        422, _("This kind of barrier is unknown."), _("The rulebook does not name it."), _("Choose from the list.")
    ),
    "procedures.barrier.no_reason": ProblemText(
        422,
        _("The barrier was not recorded."),
        _("It stops the legal clocks of many people, so the reason must be written down."),
        _("Write who decided it, and where."),
    ),
    "procedures.barrier.in_the_future": ProblemText(
        422,
        _("The day is in the future."),
        _("A barrier is recorded once it stands, and lifted once it has fallen."),
        _("Enter a day up to today."),
    ),
    "procedures.barrier.overlaps": ProblemText(
        409,
        _("The barrier was not recorded."),
        _("One of the same kind already covers that day."),
        _("Lift the other one first, or choose a later day."),
    ),
    "procedures.barrier.not_in_force": ProblemText(
        409,
        _("The barrier was not lifted."),
        _("It was lifted already, or somebody else has just changed it."),
        _("Look at the list of barriers."),
    ),
    "procedures.barrier.lifted_before_it_stood": ProblemText(
        422, _("The day is too early."), _("The barrier stands since %(from_on)s."), _("Enter a later day.")
    ),
    "procedures.barrier.other_organisation": ProblemText(
        403,
        _("You may not change this barrier."),
        _("It stands for the cases of another organisation."),
        _("Ask the organisation concerned."),
    ),
    "procedures.barrier.not_found": ProblemText(
        404, _("There is no such barrier."), _("It does not exist."), _("Look at the list of barriers.")
    ),
}


SITTINGS = {
    "procedures.sitting.not_found": ProblemText(
        404,
        _("There is no sitting here that you may see."),
        _("The number does not exist, or the sitting is another organisation's."),
        _("Look at the list of sittings."),
    ),
    "procedures.sitting.unknown_kind": ProblemText(
        404, _("There is no such kind of sitting."), _("The procedure does not define it."), _("Choose from the list.")
    ),
    "procedures.sitting.nothing_due": ProblemText(
        409,
        _("No sitting was convened."),
        _("No case waits for one."),
        _("Convene the sitting once a case is ready for it."),
    ),
    "procedures.sitting.empty_agenda": ProblemText(
        422,
        _("The agenda is empty."),
        _("No case was chosen for it."),
        _("Tick at least one case, or cancel the sitting."),
    ),
    "procedures.sitting.agenda_too_long": ProblemText(
        422,
        _("The agenda is too long."),
        _("One sitting may take %(limit)s cases, and %(chosen)s were chosen."),
        _("Take some off; they stay among the cases that are due."),
    ),
    "procedures.sitting.unknown_case": ProblemText(
        422,
        _("The case was not put on the agenda."),
        _("There is no case with the number %(number)s that you may see."),
        _("Check the number."),
    ),
    "procedures.sitting.long_past": ProblemText(
        409,
        _("The sitting cannot be opened any more."),
        _("It was convened for %(on)s, and today an act can be recorded that was done on %(first)s or later."),
        _("Cancel it, and convene another one for the day on which the body meets."),
    ),
    "procedures.sitting.in_the_past": ProblemText(
        422,
        _("The day is in the past."),
        _("A sitting is convened before it meets."),
        _("Choose today or a later day."),
    ),
    "procedures.sitting.not_its_day": ProblemText(
        409,
        _("The sitting cannot be opened today."),
        _("It is convened for %(on)s."),
        _("Open it on its day, or convene another one."),
    ),
    "procedures.sitting.wrong_state": ProblemText(
        409,
        _("This cannot be done at this sitting now."),
        _("It has not been opened, or it is closed."),
        _("Look at the page of the sitting: it shows what can be done."),
    ),
    "procedures.sitting.changed_meanwhile": ProblemText(
        409,
        _("The sitting was changed while you were working on it."),
        _("Somebody else recorded something in it."),
        _("Look at the page again; what you typed is still there."),
    ),
    "procedures.sitting.no_quorum": ProblemText(
        409,
        _("There is no quorum."),
        _("%(needed)s voting members must be present, and %(present)s are."),
        _("Wait for more members, or defer the items to another sitting."),
    ),
    "procedures.sitting.no_chair": ProblemText(
        409,
        _("The chair is missing."),
        _("This body decides only with its chair, or whoever stands in for him."),
        _("Wait for the chair, or defer the items to another sitting."),
    ),
    "procedures.sitting.one_chair": ProblemText(
        422, _("Two members were put down as chair."), _("A sitting has one chair."), _("Choose one chair.")
    ),
    "procedures.sitting.seat_not_yours": ProblemText(
        422,
        _("A member cannot take this seat."),
        _("The rulebook gives the seat to another role."),
        _("Choose another member or another seat."),
    ),
    "procedures.sitting.items_waiting": ProblemText(
        409,
        _("The sitting cannot be closed yet."),
        _("%(count)s items of the agenda are neither decided nor deferred."),
        _("Decide them or defer them to another sitting."),
    ),
    "procedures.sitting.no_minutes": ProblemText(
        422,
        _("The sitting was not closed."),
        _("There are no minutes."),
        _("Write what was discussed, then close the sitting."),
    ),
    "procedures.item.not_found": ProblemText(
        404,
        _("There is no such item on this agenda."),
        _("It does not exist, or the file it speaks of is closed to you."),
        _("Look at the page of the sitting."),
    ),
    "procedures.item.already_dealt_with": ProblemText(
        409,
        _("This item was already dealt with."),
        _("It was decided or deferred."),
        _("Look at the page of the sitting."),
    ),
    "procedures.item.already_on_an_agenda": ProblemText(
        409,
        _("The case was not put on the agenda."),
        _("It already stands on the agenda of a sitting that has not dealt with it."),
        _("Look for it there."),
    ),
    "procedures.item.not_ready": ProblemText(
        409,
        _("The case was not put on the agenda."),
        _("It does not stand where this body can decide it."),
        _("Do first what is missing in the case."),
    ),
    "procedures.item.twice": ProblemText(
        422, _("A case stands twice on the agenda."), _("Each case is one item."), _("Name each case once.")
    ),
    "procedures.item.no_reason": ProblemText(
        422,
        _("The item was not deferred."),
        _("A reason is missing: the family waits longer, and the next sitting must know why."),
        _("Say in a few words what is missing."),
    ),
    "procedures.conflict.too_late": ProblemText(
        409,
        _("The conflict of interest was not recorded."),
        _("The member has already voted on this item."),
        _("Put a new motion, so that the vote is taken anew without the member."),
    ),
    "procedures.conflict.no_reason": ProblemText(
        422,
        _("The conflict of interest was not recorded."),
        _("A reason is missing."),
        _("Say in a few words what it is."),
    ),
    "procedures.motion.one_is_open": ProblemText(
        409,
        _("No new motion was put."),
        _("Another one is still to be voted on, or was carried."),
        _("Finish the vote first."),
    ),
    "procedures.motion.none_open": ProblemText(
        409,
        _("There is nothing to vote on."),
        _("No motion was put on this item, or its vote is finished."),
        _("Put a motion first."),
    ),
    "procedures.motion.votes_missing": ProblemText(
        409,
        _("The vote is not finished."),
        _("%(missing)s members who are present have not voted."),
        _("Let everybody vote, or record the abstention."),
    ),
    "procedures.motion.undecided": ProblemText(
        409,
        _("The vote decides nothing."),
        _("The votes are equal, and the chair has not voted."),
        _("Let the chair vote, or put another motion."),
    ),
    "procedures.motion.not_carried": ProblemText(
        409,
        _("The item cannot be decided."),
        _("No motion was carried on it."),
        _("Put a motion and let the members vote, or defer the item."),
    ),
    "procedures.vote.not_present": ProblemText(
        403,
        _("You cannot vote at this sitting."),
        _("You are not on the list of those present."),
        _("Ask the secretary to put you on it."),
    ),
    "procedures.vote.no_vote": ProblemText(
        403,
        _("You cannot vote at this sitting."),
        _("Your seat has no vote: observers and the secretary watch and write."),
        _("Have your remark written into the minutes."),
    ),
    "procedures.vote.conflict_of_interest": ProblemText(
        403,
        _("You cannot vote on this item."),
        _("You declared a conflict of interest."),
        _("Vote on the other items."),
    ),
    "procedures.vote.already_cast": ProblemText(
        409,
        _("The vote was not changed."),
        _("The member gave it at his own desk, and only he can change it."),
        _("Ask the member to change it before the votes are counted."),
    ),
    "procedures.vote.unknown_value": ProblemText(
        422, _("This is no vote."), _("A vote is for, against or abstention."), _("Choose one of them.")
    ),
}


SAFEGUARDS = {
    "procedures.safeguard.unknown": ProblemText(
        404, _("There is no such safeguard."), _("The procedure does not define it."), _("Choose from the list.")
    ),
    "procedures.safeguard.unknown_verdict": ProblemText(
        422, _("The answer was not recorded."), _("It is kept, broken or not applicable."), _("Choose one of them.")
    ),
    "procedures.safeguard.no_evidence": ProblemText(
        422,
        _("The answer was not recorded."),
        _("It does not say on what it rests."),
        _("Say in a few words what you saw or were told."),
    ),
}

PAPERS = {
    "procedures.paper.no_order": ProblemText(
        404,
        _("No act has asked for this paper."),
        _("The address does not name an order of this case."),
        _("Look at the papers on the page of the case."),
    ),
    "procedures.paper.already_made": ProblemText(
        409,
        _("The paper was already made out."),
        _("It has the number %(number)s."),
        _("Open that paper; if it is lost or wrong, replace it there."),
    ),
}
