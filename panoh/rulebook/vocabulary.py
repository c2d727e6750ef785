"""The closed lists of words that a rulebook may use and the engine can carry out.

A word outside these lists is an error when the rulebook is loaded, not when a clerk presses a button. Adding one here means adding
it to the engine (`panoh.procedures`) in the same change; a test of that room compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """A guard or effect: its parameters, each with what it must name."""

    required: dict[str, str]
    optional: dict[str, str]
    means: str


def _word(means: str, required: dict[str, str] | None = None, optional: dict[str, str] | None = None) -> Word:
    return Word(required or {}, optional or {}, means)


GUARDS: dict[str, Word] = {
    "done_before": _word(
        "The named action was taken in this case; with a track, only in cases of that track.",
        {"action": "action"},
        {"on": "own_track"},
    ),
    "not_done": _word("The named action was never taken in this case.", {"action": "action"}),
    "not_earlier_than": _word(
        "The act's day is not before the day of the last step of the named action.", {"action": "action"}
    ),
    "other_member_than": _word("The member is not the one who took the named action.", {"action": "action"}),
    "needs_code_of_kind": _word(
        "A codes field of each person holds at least one code whose attribute has the value, when the condition holds for that person.",
        {"field": "person_codes_field", "attribute": "text", "value": "text"},
        {"when": "condition"},
    ),
    "only_codes_of_kind": _word(
        "A codes field of each person holds only codes whose attribute has one of the values, when the condition holds for that person.",
        {"field": "person_codes_field", "attribute": "text", "values": "texts"},
        {"when": "condition"},
    ),
    "some_person_has": _word(
        "When the condition holds for one person, some person of the case has the field at one of the values.",
        {"field": "person_field", "values": "texts"},
        {"when": "condition"},
    ),
    "needs_answer": _word(
        "The form field has an answer, when the condition holds for the form.",
        {"field": "field"},
        {"when": "condition"},
    ),
    "must_be": _word(
        "The form field has one of the values: a hard stop, whatever else is said.",
        {"field": "field", "values": "texts"},
        {"when": "condition"},
    ),
    "answered_before": _word(
        "The last step of the named action answered its field with one of the values.",
        {"action": "action", "field": "field_of_action", "values": "texts"},
    ),
    "no_stop": _word(
        "No incident or other stop of these kinds stands against the persons of the case, unless the named action was taken since.",
        {"kinds": "texts"},
        {"unless_done": "action"},
    ),
    "score_possible": _word("Enough questions are answered for the named score.", {"score": "score"}),
    "paper_issued": _word("A paper of the named kind was issued in this case.", {"kind": "paper_kind"}),
    "no_open_case": _word(
        "No person of the case has another open case of the named procedure on the same track.",
        {"procedure": "procedure"},
    ),
    "minimum_age": _word("Every person of the case has reached the age set by the named value.", {"value": "value"}),
    "clock_passed": _word("The named clock has run out on the day of the act.", {"clock": "clock"}),
    "in_time": _word("None of the named clocks has run out on the day of the act.", {"clocks": "clocks"}),
    "out_of_time": _word(
        "One of the named clocks has run out on the day of the act, or the case is closed.", {"clocks": "clocks"}
    ),
    "decided_by_another": _word(
        "The member neither took one of the named actions in this case nor voted on it.", {"actions": "actions"}
    ),
}
"""Conditions before an act. None of them refuses somebody for being late: what comes out of time is taken in by an act of its own
(`out_of_time`), which asks why and leaves it to a person to admit it."""

EFFECTS: dict[str, Word] = {
    "set_group": _word(
        "The person's population group changes, with the reason that the tables count.",
        {"to": "population_group", "reason": "status_change"},
    ),
    "prepare_paper": _word(
        "A paper is prepared for issue, valid as long as the named value says.",
        {"kind": "paper_kind"},
        {"validity": "value", "minimum_age": "value"},
    ),
    "letter": _word(
        "A letter is prepared in the language of the family and the official one: one of the procedure's own `letters`, or by kind.",
        {},
        {"kind": "paper_kind", "letter": "letter"},
    ),
    "hide_from_office": _word(
        "From now on nobody of the office named in a field sees the case.", {"field": "office_field"}
    ),
    "hear_together": _word(
        "The case is heard together with the one named in a field: next to it on an agenda, and each page shows the other.",
        {"field": "case_field"},
    ),
    "receipt": _word("A signed receipt of the act is handed over."),
    "close_case": _word("The case is closed on the day of the act.", {}, {"reason": "closure_reason"}),
    "reopen_case": _word("The case is open again."),
    "open_case": _word(
        "A case of another procedure or track is opened for the same persons.",
        {"procedure": "procedure", "track": "track"},
    ),
    "assign": _word("The case is assigned to the member named in a field.", {"field": "member_field"}),
    "tell_protection": _word(
        "The protection side hears of it at once: an incident is opened as if the register closed the record for this reason.",
        {"reason": "closure_reason"},
    ),
    "notify": _word("Members in a role are told in their work list.", {"role": "role"}),
}

STATE_KINDS = ("initial", "open", "decided", "final")
FIELD_KINDS = (
    "text", "long_text", "number", "code", "codes", "day", "bool", "member", "language", "office", "case", "file",
)  # fmt: skip
FIELD_CLASSES = ("open", "narrative", "restricted")
SUBJECTS = ("household", "person", "thing", "none")
PATH_STAGES = ("border", "registered", "lodged", "interviewed", "decided", "solution")
"""The path of DESIGN §4, from border to solution."""
UNITS = ("hours", "calendar_days", "working_days", "months")
ORGANISATION_KINDS = ("authority", "un", "ngo", "partner")
SEATS = ("chair", "member", "secretary", "observer")
MAJORITIES = ("simple", "absolute", "two_thirds", "unanimous")
EVIDENCE_KINDS = ("step", "field", "clock", "sitting", "paper", "answer")
COUNTED_AS = ("recognised", "complementary", "rejected", "closed")
LETTER_WORDS = ("case", "day", "until")
"""What the text of a letter may name besides the answers of its act: number of the case, day of the act, end of a right."""
