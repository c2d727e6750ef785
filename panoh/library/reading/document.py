"""What a reader makes of a file: fields, paragraphs, and what it was unsure of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

KINDS = ("cable", "report", "web_page", "plan", "law", "letter")
HEADING, PARAGRAPH, SIGNATURE = "heading", "paragraph", "signature"


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing that a person should look at: a code of `DOUBTS` and what it is about."""

    code: str
    about: str = ""


# What a reader may be unsure of; the words for people stand in `library.words`.
DOUBTS = (
    "no_reference",
    "reference_without_year",
    "reference_from_file_name",
    "references_differ",
    "no_date",
    "impossible_date",
    "dates_differ",
    "classification_unknown",
    "classification_raised",
    "classifications_differ",
    "origin_guessed",
    "no_subject",
    "no_paragraphs",
    "numbering_jumps",
    "partial_text",
    "encoding_guessed",
    "letters_lost",
    "cut_short",
    "long_to_search",
    "no_text_layer",
    "encrypted",
    "damaged",
    "too_large_inside",
    "archive_left_closed",
    "scripts_left_out",
    "macros_left_out",
    "attachments_left_out",
    "reference_year_guessed",
)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as it can be cited. `label` is its number or letter as printed ("3", "A"), `mark` its own handling mark."""

    text: str
    label: str = ""
    mark: str = ""
    section: str = ""
    kind: str = PARAGRAPH


@dataclass(frozen=True, slots=True)
class Reference:
    """Another document that this one names; `refid` is empty where only words are known."""

    text: str
    label: str = ""
    refid: str = ""


@dataclass(slots=True)
class Reading:
    kind: str
    refid: str = ""
    created: datetime | date | None = None
    released: datetime | date | None = None
    classification: str = ""
    handling: list[str] = field(default_factory=list)
    origin: str = ""
    addressees: list[str] = field(default_factory=list)
    copied_to: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    subject: str = ""
    references: list[Reference] = field(default_factory=list)
    declassify: str = ""
    header: str = ""
    opening: str = ""
    paragraphs: list[Paragraph] = field(default_factory=list)
    language: str = ""
    encoding: str = ""
    media_type: str = ""
    doubts: list[Doubt] = field(default_factory=list)

    def doubt(self, code: str, about: str = "") -> None:
        found = Doubt(code, about[:200])
        if found not in self.doubts:
            self.doubts.append(found)

    def doubt_all(self, doubts: Iterable[Doubt]) -> None:
        for one in doubts:
            self.doubt(one.code, one.about)

    @property
    def title(self) -> str:
        """The subject without references that were transmitted on the same line."""
        return re.split(r"\s+REFS?\s*:", self.subject, maxsplit=1)[0].strip()

    @property
    def body(self) -> str:
        return "\n\n".join(one.text for one in self.paragraphs)
