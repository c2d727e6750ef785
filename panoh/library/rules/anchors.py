"""Anchors of paragraphs, from their own words; and which new paragraph stands where an old one stood."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence

LENGTH = 12
# Of plain Latin text the same is left, ten times sooner.
NO_WORDS = dict.fromkeys(code for code in range(128) if not re.match(r"\w", chr(code)))


def anchors_of(texts: Sequence[str]) -> list[str]:
    """One for each text: the same words give the same anchor whatever their number, mark or line breaks."""
    seen: Counter[str] = Counter()
    found = []
    for text in texts:
        folded = text.casefold()
        words = folded.translate(NO_WORDS) if folded.isascii() else "".join(re.findall(r"\w+", folded))
        anchor = hashlib.sha256(words.encode()).hexdigest()[:LENGTH]
        seen[anchor] += 1
        found.append(anchor if seen[anchor] == 1 else f"{anchor}-{seen[anchor]}")
    return found


def successors(before: Sequence[str], after: Sequence[str]) -> dict[str, str]:
    """For each anchor that is gone, the one that stands in its place: between the same neighbours, at the same distance.

    Where the gap between two neighbours that stayed holds as many new paragraphs as old ones, they match one by one; where it
    holds fewer, the last ones share the last; where it holds none, nothing took their place.
    """
    stayed = set(before) & set(after)
    places = {anchor: place for place, anchor in enumerate(after)}
    found: dict[str, str] = {}
    gap: list[str] = []
    begin = -1
    for anchor in [*before, ""]:
        if anchor and anchor not in stayed:
            gap.append(anchor)
            continue
        end = places[anchor] if anchor else len(after)
        fresh = [one for one in after[begin + 1 : end] if one not in stayed] if end > begin else []
        if fresh:
            found |= {old: fresh[min(index, len(fresh) - 1)] for index, old in enumerate(gap)}
        gap = []
        begin = end if end > begin else begin
    return found
