"""Are there more incidents than chance explains? Exact tests on small counts; no table of any library is trusted here.

Against its own past: if nothing changed, the incidents of the window and of the time before fall into the two by their length
alone, so that the number in the window, given both together, is binomial (Przyborowski and Wilenski 1940). No rate has to be
guessed, and a short past makes the test careful by itself. Against the others: whether the share of this place grew, or
everything did (Fisher's exact test). Many series are looked at together, so the false discovery rate is held (Benjamini and
Hochberg 1995).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)

FALSE_ALARMS = Fraction(1, 10)
"""At most this share of the alarms should be false."""
LEAST = 3
"""One or two incidents are looked at as such; a cluster begins with the third."""
MORE_THAN_OTHERS = Fraction(1, 20)


@dataclass(frozen=True, slots=True)
class Counted:
    """How many incidents of one series fell into the window, and into the time before it."""

    key: str
    now: int
    before: int


@dataclass(frozen=True, slots=True)
class Judged:
    """A series with the judgement and all that it rests on."""

    key: str
    now: int
    before: int
    expected: Fraction
    chance: Fraction
    """Of as many or more in the window, if nothing had changed."""
    chance_of_share: Fraction
    """Of as large a share of all incidents in the window, if the shares had not changed."""
    alarm: bool
    looked_at: bool
    """Whether it had enough incidents to be tested at all."""

    @property
    def one_in(self) -> int:
        return int(1 / self.chance) if self.chance else 0

    @property
    def more_than_others(self) -> bool:
        return self.chance_of_share <= MORE_THAN_OTHERS


def binomial_tail(least: int, tries: int, share: Fraction) -> Fraction:
    """The probability of `least` or more among `tries`, each with probability `share`. Exact."""
    if least <= 0:
        return Fraction(1)
    a, b = share.numerator, share.denominator
    upper = sum(comb(tries, hits) * a**hits * (b - a) ** (tries - hits) for hits in range(least, tries + 1))
    return Fraction(upper, b**tries)


def hypergeometric_tail(least: int, drawn: int, marked: int, all_: int) -> Fraction:
    """The probability of `least` or more marked among `drawn` from `all_`, of which `marked` are marked. Exact."""
    possible = comb(all_, drawn)
    most = min(drawn, marked)
    upper = sum(comb(marked, hits) * comb(all_ - marked, drawn - hits) for hits in range(max(least, 0), most + 1))
    return Fraction(upper, possible)


def benjamini_hochberg(chances: Mapping[Key, Fraction], false: Fraction = FALSE_ALARMS) -> set[Key]:
    """Which of these are alarms, when at most a share `false` of them should be false on average."""
    order = sorted(chances, key=lambda key: (chances[key], str(key)))
    kept = 0
    for rank, key in enumerate(order, start=1):
        if chances[key] <= false * rank / len(order):
            kept = rank
    return set(order[:kept])


def judge(counted: Iterable[Counted], window_days: int, past_days: int) -> list[Judged]:
    """All series together, the least likely first."""
    series = list(counted)
    share = Fraction(window_days, window_days + past_days)
    all_now, all_before = sum(one.now for one in series), sum(one.before for one in series)
    chances = {one.key: binomial_tail(one.now, one.now + one.before, share) for one in series if one.now >= LEAST}
    alarms = benjamini_hochberg(chances)
    judged = [
        Judged(
            key=one.key,
            now=one.now,
            before=one.before,
            expected=Fraction(one.before * window_days, past_days),
            chance=chances.get(one.key) or binomial_tail(one.now, one.now + one.before, share),
            chance_of_share=hypergeometric_tail(one.now, all_now, one.now + one.before, all_now + all_before),
            alarm=one.key in alarms,
            looked_at=one.key in chances,
        )
        for one in series
    ]
    return sorted(judged, key=lambda one: (not one.alarm, one.chance, -one.now, one.key))


def monthly(days: Sequence[tuple[int, int]], first: tuple[int, int], months: int) -> list[int]:
    """How many fell into each month from `first` on; `days` are (year, month)."""
    start = first[0] * 12 + first[1] - 1
    found = [0] * months
    for year, month in days:
        at = year * 12 + month - 1 - start
        if 0 <= at < months:
            found[at] += 1
    return found
