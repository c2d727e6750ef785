"""The refusals of cases, steps and the answers in their forms: what happened, why, and what to do next."""

from django.utils.translation import gettext_lazy as _

from panoh.kernel.problems import ProblemText

CASES = {
    "procedures.case.other_subject": ProblemText(
        422,
        _("The case was not opened."),
        _("Cases of this kind are about a family's file, or about nobody's: it is never left open."),
        _("Open it from the page of the household, or where what came without a name is taken in."),
    ),
    "procedures.case.not_found": ProblemText(
        404,
        _("There is no case here that you may see."),
        _("The number does not exist, or the case belongs to a file that is closed to you."),
        _("Check the number, or ask the organisation that keeps the file."),
    ),
    "procedures.case.changed_meanwhile": ProblemText(
        409,
        _("The case was changed while you were working on it."),
        _("Someone else recorded step %(now)s after you had opened the page at step %(seen)s."),
        _("Look at what was done; your answers are still in the form. Send it again if it still holds."),
    ),
    "procedures.case.other_organisation": ProblemText(
        403,
        _("You may read this case, but not act on it."),
        _("Another organisation of the same kind runs it."),
        _("Ask the organisation that runs the case."),
    ),
    "procedures.case.already_open": ProblemText(
        409,
        _("No second case was opened."),
        _("A person of this household already has an open case of this procedure on this track."),
        _("Go on with the open case; it is listed on the page of the household."),
    ),
    "procedures.case.nobody": ProblemText(
        422,
        _("The case was not opened."),
        _("It names no person."),
        _("Choose at least one person of the household."),
    ),
    "procedures.case.person_twice": ProblemText(
        422, _("The case was not opened."), _("One person is named twice."), _("Name each person once.")
    ),
    "procedures.case.one_person_only": ProblemText(
        422,
        _("The case was not opened."),
        _("This procedure is about one person, and %(count)s were named."),
        _("Open a case for each person."),
    ),
    "procedures.case.adult_needs_own_line": ProblemText(
        422,
        _("The case was not opened."),
        _("An adult was listed in the line of somebody else. Each adult has an application of his own."),
        _("Give each adult a line of his own."),
    ),
    "procedures.case.listed_with_nobody": ProblemText(
        422,
        _("The case was not opened."),
        _("A child was listed with somebody who has no line of his own in this case."),
        _("Choose a parent or guardian who applies in this case."),
    ),
    "procedures.case.person_of_other_household": ProblemText(
        422,
        _("The case was not opened."),
        _("A person named does not belong to this household, or the file of the person is closed."),
        _("Choose among the persons of the household."),
    ),
    "procedures.case.household_closed": ProblemText(
        409,
        _("The case was not opened."),
        _("The file of this household is closed."),
        _("Reopen the file first, if the household is here again."),
    ),
    "procedures.case.other_track": ProblemText(
        403,
        _("You cannot open a case of this kind."),
        _("It is opened by an organisation of another kind."),
        _("Open the case on your own track, or ask the organisation concerned."),
    ),
    "procedures.case.unknown_procedure": ProblemText(
        404,
        _("There is no such procedure."),
        _("The rulebook of this country does not define it."),
        _("Choose a procedure from the list."),
    ),
    "procedures.case.own_office": ProblemText(
        403,
        _("You cannot take this in here."),
        _("It is about your own office, and nobody there may see it once it is written down."),
        _("Send the person to another office, or to the organisation that takes complaints in confidence."),
    ),
    "procedures.paper.printed_here": ProblemText(
        409,
        _("This letter is not kept among the papers of the file."),
        _("Its case is seen by your organisation alone, and others who see the file would find the letter."),
        _("Print it from the page of the case."),
    ),
    "procedures.submission.other_act": ProblemText(
        409,
        _("This form was already used for something else."),
        _("Its number of submission belongs to another act."),
        _("Open the page again and fill in a fresh form."),
    ),
}


