"""Two words laid beside each other letter by letter: which letters of the one are which of the other.

The likeliest single alignment under the channels of `panoh.identity.sameness` (Viterbi), where judging sums over all of them.
For who wants to see why two words were held to be one name.
"""

from __future__ import annotations

import math
from functools import lru_cache

from panoh.identity.channels import CHANNELS, Channel, letters_of_sounds
from panoh.identity.sameness import model
from panoh.identity.words import LONGEST_WORD
from panoh.kernel.names import script_of

Piece = tuple[str, str]
IMPOSSIBLE = -1e9


@lru_cache(maxsize=10_000)
def align(a: str, b: str) -> tuple[Piece, ...]:
    """Pieces of both words in their order: one or two letters beside one or two, or letters that the other leaves out.

    Empty where a word is of no known script. Symmetric: `align(b, a)` holds the same pieces, turned.
    """
    script_a, script_b = script_of(a), script_of(b)
    if script_a is None or script_b is None:
        return ()
    if (script_a, a) > (script_b, b):
        return tuple((x, y) for y, x in align(b, a))
    pieces = _best_pieces(a[:LONGEST_WORD], script_a, b[:LONGEST_WORD], script_b)
    return tuple(piece for piece in pieces if any(piece))


def _best_pieces(a: str, script_a: str, b: str, script_b: str) -> list[Piece]:
    known = model()
    channel = known.channels[CHANNELS.index((script_a, script_b))]
    (xs, xd), (ys, yd) = known.alphabets[script_a].rows(a), known.alphabets[script_b].rows(b)
    x, y = ["", *letters_of_sounds(a), ""], ["", *letters_of_sounds(b), ""]  # without the marks
    best = [[IMPOSSIBLE] * (len(y) + 1) for _ in range(len(x) + 1)]
    came = [[(0, 0)] * (len(y) + 1) for _ in range(len(x) + 1)]
    best[0][0] = 0.0
    for i in range(len(x) + 1):
        for j in range(len(y) + 1):
            for di, dj in ((1, 1), (1, 2), (2, 1), (2, 2), (1, 0), (0, 1)):
                if di > i or dj > j:
                    continue
                if dj == 0:
                    share = channel.left[xs[i - 1]]
                elif di == 0:
                    share = channel.right[ys[j - 1]]
                else:
                    left = xs[i - 1] if di == 1 else xd[i - 2]
                    right = ys[j - 1] if dj == 1 else yd[j - 2]
                    share = channel.both[left, right]
                value = best[i - di][j - dj] + (math.log(share) if share > 0 else IMPOSSIBLE)
                if value > best[i][j]:
                    best[i][j], came[i][j] = value, (di, dj)
    pieces: list[Piece] = []
    i, j = len(x), len(y)
    while i or j:
        di, dj = came[i][j]
        if not di and not dj:
            return []
        if di == dj == 2 and all(_belong(channel, xs[i - 2 + k], ys[j - 2 + k]) for k in (0, 1)):
            pieces += [(x[i - 1], y[j - 1]), (x[i - 2], y[j - 2])]  # as fine as it can be seen
        else:
            pieces.append(("".join(x[i - di : i]), "".join(y[j - dj : j])))
        i, j = i - di, j - dj
    return pieces[::-1]


def _belong(channel: Channel, x: int, y: int) -> bool:
    """Whether two letters stand for each other more often than by chance."""
    return bool(channel.both[x, y] > channel.of_left[x] * channel.of_right[y])
