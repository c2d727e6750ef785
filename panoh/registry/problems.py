"""What the register refuses, in words for people. Typing errors and warnings stand in `input_problems`."""

from django.utils.translation import gettext_lazy as _

from panoh.kernel.problems import ProblemText
from panoh.registry.input_problems import INPUT, WARNINGS

STATE = {
    "registry.submission.different_content": ProblemText(
        409,
        _("This was sent before with another content."),
        _("One submission has one content; the first one counts."),
        _("Open the household to see what was saved, and make the change there."),
    ),
    "registry.household.changed_meanwhile": ProblemText(
        409,
        _("Somebody else has changed household %(number)s meanwhile."),
        _("Saving now would undo that change without anyone having seen it."),
        _("Open the household anew, look at what changed, and enter yours again."),
    ),
    "registry.household.closed": ProblemText(
        409,
        _("Household %(number)s is closed."),
        _("A closed file is not changed."),
        _("Reopen it first, if the family is here."),
    ),
    "registry.household.not_closed": ProblemText(
        409,
        _("Household %(number)s is open already."),
        _("Only a closed file can be reopened."),
        _("Open the file to see how it stands."),
    ),
    "registry.household.reopened_before_closing": ProblemText(
        422,
        _("The household would be reopened before it was closed."),
        _("The day must not lie before that of the closure."),
        _("Check the day."),
    ),
    "registry.household.already_principal": ProblemText(
        409,
        _("This person is the principal applicant already."),
        _("There is nothing to change."),
        _("Choose another member."),
    ),
    "registry.household.change_by_act": ProblemText(
        409,
        _("Who the principal applicant is cannot be corrected here."),
        _("With the principal applicant everyone's relationship changes."),
        _("Use “Change the principal applicant”."),
    ),
    "registry.household.principal_leaves": ProblemText(
        409,
        _("The principal applicant of %(number)s would leave the others without one."),
        _("An open household always has exactly one principal applicant."),
        _("Say who takes over, and how the others are related to that person."),
    ),
    "registry.household.split_all": ProblemText(
        409,
        _("Nobody would remain in household %(number)s."),
        _("A split leaves members on both sides."),
        _("Leave at least one person, or keep the household as it is."),
    ),
    "registry.household.joins_itself": ProblemText(
        409,
        _("A household cannot join itself."),
        _("Both numbers belong to the same household."),
        _("Choose the other household."),
    ),
    "registry.person.closed": ProblemText(
        409,
        _("The record of %(number)s is closed."),
        _("A closed record is not changed."),
        _("Reopen the record first, if the person is here."),
    ),
    "registry.person.not_closed": ProblemText(
        409,
        _("The record of %(number)s is open already."),
        _("Only a closed record can be reopened."),
        _("Open the person's record to see how it stands."),
    ),
    "registry.person.reopened_before_closing": ProblemText(
        422,
        _("The record would be reopened before it was closed."),
        _("The day must not lie before that of the closure."),
        _("Check the day."),
    ),
    "registry.household.arrived_after_registration": ProblemText(
        422,
        _("The family would have arrived after it was registered."),
        _("It was registered on %(day)s, and was here on that day."),
        _("Check the day."),
    ),
    "registry.household.arrived_after_events": ProblemText(
        409,
        _("The family would have arrived after something that is recorded of it."),
        _("The earliest is of %(day)s: a status, a departure or a change of the family."),
        _("Check the day; what was recorded too early is put right first."),
    ),
    "registry.person.dead": ProblemText(
        409,
        _("%(number)s is recorded as having died."),
        _("Reopening brings back those who returned."),
        _("If the death was recorded by mistake, say so: tick that the closure was a mistake."),
    ),
    "registry.person.transferred": ProblemText(
        409,
        _("%(number)s belongs to another household now."),
        _("Nobody belongs to two households."),
        _("Open the person's record to see which one."),
    ),
    "registry.closure.not_for_this": ProblemText(
        422,
        _("This reason is not for this kind of closure."),
        _(
            "Some reasons close one person's record, some a whole household, and moving within the register is no closure."
        ),
        _("Choose another reason."),
    ),
    "registry.closure.not_for_group": ProblemText(
        409,
        _("The record cannot be closed for this reason."),
        _("The reason does not belong to the person's present status (%(group)s); the yearly tables would not add up."),
        _("Choose the reason that fits, or decide on the status first."),
    ),
    "registry.status.no_change": ProblemText(
        409,
        _("The status stays the same."),
        _("A change of status is from one group to another."),
        _("Open the person's record to see how it stands."),
    ),
    "registry.status.before_last": ProblemText(
        409,
        _("There is a later change of status already."),
        _("Changes of status are entered in the order of their days."),
        _("Check the day. An earlier change is entered as a correction."),
    ),
    "registry.correction.nothing": ProblemText(
        422, _("Nothing was corrected."), _("All values are as they were."), _("Change what is wrong, or go back.")
    ),
    "registry.consent.already_withdrawn": ProblemText(
        409,
        _("This consent was withdrawn already."),
        _("It has opened nothing since then."),
        _("Nothing needs to be done."),
    ),
    "registry.need.ended": ProblemText(
        409, _("This need has ended already."), _("It has both its dates."), _("Note a new need, if it is back.")
    ),
    "registry.marriage.with_oneself": ProblemText(
        422, _("Nobody marries alone."), _("Both are the same person."), _("Choose the other person.")
    ),
    "registry.marriage.relationship_not_told": ProblemText(
        422,
        _("A relationship cannot be told here."),
        _("Relationships are told to the principal applicant of the same household."),
        _("Leave it empty, and join the households if the couple lives together."),
    ),
    "registry.duplicate.one_record": ProblemText(
        422,
        _("Both are the same record."),
        _("A judgement is about two records."),
        _("Choose the other record."),
    ),
    "registry.duplicate.already_judged": ProblemText(
        409,
        _("These two records have been judged already."),
        _("Two judgements about one pair would contradict each other."),
        _("Undo the earlier judgement first, if it was wrong."),
    ),
    "registry.duplicate.own_judgement": ProblemText(
        409,
        _("A second person has to confirm this."),
        _("You judged these two records yourself; four eyes see more than two."),
        _("Ask a colleague, or somebody of the other organisation that sees both files."),
    ),
    "registry.duplicate.nothing_to_confirm": ProblemText(
        409,
        _("There is nothing to confirm here."),
        _("Only the judgement “the same person” waits for a second one, and only once."),
        _("Look at the pair again: somebody may have been quicker."),
    ),
    "registry.duplicate.not_a_pair": ProblemText(
        422,
        _("This is no pair of two records (score %(score)s)."),
        _("A pair has two different records and a score between 0 and 1."),
        _("Correct what made the list of pairs."),
    ),
    "registry.linkage.under_way": ProblemText(
        409,
        _("A linkage of the register is under way."),
        _("Two at once would compare the same records twice."),
        _("Wait until the other one is through, then start it again: what it has compared is not compared anew."),
    ),
    "registry.linkage.no_table": ProblemText(
        422,
        _("“%(file)s” is no table of persons."),
        _("It needs at least the columns id and full_name, a person in each line below, and text in UTF-8."),
        _("Correct the table, or choose another file."),
    ),
    "registry.linkage.no_engine": ProblemText(
        409,
        _("Pairs of records cannot be weighed by “%(engine)s”."),
        _("PANOH_LINKAGE_ENGINE is duckdb, or spark where pyspark and Java are installed."),
        _("Correct the setting, or install what is missing."),
    ),
    "registry.duplicate.already_undone": ProblemText(
        409, _("This judgement was undone already."), _("It no longer links the numbers."), _("Judge the pair anew.")
    ),
}
"""Refusals because of how things stand."""

CATALOGUE = {**INPUT, **WARNINGS, **STATE}