STEPS = {
    "procedures.step.unknown_action": ProblemText(
        404,
        _("This procedure has no such act."),
        _("The version under which the case was opened does not define it."),
        _("Go back to the case and choose among what can be done."),
    ),
    "procedures.step.not_your_role": ProblemText(
        403,
        _("You may not do this."),
        _("Your role does not include it in this procedure."),
        _("Ask somebody whose role includes it; the page of the procedure lists who."),
    ),
    "procedures.step.other_track": ProblemText(
        409,
        _("This cannot be done in this case."),
        _("It belongs to another track of the procedure."),
        _("Look for the case on the other track."),
    ),
    "procedures.step.not_in_this_state": ProblemText(
        409,
        _("This cannot be done now."),
        _("The case does not stand where this act is possible."),
        _("Go back to the case: it shows what can be done from here."),
    ),
    "procedures.step.sitting_decides": ProblemText(
        409,
        _("You cannot decide this alone."),
        _("Only a sitting decides it, as an item of its agenda."),
        _("Put the case on the agenda of the next sitting."),
    ),
    "procedures.step.on_an_agenda": ProblemText(
        409,
        _("This cannot be done now."),
        _("The case stands on the agenda of a sitting that has not dealt with it."),
        _("Wait for the sitting, or defer the item there."),
    ),
    "procedures.step.first_person_missing": ProblemText(
        409,
        _("This cannot be done yet."),
        _("It needs two people, and the first has not done his part."),
        _("Let the first part be done; the case shows which one it is."),
    ),
    "procedures.step.second_person_needed": ProblemText(
        409,
        _("You cannot do this in this case."),
        _("You did an earlier part of it yourself, and another person must look at it now."),
        _("Ask a colleague with the same role."),
    ),
    "procedures.step.in_the_future": ProblemText(
        422,
        _("The day is in the future."),
        _("An act is recorded once it was done; today is %(today)s."),
        _("Enter the day on which it was done."),
    ),
    "procedures.step.too_long_ago": ProblemText(
        422,
        _("This day is too long ago for one person to write down."),
        _("Today an act can be recorded that was done on %(first)s or later."),
        _(
            "If it was done that day, ask somebody who may allow a late entry to do so on the page of the case or household."
        ),
    ),
    "procedures.late_entry.not_late": ProblemText(
        422,
        _("Nothing has to be allowed for this day."),
        _("An act of that day can still be recorded by whoever did it."),
        _("Let it be recorded in the ordinary way."),
    ),
    "procedures.late_entry.no_reason": ProblemText(
        422,
        _("The late entry was not allowed."),
        _("Whoever allows it answers for it, so the reason must be written down."),
        _("Write why it was not recorded in time, and how you know that it was done."),
    ),
    "procedures.guard.no_paper": ProblemText(
        409,
        _("This cannot be done yet."),
        _("The paper that it rests on was never issued in this case."),
        _("Issue the paper first; the papers that wait stand on the page of the case."),
    ),
    "procedures.step.before_the_preceding": ProblemText(
        422,
        _("The day is too early."),
        _("What this act rests on was done on %(preceding)s."),
        _("Enter a day that is not before it."),
    ),
    "procedures.step.answer_leads_nowhere": ProblemText(
        422,
        _("The answers do not say how the case goes on."),
        _("An answer on which the next state depends is missing."),
        _("Answer it and send the form again."),
    ),
    "procedures.guard.not_yet_done": ProblemText(
        409,
        _("This cannot be done yet."),
        _("Something that must come first has not been done in this case."),
        _("Do first what is missing; the case shows what can be done."),
    ),
    "procedures.guard.already_done": ProblemText(
        409,
        _("This cannot be done."),
        _("Something that excludes it was already done in this case."),
        _("Look at the history of the case."),
    ),
    "procedures.guard.open_case": ProblemText(
        409,
        _("This cannot be done now."),
        _("A person of this case has another open case that excludes it."),
        _("Close the other case first, or go on with it."),
    ),
    "procedures.guard.clock_runs": ProblemText(
        409,
        _("This cannot be done yet."),
        _("A time limit that protects the person has not run out."),
        _("Wait until it has; the case shows the day."),
    ),
    "procedures.guard.out_of_time": ProblemText(
        422,
        _("On that day the time for this had run out."),
        _("The case shows the last day. What comes later is taken in as late, with the reasons why."),
        _("Check the day, or take it in as late: the act for that stands beside this one."),
    ),
    "procedures.guard.still_in_time": ProblemText(
        409,
        _("This is not late."),
        _("The time for it has not run out, so nobody need say why it comes late."),
        _("Take it in as in time: the act for that stands beside this one."),
    ),
    "procedures.guard.decided_first": ProblemText(
        409,
        _("You cannot decide on this appeal."),
        _("You took the decision that it is against, or voted on it."),
        _("Ask a colleague who had no part in the first decision."),
    ),
    "procedures.guard.too_young": ProblemText(
        422,
        _("This cannot be done for a person of this age."),
        _("The law asks for at least %(years)s years of age."),
        _("Check the date of birth, or leave the person out."),
    ),
    "procedures.guard.code_missing": ProblemText(
        422,
        _("A ground is missing."),
        _("This outcome needs at least one ground of the kind that the law names for it."),
        _("Choose the grounds on which the decision rests."),
    ),
    "procedures.guard.code_out_of_place": ProblemText(
        422,
        _("A ground does not fit the outcome."),
        _("The ground %(code_given)s belongs to another kind of outcome."),
        _("Take it away, or change the outcome."),
    ),
    "procedures.guard.must_be": ProblemText(
        422,
        _("With this answer it cannot go on."),
        _("The law or the standard asks that this be otherwise before the act is done."),
        _("Mend what stands in the way, or record the act that the case offers for it."),
    ),
    "procedures.guard.answered_otherwise": ProblemText(
        409,
        _("This cannot be done."),
        _("It rests on an earlier act of the case, which was answered otherwise."),
        _("Look at the history of the case; where things have changed, do the earlier act again."),
    ),
    "procedures.guard.stopped": ProblemText(
        409,
        _("This cannot be done while something stands against it."),
        _("An open incident or other stop concerns a person of this case (%(kinds)s)."),
        _("Let it be settled first, or ask somebody who may weigh it to do so with a reason."),
    ),
    "procedures.guard.too_many_missing": ProblemText(
        422,
        _("There is no score with so few answers."),
        _("%(missing)s answers are missing in a part of which at most %(percent)s percent may be."),
        _("Ask what is missing, or record the visit without a score."),
    ),
    "procedures.guard.nobody_has": ProblemText(
        422,
        _("This outcome cannot stand alone."),
        _("It rests on another person of the case, and nobody has the outcome it rests on."),
        _("Check the outcome of each person."),
    ),
}


