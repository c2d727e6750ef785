"""The suggested pairs of the demo: found by a linkage of its register, as an office finds them, and a first few judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from panoh.access.context import acting
from panoh.access.models import Member
from panoh.access.queries import actor_for
from panoh.registry.linking.running import link_register
from panoh.registry.models import Suggestion
from panoh.registry.operations import confirm_judgement, judge_duplicate
from panoh.registry.queries.duplicates import suggestions_visible_to


def suggest(register: Member, say: Callable[[str], None]) -> int:
    """Link the register in the name of the register officer; returns how many pairs are new."""
    return link_register(by=actor_for(register), say=say).suggested.made


SAME_JUDGED, SAME_CONFIRMED, DIFFERENT_JUDGED, UNSURE_JUDGED = 24, 19, 6, 2
LARGEST_SHARE = 3  # one pair in so many is judged at most: in a small register some are left as well


def judge_some(register: Member, supervisor: Member, truth: Iterable[tuple[str, str]]) -> None:
    """A first few are judged as the truth has it, so that the page shows work under way: some wait for the second person."""
    known = {frozenset(pair) for pair in truth}
    with acting(actor_for(register)) as officer:
        waiting = list(suggestions_visible_to(officer).order_by("-score", "id").select_related("person_a", "person_b"))
        same = [one for one in waiting if _is_true(one, known)]
        other = [one for one in waiting if not _is_true(one, known)]
        some = min(SAME_JUDGED, len(same) // LARGEST_SHARE)
        judged = [(one, "same") for one in same[:some]]
        judged += [(one, "different") for one in other[:DIFFERENT_JUDGED]]
        judged += [(one, "unsure") for one in same[some:][-UNSURE_JUDGED:]]
        made = [
            judge_duplicate(
                by=officer, person=one.person_a, other=one.person_b, verdict=verdict, reasons=one.reasons
            ).judgement
            for one, verdict in judged
        ]
    with acting(actor_for(supervisor)) as second:
        for judgement in made[:SAME_CONFIRMED]:
            if judgement.verdict == "same":
                confirm_judgement(by=second, judgement=judgement)


def _is_true(suggestion: Suggestion, known: set[frozenset[str]]) -> bool:
    return frozenset((suggestion.person_a.number, suggestion.person_b.number)) in known
