"""The kinds of papers that Panoh issues, as the country's data describes them."""

from __future__ import annotations

from dataclasses import dataclass

from panoh.kernel.problems import Problem
from panoh.rulebook import current


@dataclass(frozen=True)
class PaperKind:
    """What the code list `paper_kinds` says of one kind."""

    code: str
    titles: dict[str, str]
    template: str
    accountable: bool
    photo: bool
    minimum_age: int | None
    prefix: str


def get_kind(code: str) -> PaperKind:
    """The kind of this code, in capitals or not: procedures write their words small."""
    found = current().codes["paper_kinds"].get(code.upper())
    if found is None or found.attributes.get("issued_by_panoh") != "yes":
        raise Problem("papers.kind.unknown", field="kind", kind=code)
    attributes = found.attributes
    age = attributes.get("minimum_age")
    return PaperKind(
        code=found.code,
        titles=dict(found.titles),
        template=attributes["template"],
        accountable=attributes.get("accountable") == "yes",
        photo=attributes.get("photo") == "yes",
        minimum_age=int(age) if age else None,
        prefix=attributes.get("series", ""),
    )


def list_kinds(*, accountable: bool | None = None) -> list[PaperKind]:
    issued = current().codes["paper_kinds"].where(issued_by_panoh="yes")
    kinds = [get_kind(code.code) for code in issued]
    return [kind for kind in kinds if accountable is None or kind.accountable is accountable]