ANSWERS = {
    "procedures.answer.missing": ProblemText(
        422, _("An answer is missing."), _("This has to be answered."), _("Answer it and send the form again.")
    ),
    "procedures.answer.not_asked": ProblemText(
        422,
        _("This answer has no place here."),
        _("With your other answers it is not asked for."),
        _("Empty it, or change the answer on which it depends."),
    ),
    "procedures.answer.unknown_field": ProblemText(
        422,
        _("The form holds an answer that nobody asked for."),
        _("The procedure may have been changed since the page was opened."),
        _("Open the page again."),
    ),
    "procedures.answer.stranger": ProblemText(
        422,
        _("The form holds an answer about a person who is not in this case."),
        _("The case may have been changed since the page was opened."),
        _("Open the page again."),
    ),
    "procedures.answer.unknown_code": ProblemText(
        422,
        _("This choice is not on the list."),
        _("“%(value)s” is no code of the list that is in force on this day."),
        _("Choose from the list."),
    ),
    "procedures.answer.unknown_member": ProblemText(
        422,
        _("This colleague cannot be chosen."),
        _("She is no member of the organisation that runs the case, or no longer."),
        _("Choose from the list."),
    ),
    "procedures.answer.unknown_office": ProblemText(
        422,
        _("This office cannot be chosen."),
        _("It is on no list of offices that work today."),
        _("Choose from the list."),
    ),
    "procedures.answer.unknown_case": ProblemText(
        422,
        _("There is no such case that you may see."),
        _("“%(value)s” is the number of no case, or of one that is closed to you."),
        _("Check the number."),
    ),
    "procedures.answer.not_a_number": ProblemText(
        422, _("This is no whole number."), _("“%(value)s” cannot be read as one."), _("Enter digits only.")
    ),
    "procedures.answer.out_of_bounds": ProblemText(
        422,
        _("The number is out of bounds."),
        _("It may lie between %(least)s and %(most)s."),
        _("Check it, and enter it again."),
    ),
    "procedures.answer.not_a_day": ProblemText(
        422, _("This is no day."), _("“%(value)s” cannot be read as a day."), _("Enter day, month and year.")
    ),
    "procedures.answer.not_yes_or_no": ProblemText(
        422, _("This is neither yes nor no."), _("“%(value)s” cannot be read."), _("Choose yes or no.")
    ),
    "procedures.answer.too_long": ProblemText(
        422, _("The text is too long."), _("At most %(limit)s characters can be kept here."), _("Shorten it.")
    ),
    "procedures.answer.control_character": ProblemText(
        422,
        _("The text holds a character that cannot be kept."),
        _("It is invisible and often comes with text copied from elsewhere."),
        _("Type the text anew, or paste it as plain text."),
    ),
    "procedures.answer.not_a_file": ProblemText(
        422,
        _("This file cannot be kept."),
        _("It is empty, larger than %(limit)s megabytes, or neither a PDF nor a picture."),
        _("Choose a PDF, JPEG or PNG."),
    ),
}
