"""The words of this room for its own codes: kinds, doubts, changes of a cited source, ranks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

KINDS = {
    "cable": _("Cable"),
    "report": pgettext_lazy("a source", "Report"),
    "web_page": _("Web page"),
    "plan": pgettext_lazy("a source", "Plan"),
    "law": pgettext_lazy("a source", "Law"),
    "letter": pgettext_lazy("a source", "Letter"),
}
LANGUAGES = {"en": _("English"), "ru": _("Russian"), "tg": _("Tajik"), "fa": _("Persian")}
FACETS = {
    "kind": _("Kind"),
    "year": _("Year"),
    "origin": pgettext_lazy("a source", "Origin"),
    "classification": _("Classification"),
    "tag": _("Tag"),
    "language": _("Language"),
}
RANKS = {0: _("open"), 1: _("within the organisation"), 2: _("confidential"), 3: _("secret"), 4: _("top secret")}
CHANGES = {
    "withdrawn": _("The source was withdrawn."),
    "corrected": _("The paragraph was corrected since."),
    "gone": _("The paragraph is no longer in the source."),
    "redacted": _("Words of the paragraph were redacted since."),
    "reclassified": _("The source was classified otherwise since."),
}
DOUBTS = {
    "no_reference": _("It bears no reference."),
    "reference_without_year": _("Its reference tells no year."),
    "reference_from_file_name": _("Its reference comes from the name of the file."),
    "references_differ": _("Two references contradict each other."),
    "no_date": _("No day of creation was found."),
    "impossible_date": _("A date in it cannot be."),
    "dates_differ": _("Two dates contradict each other."),
    "classification_unknown": _("Its classification is not known."),
    "classification_raised": _("A mark inside is higher than its classification."),
    "classifications_differ": _("Two classifications contradict each other."),
    "origin_guessed": _("Its origin follows from the place alone."),
    "no_subject": _("It has no subject."),
    "no_paragraphs": _("No text was found."),
    "numbering_jumps": _("The numbers of its paragraphs jump."),
    "partial_text": _("It is a part of the original alone."),
    "encoding_guessed": _("Its encoding was guessed."),
    "letters_lost": _("Letters of it could not be read."),
    "cut_short": _("It was too long; its beginning was taken in."),
    "long_to_search": _("It is so long that of its later pages not every word, and no phrase, is found by search."),
    "no_text_layer": _("Its pages are pictures without text."),
    "encrypted": _("It is locked with a password."),
    "damaged": _("The file is damaged."),
    "too_large_inside": _("Unpacked it would be too large; it was not unpacked."),
    "archive_left_closed": _("It is an archive. Its files were not taken out; take them in one by one."),
    "scripts_left_out": _("Scripts in it were left out."),
    "macros_left_out": _("Macros in it were left out."),
    "attachments_left_out": _("Attachments were left out."),
    "reference_year_guessed": _("The year of a reference was supposed."),
}
# Why a source of an intake was not taken in, or not taken back.
REASONS = {
    "damaged": _("The file is damaged."),
    "encrypted": _("It is locked with a password."),
    "too_large_inside": _("Unpacked it would be too large."),
    "unreadable": _("It could not be read."),
    "given_up": _("Reading it ended the program; it was left out."),
    "not_yours": _("It is here already under a mark that your role does not read."),
    "closed": _("A mark inside closes it to your role; somebody who reads such sources can withdraw it."),
    "changed_since": _("Somebody has changed or withdrawn it since."),
    "not_kept": _("The file of its reading before is not kept, or not open to your role."),
}
THINGS = {
    "household": _("Household"),
    "case": _("Case"),
    "incident": _("Incident"),
    "intervention": _("Intervention"),
    "statistics": _("Statistics"),
}

# What the reader of figures counts and in what; a person may write other words, which are shown as written.
MEASURES = {
    "refugees": pgettext_lazy("a figure", "refugees"),
    "asylum-seekers": pgettext_lazy("a figure", "asylum-seekers"),
    "returnees": pgettext_lazy("a figure", "returnees"),
    "internally displaced persons": pgettext_lazy("a figure", "internally displaced persons"),
    "families": pgettext_lazy("a figure", "families"),
    "persons": pgettext_lazy("a figure", "persons"),
}
UNITS = {
    "persons": pgettext_lazy("a figure", "persons"),
    "families": pgettext_lazy("a figure", "families"),
    "percent": pgettext_lazy("a figure", "percent"),
    "US dollars": _("US dollars"),
    "euros": _("euros"),
    "somoni": _("somoni"),
    "afghani": _("afghani"),
    "units": pgettext_lazy("a figure", "units"),
}


def title_in(titles: Mapping[str, Any], code: str) -> str:
    """The words for a code; a value that is no code of ours stands for itself."""
    return str(titles.get(code, code))
