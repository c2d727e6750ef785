"""The tables of the case engine: cases and their steps, clocks and barriers, sittings and votes.

Nothing here decides. What is legally true of a case stands in its steps, which are only ever added; `Case`, `CasePerson`
and `Due` are what the steps come to, kept so that they can be listed quickly and compared with the ledger.
"""

from panoh.procedures.models.cases import Case, CasePerson
from panoh.procedures.models.clocks import Barrier, Due, Feast
from panoh.procedures.models.sittings import (
    AgendaItem,
    Attendance,
    Conflict,
    Motion,
    PanelMarks,
    PanelScore,
    Ranking,
    Sitting,
    Vote,
)
from panoh.procedures.models.steps import (
    LatePermit,
    Notice,
    PaperOrder,
    SafeguardAnswer,
    Step,
    StepFile,
    StepNarrative,
    StepRestricted,
)

__all__ = [
    "AgendaItem",
    "Attendance",
    "Barrier",
    "Case",
    "CasePerson",
    "Conflict",
    "Due",
    "Feast",
    "LatePermit",
    "Motion",
    "Notice",
    "PanelMarks",
    "PanelScore",
    "PaperOrder",
    "Ranking",
    "SafeguardAnswer",
    "Sitting",
    "Step",
    "StepFile",
    "StepNarrative",
    "StepRestricted",
    "Vote",
]
