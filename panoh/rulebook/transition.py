"""What becomes of open cases when a procedure gets a new version: the transition rule that the later version states.

Without one a case stays under the version it was opened in, to its end. With one it is moved by an act of its own, which this rule
describes: which cases, by which article, what the old words mean in the new version, and how its clocks go on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from panoh.rulebook.immutable import FrozenMap
from panoh.rulebook.law import Titles

if TYPE_CHECKING:
    from panoh.rulebook.procedure import Field

MOVE = "move"
"""The word of the act that moves a case; no action of a rulebook may have it."""
MOVED = "moved"
"""The last word of its kind in the ledger: `<procedure>.moved`."""
FROM_VERSION = "from_version"
"""The fact of the act that says which version the case left, as text."""

Takes = Literal["all", "undecided", "states"]
Count = Literal["keep", "from_start", "from_move"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClockMove:
    """What becomes of a clock of the earlier version: it goes on in `to`, or ends with the move (`to` None).

    keep: a run goes on under the limit that it had. from_start: its days count anew, from its first day, by the limit in force on the
    day of the move. from_move: it begins anew on the day of the move.
    """

    to: str | None
    count: Count = "keep"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ActMove:
    """Which act of the later version an earlier one counts as (None: as none), and how its answers are called there."""

    to: str | None
    fields: FrozenMap[str, str]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AskedAtMove:
    """An answer that the later version wants of an act that was done before: whoever moves the case gives it."""

    act: str
    field: Field


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Transition:
    """The rule by which cases of one earlier version move. All maps are complete: what kept its name stands in them too."""

    from_version: int
    takes: Takes
    in_states: tuple[str, ...]
    """The states of the earlier version in which a case may stand to be moved."""
    who: tuple[str, ...]
    why: Titles
    legal_basis: tuple[str, ...]
    states: FrozenMap[str, str]
    outcomes: FrozenMap[str, str]
    acts: FrozenMap[str, ActMove]
    clocks: FrozenMap[str, ClockMove]
    begins: FrozenMap[str, tuple[str, ...]]
    """Clocks of the later version that begin with the move, by the states (of the later version) in which they do."""
    asks: tuple[AskedAtMove, ...]
    defined_at: str = ""
