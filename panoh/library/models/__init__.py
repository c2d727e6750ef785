"""The tables of this room."""

from panoh.library.models.citing import SUBJECT_KINDS, Citation, Claim, SavedSearch, Shelf, ShelfItem
from panoh.library.models.documents import (
    IN_FORCE,
    WITHDRAWN,
    Document,
    DocumentReading,
    Doubt,
    Paragraph,
    Redaction,
    Reference,
    Revision,
)
from panoh.library.models.intakes import Intake, IntakeFile, IntakeLine

__all__ = [
    "IN_FORCE",
    "SUBJECT_KINDS",
    "WITHDRAWN",
    "Citation",
    "Claim",
    "Document",
    "DocumentReading",
    "Doubt",
    "Intake",
    "IntakeFile",
    "IntakeLine",
    "Paragraph",
    "Redaction",
    "Reference",
    "Revision",
    "SavedSearch",
    "Shelf",
    "ShelfItem",
]
