"""What was found in a workbook: in which sheet, row and column, what it is and what to do. Errors refuse the household."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from panoh.kernel.problems import Problem, RenderedProblem, render

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about one place of the workbook. `column` is its header, as it stands in the sheet."""

    severity: str
    sheet: str
    row: int
    column: str
    problem: Problem

    @property
    def code(self) -> str:
        return self.problem.code

    def rendered(self) -> RenderedProblem:
        """What, why and what to do, in the reader's language."""
        return render(self.problem)[0]

    def as_json(self) -> dict[str, Any]:
        return {
            "severity": self.severity,
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "code": self.code,
            "params": {
                name: value if isinstance(value, int) else str(value) for name, value in self.problem.params.items()
            },
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Finding:
        problem = Problem(stored["code"], **stored["params"])
        return cls(stored["severity"], stored["sheet"], stored["row"], stored["column"], problem)


def error(sheet: str, row: int, column: str, code: str, /, **params: Any) -> Finding:
    return Finding(ERROR, sheet, row, column, Problem(code, **params))


def warning(sheet: str, row: int, column: str, code: str, /, **params: Any) -> Finding:
    return Finding(WARNING, sheet, row, column, Problem(code, **params))
