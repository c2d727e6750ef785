"""The words of the other system, and ours: what HOPE's registration workbooks say for relationship, sex and the rest.

Each word leads to a code for each sex where ours differ. A workbook may bring a sheet "Choices" with labels of its own
words; a word that is not known is looked up there and tried again by its label.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

from panoh.registry.importing.workbook import Sheet

T = TypeVar("T")

SEX = {
    "MALE": "M",
    "FEMALE": "F",
    "M": "M",
    "F": "F",
    "MAN": "M",
    "WOMAN": "F",
    "UNKNOWN": "U",
    "OTHER": "U",
    "NOT_ANSWERED": "U",
}
# word → (code for a man or boy, code for a woman or girl)
RELATIONSHIP: Mapping[str, tuple[str, str]] = {
    "HEAD": ("PA", "PA"),
    "WIFE_HUSBAND": ("HUS", "WIF"),
    "FREE_UNION": ("CLH", "CLW"),
    "SON_DAUGHTER": ("SON", "DAU"),
    "FOSTER_CHILD": ("FCM", "FCF"),
    "MOTHER_FATHER": ("PRM", "PRF"),
    "BROTHER_SISTER": ("SBM", "SBF"),
    "GRANDMOTHER_GRANDFATHER": ("GPM", "GPF"),
    "GRANDDAUGHTER_GRANDSON": ("GCM", "GCF"),
    "GRANDDAUGHER_GRANDSON": ("GCM", "GCF"),  # so spelt by the other system
    "AUNT_UNCLE": ("UNC", "ANT"),
    "NEPHEW_NIECE": ("NEP", "NCE"),
    "COUSIN": ("COM", "COF"),
    "MOTHERINLAW_FATHERINLAW": ("PLM", "PLF"),
    "DAUGHTERINLAW_SONINLAW": ("CLM", "CLF"),
    "SISTERINLAW_BROTHERINLAW": ("BIL", "SIL"),
    "OTHER": ("UKM", "UKF"),
    "UNKNOWN": ("UKM", "UKF"),
}
NOT_A_MEMBER = "NON_BENEFICIARY"  # somebody who collects for the household and is not part of it
MARITAL = {
    "SINGLE": "SN", "ENGAGED": "EG", "MARRIED": "MA", "DIVORCED": "DV", "WIDOWED": "WD", "SEPARATED": "SR",
    "PARTNER": "PT", "FREE_UNION": "CL", "NOT_ANSWERED": "U", "OTHER": "U",
}  # fmt: skip
STATUS_NOT_TAKEN = frozenset({"REFUGEE", "IDP", "RETURNEE", "OTHERS_OF_CONCERN", "ASYLUM_SEEKER"})
# column stem → (answer → need). Only limits that our list of needs has a word for; the source is the family itself.
DISABILITY: Mapping[str, Mapping[str, str]] = {
    "seeing_disability": {"LOT_DIFFICULTY": "DS-BD", "CANNOT_DO": "DS-BD"},
    "hearing_disability": {"LOT_DIFFICULTY": "DS-DF", "CANNOT_DO": "DS-DF"},
    "comms_disability": {"LOT_DIFFICULTY": "DS-SD", "CANNOT_DO": "DS-SD"},
    "physical_disability": {"LOT_DIFFICULTY": "DS-PM", "CANNOT_DO": "DS-PS"},
}
# column stem → kind of paper
PAPERS = {
    "national_passport": "PASSPORT",
    "national_id": "TAZKIRA",
    "birth_certificate": "BIRTH_CERTIFICATE",
    "drivers_license": "DRIVING_LICENCE",
    "unhcr_id": "UNHCR_LETTER",
    "electoral_card": "OTHER_PAPER",
    "scope_id": "OTHER_PAPER",
    "other_id": "OTHER_PAPER",
}
YES = frozenset({"TRUE", "YES", "1", "Y"})


def word(value: object) -> str:
    """A choice as it is compared: capitals, with underscores for spaces and strokes."""
    return re.sub(r"[^A-Z0-9]+", "_", str(value).upper()).strip("_")


class Labels:
    """The labels of a workbook's own choices, where it brings a sheet for them."""

    def __init__(self, sheet: Sheet | None) -> None:
        self._labels: dict[str, str] = {}
        if sheet is not None:
            for row in sheet.rows:
                cells = {header.casefold(): value for header, value in row.cells.items()}
                name = cells.get("name") or cells.get("value") or cells.get("code")
                label = next((cells[key] for key in cells if key.startswith("label") and cells[key]), None)
                if name is not None and label:
                    self._labels[word(name)] = word(label)

    def find(self, value: object, table: Mapping[str, T]) -> T | None:
        """What the table has for this word, or for its label."""
        known = word(value)
        return table.get(known) if known in table else table.get(self._labels.get(known, ""))
