"""Population accounting: every passage between groups as one row that is never changed.

`change_status` is called by a procedure's step inside its own act: it returns rows and writes no entry. Closures and
births call `StatusRows`, which gathers rows until the entry of the act is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from panoh.access.actor import Actor
from panoh.kernel.problems import Problem
from panoh.ledger.models import Entry
from panoh.registry.models import Person, StatusChange
from panoh.registry.models.households import OPEN
from panoh.registry.rules.population import check_change
from panoh.rulebook import current


@dataclass
class StatusRows:
    """Passages of an act under way; saved once its entry exists, for each row names it."""

    rows: list[StatusChange] = field(default_factory=list)

    def add(
        self,
        person: Person,
        to_group: str,
        reason: str,
        effective_on: date,
        *,
        procedure_type: str = "",
        decision_level: str = "",
        corrects: StatusChange | None = None,
    ) -> None:
        """The person passes from her group to another; the person in memory is changed too, and saved by the act."""
        self.rows.append(
            StatusChange(
                person=person,
                effective_on=effective_on,
                from_group=person.population_group,
                to_group=to_group,
                reason=reason,
                procedure_type=procedure_type,
                decision_level=decision_level,
                corrects=corrects,
            )
        )
        person.population_group = to_group

    def save(self, entry: Entry) -> list[StatusChange]:
        for row in self.rows:
            row.recorded_at, row.entry_id = entry.recorded_at, entry.id
        return StatusChange.objects.bulk_create(self.rows)


def change_status(
    *,
    by: Actor,
    persons: Sequence[Person],
    to_group: str,
    reason: str,
    effective_on: date,
    procedure_type: str = "",
    decision_level: str = "",
    basis: str = "",
    entry: Entry,
) -> list[StatusChange]:
    """Persons enter, leave or change their group by the act of a procedure, whose entry must name them as subjects.

    Who is already in the group is passed over, so that a step for a family does not fail on its one recognised member.
    """
    codes = current().codes
    ids = [person.pk for person in persons]
    missing = set(ids) - set(entry.subjects)
    if missing:
        raise ValueError(f"the entry {entry.kind} does not name {len(missing)} of the persons whose status it changes")
    locked = {person.pk: person for person in Person.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    changes = StatusRows()
    changed: list[Person] = []
    for person_id in ids:
        person = locked.get(person_id)
        if person is None:
            raise Problem("access.thing.not_found")
        if person.population_group == to_group:
            continue
        if person.status != OPEN:
            raise Problem("registry.person.closed", number=person.number, day=person.closed_on)
        check_change(person.population_group, to_group, reason, codes)
        refuse_before_last(person, effective_on)
        changes.add(
            person, to_group, reason, effective_on, procedure_type=procedure_type, decision_level=decision_level
        )
        person.status_basis = basis if to_group else ""
        changed.append(person)
    Person.objects.bulk_update(changed, ["population_group", "status_basis"])
    for person in persons:  # the caller's own objects say the same
        person.population_group = locked[person.pk].population_group
        person.status_basis = locked[person.pk].status_basis
    return changes.save(entry)


def refuse_before_last(person: Person, effective_on: date) -> None:
    """Passages are counted in the order of their days: none may be entered before the last one."""
    last = live_changes([person]).order_by("-effective_on").values_list("effective_on", flat=True).first()
    if last is not None and effective_on < last:
        raise Problem("registry.status.before_last", field="effective_on", day=effective_on, last=last)


def live_changes(persons: Iterable[Person]):
    """The passages that no correction has taken back."""
    return StatusChange.objects.filter(person__in=list(persons), corrected_by__isnull=True, corrects__isnull=True)
