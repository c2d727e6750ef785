"""The actor: a member of an organisation, in a role, for a purpose. Everything done in Panoh is done by one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True)
class Actor:
    """Who acts, with all that access decisions need, as it stood when the request began.

    `office_ids` is None where the role sees every office of its organisation. `custodians` tells, for each class
    of fields, the organisations whose files may be read in that class (own one and those with an agreement).
    """

    member_id: UUID
    account_id: UUID
    name: str
    organisation_id: UUID
    organisation_kind: str
    role: str
    purpose: str
    scope: str
    office_id: UUID | None = None
    office_ids: tuple[UUID, ...] | None = None
    open_organisations: tuple[UUID, ...] = ()
    agreement_ids: tuple[UUID, ...] = ()
    classes: frozenset[str] = frozenset()
    custodians: Mapping[str, tuple[UUID, ...]] = field(default_factory=dict)
    clearance: int = 0
    language: str = "en"

    def reads(self, field_class: str) -> bool:
        """Whether the actor's role reads this class of fields at all (a single file may still close it)."""
        return field_class in self.classes
