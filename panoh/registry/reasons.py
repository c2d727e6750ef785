"""Why two names were held to be alike, in words that a clerk understands. The codes come from `identity.similarity`
and the queries; each has one sentence here."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from panoh.identity.similarity import Reason

SENTENCES = {
    "same_word": _("“%(a)s” is written the same"),
    "same_sound": _("“%(a)s” and “%(b)s” sound the same"),
    "near_spelling": _("“%(a)s” and “%(b)s” are spelt nearly the same"),
    "initial": _("“%(a)s” may stand for “%(b)s”"),
    "other_order": _("the parts of the name stand in another order"),
    "extra_word": _("“%(word)s” stands in one of the names only"),
    "number": _("the number is %(number)s"),
    "paper_number": _("the same number of a paper"),
    "birth_fits": _("the dates of birth can be the same"),
    "household_alike": _("%(count)s others of the family stand in the same file"),
    "hidden_alike": _("name, sex and birth are alike; the file is not open to you"),
    # What a linkage of the register weighs: how many times likelier one person is than two.
    "names_for": _("the names: %(times)s times likelier that they are one person"),
    "names_against": _("the names: %(times)s times less likely that they are one person"),
    "father_for": _("the father’s name: %(times)s times likelier"),
    "father_against": _("the father’s name: %(times)s times less likely"),
    "birth_for": _("the birth: %(times)s times likelier"),
    "birth_against": _("the birth: %(times)s times less likely"),
    "sex_for": _("the sex: %(times)s times likelier"),
    "sex_against": _("the sex: %(times)s times less likely"),
    "twins_against": _("born on one day of one father, each with a name of their own: perhaps twins"),
    "place_for": _("the place of origin: %(times)s times likelier"),
    "place_against": _("the place of origin: %(times)s times less likely"),
}


def sentences(reasons: Iterable[Reason]) -> list[str]:
    """The reasons as sentences in the reader's language, in their order."""
    return [str(SENTENCES[code]) % params for code, params in reasons if code in SENTENCES]


# -- the page and the command that explain two names ------------------------------------------------------------------

VERDICTS = {
    "likely": _("Most likely one name"),
    "perhaps": _("May be one name: look at the words below"),
    "different": _("Rather two different names"),
}
SURENESS = {
    "same": _("written the same"),
    "sure": _("surely the same word"),
    "fairly": _("probably the same word"),
    "doubtful": _("perhaps the same word"),
}
ALONE_A, ALONE_B = _("stands in the first name only"), _("stands in the second name only")
