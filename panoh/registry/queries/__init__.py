"""What can be read of the register. Every query starts at `visible_to`; opening a file leaves a record of the reading."""

from panoh.registry.queries.candidates import Candidate, find_candidates
from panoh.registry.queries.files import (
    MergedView,
    find_profile,
    household_history,
    linked_numbers,
    list_consents,
    list_members,
    list_needs,
    list_residences,
    merged_view,
    names_in_order,
    obtain_household,
    obtain_person,
    persons_visible_to,
    visible_to,
)
from panoh.registry.queries.search import Hit, Hits, Wanted, search_persons

__all__ = [
    "Candidate",
    "Hit",
    "Hits",
    "MergedView",
    "Wanted",
    "find_candidates",
    "find_profile",
    "household_history",
    "linked_numbers",
    "list_consents",
    "list_members",
    "list_needs",
    "list_residences",
    "merged_view",
    "names_in_order",
    "obtain_household",
    "obtain_person",
    "persons_visible_to",
    "search_persons",
    "visible_to",
]
