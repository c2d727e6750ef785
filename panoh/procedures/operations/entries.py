"""What the entry of an act keeps of its answers for good, and what can be erased."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from panoh.procedures.rules.answers import Answers

if TYPE_CHECKING:
    from panoh.procedures.operations.acts import PlannedAct

_CODES = frozenset({"number", "code", "codes", "day", "bool", "member", "language", "office", "case"})


def split_for_ledger(planned: PlannedAct) -> tuple[dict[str, Any], dict[str, Any]]:
    """Open codes and days go into the hashed payload; words of people and closed answers only into the erasable detail."""
    kinds = {one.name: one.kind for one in (*planned.action.form, *planned.action.per_person)}

    def split(answers: Answers) -> tuple[dict[str, Any], dict[str, Any]]:
        codes = {name: value for name, value in answers.open.items() if kinds[name] in _CODES}
        texts = {name: value for name, value in answers.everything().items() if name not in codes}
        return codes, texts

    codes, texts = split(planned.form.case)
    found: dict[str, Any] = {"case": codes} if codes else {}
    detail: dict[str, Any] = {"case": texts} if texts else {}
    for person, answers in planned.form.persons.items():
        codes, texts = split(answers)
        if codes:
            found[str(person)] = codes
        if texts:
            detail[str(person)] = texts
    return found, detail
