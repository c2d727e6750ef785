"""How two typed names match, with how common each of their words is in this register."""

from __future__ import annotations

from dataclasses import dataclass

from panoh.identity.explaining import Explanation, explain
from panoh.registry.queries.search import clean_question
from panoh.registry.queries.vocabulary import current_vocabulary, near_words

FEWEST_TOLD = 5  # fewer bearers are not told from none: that a rare name occurs at all may give a family away


@dataclass(frozen=True, slots=True)
class Explained:
    """`borne` holds for each word N where one person in N bears it, in whatever spelling; None where it is rare."""

    explanation: Explanation
    borne: dict[str, int | None]
    counted: int  # persons at the last count; 0 where nobody has counted yet


def explain_names(a: str, b: str) -> Explained:
    found = explain(clean_question(a), clean_question(b))
    words = list(dict.fromkeys((*found.words_a, *found.words_b)))
    vocabulary = current_vocabulary()
    near, persons = near_words(words, vocabulary), vocabulary.persons
    borne: dict[str, int | None] = {}
    for word in words:
        bearers = float((near[word].same * near[word].bearers).sum())
        borne[word] = max(1, round(persons / bearers)) if persons and bearers >= FEWEST_TOLD else None
    return Explained(found, borne, persons)
