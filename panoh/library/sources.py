"""A file that was read, with all that follows from its bytes alone: made by whichever process reads it, taken in by another."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from panoh.library.reading.document import Reading
from panoh.library.reading.pieces import Piece, read_piece
from panoh.library.rules.anchors import anchors_of
from panoh.library.rules.sounds import sounds_of

LARGEST_KEPT = 16 * 1024 * 1024
# The index of the database knows no places of words beyond this, and holds no more than a few times as many different words.
MOST_PLACES = 16_000
SOUNDED = ("tg", "fa", "ru")
LONGEST_NAME = 300
LONGEST_TITLE = 500


@dataclass(frozen=True, slots=True)
class Source:
    """What the reader made of a file, and the file itself, packed, where it is not too large to be kept."""

    name: str
    sha256: str
    packed: bytes | None
    reading: Reading
    fields: dict[str, Any]
    anchors: list[str]
    sounds: str

    @classmethod
    def of(cls, name: str, content: bytes, reading: Reading) -> Source:
        if sum(len(one.text.split()) for one in reading.paragraphs) > MOST_PLACES:
            reading.doubt("long_to_search")
        return cls(
            name=name[:LONGEST_NAME],
            sha256=hashlib.sha256(content).hexdigest(),
            packed=zlib.compress(content, 6) if len(content) <= LARGEST_KEPT else None,
            reading=reading,
            fields=fields_of(reading),
            anchors=anchors_of([one.text for one in reading.paragraphs]),
            sounds=sounds_in(title_of(name, reading), reading, reading.language),
        )


def read_sources(pieces: Sequence[Piece], unmarked: str = "") -> list[Source]:
    """Called in processes of their own, which know neither settings nor tables. `unmarked`: the classification of what bears none."""
    return [Source.of(piece[0], piece[1], _marked(read_piece(piece), unmarked)) for piece in pieces]


def _marked(reading: Reading, unmarked: str) -> Reading:
    if unmarked and not reading.classification:
        reading.classification = unmarked
        reading.doubts = [one for one in reading.doubts if one.code != "classification_unknown"]
    return reading


def title_of(name: str, reading: Reading) -> str:
    return (reading.title or (reading.refid if reading.kind == "cable" else name))[:LONGEST_TITLE]


def sounds_in(title: str, reading: Reading, language: str) -> str:
    return sounds_of_texts(title, [one.text for one in reading.paragraphs], language)


def sounds_of_texts(title: str, texts: Sequence[str], language: str) -> str:
    return " ".join(sounds_of("\n".join([title, *texts]))) if language in SOUNDED else ""


def fields_of(reading: Reading) -> dict[str, Any]:
    """The fields of a reading as they are kept with its revision."""
    return {
        "kind": reading.kind,
        "refid": reading.refid,
        "created": written(reading.created),
        "released": written(reading.released),
        "classification": reading.classification,
        "handling": reading.handling,
        "origin": reading.origin,
        "addressees": reading.addressees,
        "copied_to": reading.copied_to,
        "tags": reading.tags,
        "subject": reading.subject,
        "declassify": reading.declassify,
        "language": reading.language,
        "references": [[one.label, one.text, one.refid] for one in reading.references],
        "labels": [[one.kind, one.label, one.mark] for one in reading.paragraphs],
        "doubts": [[one.code, one.about] for one in reading.doubts],
    }


def written(moment: datetime | date | None) -> str:
    if moment is None:
        return ""
    return f"{moment:%Y-%m-%d %H:%M}" if isinstance(moment, datetime) else f"{moment:%Y-%m-%d}"
