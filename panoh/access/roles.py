"""The roles in which a member acts, and what each role may read.

A role says three things: how far its eyes reach inside its own organisation (`scope`), which classes of fields
it may read, and whether sealed files open to it (`clearance`). What it may *do* stands with the verbs of each
room's `policy.py`. Titles in four languages are the country's data (`country.yaml`, `roles`).
"""

from dataclasses import dataclass

FIELD_CLASSES = (
    "open",
    "identity",
    "contact",
    "residence",
    "religion_ethnicity",
    "narrative",
    "needs",
    "needs_restricted",
    "protection",
)
"""Classes of fields, from what every reader of a file sees to what only protection staff see (DESIGN §3 Access)."""

PURPOSES = ("asylum", "protection", "assistance", "statistics", "administration", "audit", "legal_aid")

SCOPE_ORGANISATION = "organisation"
SCOPE_OFFICE = "office"
SCOPE_ASSIGNED = "assigned"
SCOPE_NONE = "none"


@dataclass(frozen=True)
class Role:
    """One way of acting for an organisation; `kinds` are the kinds of organisation that may have it."""

    code: str
    kinds: frozenset[str]
    scope: str
    classes: frozenset[str]
    purposes: tuple[str, ...]
    clearance: int = 0


def _role(code: str, kinds: str, scope: str, classes: str, purposes: str, clearance: int = 0) -> Role:
    return Role(
        code,
        frozenset(kinds.split()),
        scope,
        frozenset(classes.split()),
        tuple(purposes.split()),
        clearance,
    )


# The state's roles never read where a person lives: residence has been used for round-ups (DOMAIN §12.3).
_ROLES = (
    _role("registration_clerk", "authority", SCOPE_OFFICE, "open identity contact needs", "asylum"),
    _role("registration_supervisor", "authority", SCOPE_ORGANISATION, "open identity contact needs", "asylum"),
    _role("eligibility_officer", "authority", SCOPE_ORGANISATION, "open identity contact needs narrative", "asylum"),
    _role("commission_secretary", "authority", SCOPE_ORGANISATION, "open identity narrative", "asylum"),
    _role("commission_member", "authority", SCOPE_ORGANISATION, "open identity narrative", "asylum"),
    _role("head_of_office", "authority", SCOPE_NONE, "", "statistics"),
    _role(
        "protection_officer",
        "un",
        SCOPE_ORGANISATION,
        "open identity contact residence religion_ethnicity narrative needs needs_restricted protection",
        "protection",
        clearance=1,
    ),
    _role(
        "mandate_officer",
        "un",
        SCOPE_ORGANISATION,
        "open identity contact religion_ethnicity narrative needs",
        "protection",
    ),
    _role(
        "register_officer",
        "un",
        SCOPE_ORGANISATION,
        "open identity contact residence religion_ethnicity needs",
        "protection statistics",
    ),
    _role("lawyer", "ngo", SCOPE_ASSIGNED, "open identity contact narrative needs", "legal_aid"),
    _role("programme_officer", "partner", SCOPE_ASSIGNED, "open identity contact residence", "assistance"),
    _role("administrator", "authority un ngo partner", SCOPE_NONE, "", "administration"),
    _role("auditor", "authority un ngo partner", SCOPE_NONE, "", "audit"),
)

ROLES: dict[str, Role] = {role.code: role for role in _ROLES}

ORGANISATION_KINDS = ("authority", "un", "ngo", "partner")
