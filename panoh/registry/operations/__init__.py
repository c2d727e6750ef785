"""What can be done to households and persons: one function per act, atomic, with exactly one ledger entry."""

from panoh.registry.operations.arrival import correct_household
from panoh.registry.operations.closing import close_household, close_person, record_death
from panoh.registry.operations.composition import change_principal_applicant, join_household, split_household
from panoh.registry.operations.consents import give_consent, withdraw_consent
from panoh.registry.operations.correcting import add_need, change_residence, correct_person, end_need, set_photo
from panoh.registry.operations.duplicates import Judged, confirm_judgement, judge_duplicate, undo_judgement
from panoh.registry.operations.family import add_member, record_birth, record_divorce, record_marriage
from panoh.registry.operations.frame import Done
from panoh.registry.operations.moving import transfer_household
from panoh.registry.operations.population import change_status
from panoh.registry.operations.registering import RegisteredHousehold, register_household
from panoh.registry.operations.reopening import reopen_household, reopen_person
from panoh.registry.operations.suggestions import PairFound, Suggested, suggest_pairs

__all__ = [
    "Done",
    "Judged",
    "PairFound",
    "RegisteredHousehold",
    "Suggested",
    "add_member",
    "add_need",
    "change_principal_applicant",
    "change_residence",
    "change_status",
    "close_household",
    "close_person",
    "confirm_judgement",
    "correct_household",
    "correct_person",
    "end_need",
    "give_consent",
    "join_household",
    "judge_duplicate",
    "record_birth",
    "record_death",
    "record_divorce",
    "record_marriage",
    "register_household",
    "reopen_household",
    "reopen_person",
    "set_photo",
    "split_household",
    "suggest_pairs",
    "transfer_household",
    "undo_judgement",
    "withdraw_consent",
]
