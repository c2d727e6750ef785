"""May this actor do this to this thing? The answer always comes with its reason; deny wins.

`decide` answers, `check` raises. `visible_to` of each room answers the sister question "to which things?" from the
same rule (`access.scope`).
"""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from panoh.access import roles
from panoh.access.actor import Actor
from panoh.access.verbs import declare, get_verb, verb
from panoh.kernel.problems import Problem


@dataclass(frozen=True)
class Decision:
    """Allowed or refused, and why. `reason` is the code of the Problem that a refusal becomes."""

    allowed: bool
    reason: str
    params: dict[str, Any] = field(default_factory=dict)


ALLOWED = Decision(True, "access.allowed")


def decide(actor: Actor, verb_name: str, thing: object | None = None) -> Decision:
    """Whether `actor` may do `verb_name`, to `thing` where one is given.

    A thing on a household must be visible (the caller obtained it, so it is) and, unless the verb is shared, kept by
    the actor's own organisation. Raises KeyError for a verb that no room has declared: a programmer's mistake.
    """
    rule = get_verb(verb_name)
    if actor.role not in rule.roles:
        return Decision(False, "access.verb.refused_role", {"role": actor.role, "verb": verb_name})
    if actor.purpose not in roles.ROLES[actor.role].purposes:
        return Decision(False, "access.verb.refused_purpose", {"purpose": actor.purpose})
    for field_class in rule.reads:
        if not actor.reads(field_class):
            return Decision(False, "access.verb.refused_class", {"field_class": field_class})
    if thing is not None:
        if rule.on == "household" and not rule.shared:
            household = household_of(thing)
            if household.custodian_id != actor.organisation_id:
                return Decision(False, "access.verb.refused_custodian")
        for condition in rule.needs:
            reason = condition(actor, thing)
            if reason:
                return Decision(False, reason)
    return ALLOWED


def check(actor: Actor, verb_name: str, thing: object | None = None) -> None:
    """As `decide`, raising the refusal as a Problem (403)."""
    decision = decide(actor, verb_name, thing)
    if not decision.allowed:
        raise Problem(decision.reason, **decision.params)


def household_of(thing: object) -> Any:
    """The file a thing hangs off: the household itself, or what its `household` or `person` leads to."""
    if hasattr(thing, "custodian_id"):
        return thing
    if hasattr(thing, "household"):
        return thing.household
    return household_of(thing.person)  # type: ignore[attr-defined]


ADMINISTRATOR = {"administrator"}
EVERYONE = set(roles.ROLES)

declare(
    verb("access.home.read", EVERYONE, title=_("See the own start page")),
    verb("access.organisation.read", EVERYONE, title=_("See organisations, offices and agreements")),
    verb("access.organisation.add", ADMINISTRATOR, title=_("Add an organisation or office")),
    verb("access.member.read", {"administrator", "auditor"}, title=_("See accounts and members")),
    verb("access.member.add", ADMINISTRATOR, title=_("Add a member")),
    verb("access.member.end", ADMINISTRATOR, title=_("End a membership")),
    verb("access.account.renew", ADMINISTRATOR, title=_("Set a member's sign-in anew")),
    verb("access.agreement.sign", ADMINISTRATOR, title=_("Enter a sharing agreement")),
    verb("access.agreement.end", ADMINISTRATOR, title=_("End a sharing agreement")),
    verb("access.policy.read", EVERYONE, title=_("See who may do what")),
    verb(
        "access.file.assign",
        {"protection_officer", "registration_supervisor", "register_officer"},
        on="household",
        shared=True,
        title=_("Give a file to a lawyer or programme officer"),
    ),
    verb(
        "access.file.override",
        {"protection_officer", "eligibility_officer", "registration_supervisor", "mandate_officer"},
        title=_("Open a file in an emergency"),
    ),
    verb("access.override.review", {"auditor"}, title=_("Review emergency access")),
    verb("access.reading.read", {"auditor", "protection_officer"}, title=_("See who has read files")),
    verb("access.token.make", EVERYONE, title=_("Make a token for a program of one's own")),
    verb("access.token.end", EVERYONE, title=_("End a token of one's own")),
    # The verb is the ledger's, which knows no roles. Whoever erases need not be able to read what is erased.
    verb("ledger.detail.erase", ADMINISTRATOR, title=_("Erase the personal detail of an entry")),
)
