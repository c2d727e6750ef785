"""What weighs for and against one person, from bits to the codes of sentences (`registry.reasons`)."""

from __future__ import annotations

import math
from collections.abc import Mapping

from panoh.identity.similarity import Reason

LEAST_BITS = 0.5  # what says less is not told
MOST_TIMES = 1_000_000
NARROW_SPACE = "\u202f"


def reasons_of(bits: Mapping[str, float]) -> tuple[Reason, ...]:
    """One sentence for each kind of evidence that is known and says something."""
    return tuple(reason(name, value) for name, value in together(bits).items() if abs(value) >= LEAST_BITS)


def together(bits: Mapping[str, float]) -> dict[str, float]:
    """What is known, words that stand alone as part of what the names say."""
    told = {name: value for name, value in bits.items() if not math.isnan(value)}
    told["names"] = told.get("names", 0.0) + told.pop("lone", 0.0)
    return {name: value for name, value in told.items() if name != "missing"}


def reason(name: str, value: float) -> Reason:
    return f"{name}_{'for' if value > 0 else 'against'}", {"times": times(value)}


def times(bits: float) -> str:
    """How many times likelier, rounded as people say it: 1.5, 3, 40, 2 000."""
    ratio = min(2.0 ** abs(bits), MOST_TIMES)
    if ratio < 2:
        return f"{ratio:.1f}"
    digits = 10 ** int(math.log10(ratio))
    return f"{round(ratio / digits) * digits:,}".replace(",", NARROW_SPACE)
