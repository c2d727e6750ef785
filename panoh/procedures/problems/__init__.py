"""The refusals of this room, by what they are about."""

from panoh.procedures.problems.cases import ANSWERS, CASES, STEPS
from panoh.procedures.problems.feasts import FEASTS
from panoh.procedures.problems.moves import MOVES
from panoh.procedures.problems.scores import SCORES
from panoh.procedures.problems.sittings import BARRIERS, PAPERS, SAFEGUARDS, SITTINGS

CATALOGUE = {**CASES, **STEPS, **ANSWERS, **MOVES, **BARRIERS, **FEASTS, **SITTINGS, **SCORES, **SAFEGUARDS, **PAPERS}
