"""What a workbook holds, before anything of it is registered: as plain values that are kept with the job and shown later."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from panoh.access.actor import Actor
from panoh.kernel.names import PersonName
from panoh.registry.importing import files
from panoh.registry.importing.batches import preview_workbook
from panoh.registry.importing.households import ImportedHousehold
from panoh.registry.models import ImportFile

HOUSEHOLDS_SHOWN = 200
PARTS = ("script", "given", "father", "grandfather", "family", "patronymic", "tribal")
ALIKE = {"registry.import.perhaps_registered", "registry.import.twice_in_workbook"}


def look_into(*, by: Actor, file: ImportFile, progress: Callable[[int, int], None]) -> dict[str, Any]:
    """The counts, the findings and the first households of a kept workbook."""
    workbook = files.open_content(bytes(file.content), file.file_name)
    reading = preview_workbook(by=by, workbook=workbook, office_id=file.office_id, progress=progress)
    accepted = reading.accepted
    findings = [*reading.findings, *(finding for one in reading.households for finding in one.findings)]
    return {
        "households": len(accepted),
        "persons": sum(len(one.registration.persons) for one in accepted if one.registration),
        "refused": len(reading.refused),
        "perhaps": sum(_is_alike(one) for one in accepted),
        "findings": [finding.as_json() for finding in findings],
        "lines": [_line(one) for one in reading.households[:HOUSEHOLDS_SHOWN]],
        "cut_short": len(reading.households) > HOUSEHOLDS_SHOWN,
    }


def _is_alike(household: ImportedHousehold) -> bool:
    return any(finding.code in ALIKE for finding in household.findings)


def _line(household: ImportedHousehold) -> dict[str, Any]:
    persons = household.registration.persons if household.registration else ()
    name = persons[0].names[0] if persons and persons[0].names else None
    return {
        "key": household.key,
        "row": household.row,
        "principal": {part: getattr(name, part) for part in PARTS} if name else None,
        "persons": len(persons),
        "refused": household.is_refused,
        "alike": _is_alike(household),
    }


def principal_of(line: dict[str, Any]) -> PersonName | None:
    return PersonName(**line["principal"]) if line["principal"] else None
