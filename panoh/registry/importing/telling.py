"""What was found in a workbook, put in order for reading: what refuses a household, what to look at again, what has no place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from panoh.kernel.problems import RenderedProblem
from panoh.registry.importing.findings import ERROR, Finding

NOT_TAKEN = "registry.import.column_not_taken"
ROWS_NAMED = 12


@dataclass
class Alike:
    """The same finding in several rows of one column, told once with its first text."""

    sheet: str
    column: str
    text: RenderedProblem
    rows: list[int] = field(default_factory=list)

    @property
    def first_rows(self) -> list[int]:
        return self.rows[:ROWS_NAMED]

    @property
    def more(self) -> int:
        return max(0, len(self.rows) - ROWS_NAMED)


@dataclass
class Told:
    """`errors` refuse a household, row by row; `alike` refuse nothing; `left` are filled columns without a place here."""

    errors: list[Finding]
    alike: list[Alike]
    left: dict[str, list[str]]


def tell(findings: Iterable[Finding]) -> Told:
    errors: list[Finding] = []
    alike: dict[tuple[str, str, str], Alike] = {}
    left: dict[str, list[str]] = {}
    for finding in findings:
        if finding.severity == ERROR:
            errors.append(finding)
        elif finding.code == NOT_TAKEN:
            left.setdefault(finding.sheet, []).append(finding.column)
        else:
            key = (finding.sheet, finding.column, finding.code)
            if key not in alike:
                alike[key] = Alike(finding.sheet, finding.column, finding.rendered())
            if finding.row not in alike[key].rows[-1:]:
                alike[key].rows.append(finding.row)
    errors.sort(key=lambda one: (one.row, one.sheet, one.column))
    return Told(errors, sorted(alike.values(), key=lambda one: -len(one.rows)), left)
