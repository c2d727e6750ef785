"""The list of everything that can be done or read: each verb once, with who may and under which conditions.

Rooms declare their verbs in `policy.py`; the verbs of a procedure's actions come from the rulebook. The names are
the words of the ledger kinds: verb `registry.household.register`, kind `registry.household.registered`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from panoh.access.actor import Actor

# A condition looks at the actor and the thing and answers with the code of the reason for a refusal, or None.
Condition = Callable[[Actor, object], str | None]


@dataclass(frozen=True)
class Verb:
    """One permission. `on` is "household" where the thing hangs off a file that must be visible, else "none".

    `shared` verbs may be used on the file of another organisation that an agreement or grant has opened; without
    it only the custodian acts on a file, others read. `reads` are field classes without which the verb is refused.
    """

    name: str
    roles: frozenset[str]
    on: str = "none"
    shared: bool = False
    reads: tuple[str, ...] = ()
    needs: tuple[Condition, ...] = ()
    title: object = ""


_verbs: dict[str, Verb] = {}


def declare(*verbs: Verb) -> None:
    """Add verbs to the list. Declaring a name twice with another meaning is a mistake of the programmer."""
    for verb in verbs:
        known = _verbs.get(verb.name)
        if known is not None and known != verb:
            raise ValueError(f"the verb {verb.name} is declared twice with different meanings")
        _verbs[verb.name] = verb


def verb(name: str, roles: Iterable[str], **more: object) -> Verb:
    """Short form for `policy.py`: `verb("registry.person.read", {"lawyer"}, on="household")`."""
    return Verb(name, frozenset(roles), **more)  # type: ignore[arg-type]


def get_verb(name: str) -> Verb:
    """The verb of this name; KeyError where no room has declared it."""
    return _verbs[name]


def verb_title(name: str) -> str:
    """The title in the reader's language; the name itself of a verb that no room declares any more (an old reading)."""
    known = _verbs.get(name)
    return str(known.title) if known is not None and known.title else name


def list_verbs() -> list[Verb]:
    """All verbs, by name."""
    return [_verbs[name] for name in sorted(_verbs)]
