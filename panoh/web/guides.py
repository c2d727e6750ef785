"""Help for each role: what it does in Panoh, in a few sentences, in the order of a working day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Guide:
    """`purpose` says what the role is for; each of `steps` is one thing it does, in the words of the buttons.

    `pages` are where it does them, by the names of their addresses; the header titles them. The long form, step by step, is
    `docs/guides/roles`.
    """

    purpose: Any
    steps: tuple[Any, ...]
    pages: tuple[str, ...]


GUIDES: dict[str, Guide] = {
    "registration_clerk": Guide(
        _("You register people who have arrived, and hand each family its receipt."),
        (
            _(
                "Search first: by name in any script, by number, or by the number of a paper. The family may be known already."
            ),
            _(
                "Register the household: one principal applicant, then everyone who came along. What is not known stays empty; a year or an age is enough for a birth date."
            ),
            _(
                "Look at the possible duplicates that Panoh shows before you save, and say whether it is the same person."
            ),
            _("Lodge the asylum claim, print the receipt and hand it over. It proves that the claim existed that day."),
            _("Record what happens later: a birth, a death, a marriage, a new address."),
            _(
                "Report an incident when you are told of a bribe, a detention or a removal. If it accuses your own organisation, your name is kept nowhere."
            ),
            _(
                "When a family needs what your office does not do, refer it: ask first, and choose only those who need it."
            ),
        ),
        (
            "household_register",
            "duplicates",
            "referrals",
            "papers_stock",
            "incident_report",
        ),
    ),
    "registration_supervisor": Guide(
        _("You are the second person for papers, and look after the quality of the register."),
        (
            _("Confirm prepared certificates: nobody confirms a paper that he or she prepared."),
            _("Judge possible duplicates side by side; every judgement can be undone."),
            _("Keep the stock of forms: received, issued, spoiled, lost."),
        ),
        (
            "work",
            "papers_to_confirm",
            "duplicates",
            "referrals",
            "papers_stock",
            "barriers",
        ),
    ),
    "eligibility_officer": Guide(
        _("You examine claims: interview, assessment, recommendation."),
        (
            _("Open your work for today: it is ordered by what is due, each with the article that says so."),
            _("Record the interview with interpreter, language and transcript read back."),
            _("Write the assessment for each person, with the facts and the law."),
            _("Open the line of reasoning beside a deadline when you want to know why it falls on that day."),
        ),
        (
            "work",
            "referrals",
            "manuals",
            "incident_report",
        ),
    ),
    "commission_secretary": Guide(
        _("You prepare the sittings of the commission and keep their minutes."),
        (
            _("Convene a sitting and put the cases that are ready on its agenda."),
            _(
                "Record who is present, who has a conflict of interest, the votes, and the decision with its grounds for each person."
            ),
            _("Close the sitting, print the minutes and the letters of decision."),
        ),
        (
            "sittings",
            "work",
            "papers_to_confirm",
            "barriers",
        ),
    ),
    "commission_member": Guide(
        _("You decide on claims together with the other members."),
        (
            _("Read the cases of the next sitting beforehand."),
            _("Say when you have a conflict of interest; you then do not vote on that case."),
            _("Vote on each case in the sitting."),
        ),
        (
            "sittings",
            "work",
        ),
    ),
    "head_of_office": Guide(
        _("You see the figures of your office, never a single file."),
        (
            _("Look at the statistics of any year, as known on any day."),
            _("Open a figure down to what it counts; small numbers are suppressed to protect people."),
            _("Supervision shows which safeguards your offices kept and how long each stage took, on both clocks."),
        ),
        (
            "supervision",
            "statistics",
            "barriers",
        ),
    ),
    "protection_officer": Guide(
        _("You protect people: you see needs and risks, and observe that the procedure is kept."),
        (
            _("Your work for today shows what is due for people at risk first."),
            _("Read the two clocks of a case: the legal clock may pause, the elapsed clock never does."),
            _("Record specific needs with their dates; restricted needs are seen by protection staff only."),
            _("In an emergency you may open a closed file with a reason; each opening is reviewed."),
            _(
                "Incidents stand in the order in which somebody must act. Record what was done, then close with how it ended."
            ),
            _("Patterns ring where more was reported than chance explains, and say in words how that was judged."),
            _("Record letters and calls to authorities; what is unanswered stands on top."),
            _(
                "Supervision shows office by office which safeguards were kept, broken or are unknown, with the cases behind."
            ),
            _("Referrals show whose turn it is. Tell the person what came of one, then close it."),
        ),
        (
            "incidents",
            "referrals",
            "work",
            "supervision",
            "readings",
        ),
    ),
    "mandate_officer": Guide(
        _("You decide claims under UNHCR's mandate, beside the government's procedure."),
        (
            _("Open a case on the mandate track; the government's case on the same household stays beside it."),
            _("Record interview, assessment and decision for each person."),
        ),
        (
            "work",
            "referrals",
            "manuals",
            "barriers",
        ),
    ),
    "register_officer": Guide(
        _("You keep the register as a whole in order."),
        (
            _(
                "Import registrations from a workbook: look at the preview first, then at each row that needs another look."
            ),
            _("Judge possible duplicates across offices."),
            _("Make the annual table and check that it is balanced."),
        ),
        (
            "imports",
            "duplicates",
            "statistics",
            "referrals",
        ),
    ),
    "lawyer": Guide(
        _("You represent people whose files were assigned to you."),
        (
            _("You see only the files of your clients, for as long as their consent or your assignment lasts."),
            _("Watch the time to appeal: it stands on the case with the article that sets it."),
            _("Report incidents, follow up those of your organisation, and record what was said to authorities."),
            _(
                "Who was referred to you stands under Referrals: accept or decline before its day, and return it with what came of it."
            ),
        ),
        (
            "files",
            "referrals",
            "work",
            "incidents",
        ),
    ),
    "programme_officer": Guide(
        _("You assist people who have agreed that you may know of them."),
        (
            _("You see the households that gave consent for your programme, and only what you need of them."),
            _("When consent is withdrawn, the file closes to you on the same day."),
            _(
                "Who was referred to you stands under Referrals: accept or decline before its day, and return it with what came of it."
            ),
        ),
        (
            "files",
            "referrals",
            "work",
            "statistics",
        ),
    ),
    "administrator": Guide(
        _("You say who may come in: members, roles, organisations and sharing agreements. You see no files."),
        (
            _("Give each member the role that the work needs, with a day on which it ends."),
            _("Record a sharing agreement with its purposes, kinds of information and dates."),
            _("End a membership on the day a person leaves."),
        ),
        (
            "members",
            "organisations",
        ),
    ),
    "auditor": Guide(
        _("You check what was done and who read what. You see no files."),
        (
            _("Verify the ledger against a checkpoint that another organisation kept."),
            _("Look through the readings of files and the reviews of emergency openings."),
        ),
        (
            "readings",
            "members",
            "statistics",
        ),
    ),
}
