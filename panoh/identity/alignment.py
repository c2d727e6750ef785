"""Letters of one word laid against those of another, compiled: the sum over all alignments, and the best pairing of words.

A word is two rows of numbers: its letters (`single`) and each letter with the next (`double`), with a mark at both ends; 0
stands for what the alphabet does not hold. A step takes one or two letters on each side, or one on one side alone (most
short vowels, which Arabic leaves out). Ristad and Yianilos 1998 (stochastic transducers), with pieces of up to two letters as
in the joint n-gram models of transliteration.
"""

import os
from pathlib import Path

# Compiled code is kept beside the state of the installation: the package's own folder may be read-only.
if "PANOH_STATE" in os.environ:
    os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(os.environ["PANOH_STATE"]) / "compiled"))

import numpy as np
from numba import njit

NEVER = 1e-300


@njit(cache=True)
def forward(xs, xd, ys, yd, both, left, right):  # type: ignore[no-untyped-def]
    """The forward table of two words: [i, j] is the probability of the first i and j letters, over all alignments."""
    n, m = xs.shape[0], ys.shape[0]
    table = np.zeros((n + 1, m + 1))
    table[0, 0] = 1.0
    for i in range(n + 1):
        for j in range(m + 1):
            value = table[i, j]
            if i > 0:
                value += table[i - 1, j] * left[xs[i - 1]]
            if j > 0:
                value += table[i, j - 1] * right[ys[j - 1]]
            if i > 0 and j > 0:
                value += table[i - 1, j - 1] * both[xs[i - 1], ys[j - 1]]
            if i > 1 and j > 0:
                value += table[i - 2, j - 1] * both[xd[i - 2], ys[j - 1]]
            if i > 0 and j > 1:
                value += table[i - 1, j - 2] * both[xs[i - 1], yd[j - 2]]
            if i > 1 and j > 1:
                value += table[i - 2, j - 2] * both[xd[i - 2], yd[j - 2]]
            table[i, j] = value
    return table


@njit(cache=True)
def surprise(single, double, weights):  # type: ignore[no-untyped-def]
    """How unlikely a word is by itself (minus the natural logarithm), summed over all ways to cut it into pieces."""
    n = single.shape[0]
    table = np.zeros(n + 1)
    table[0] = 1.0
    for i in range(1, n + 1):
        table[i] = table[i - 1] * weights[single[i - 1]]
        if i > 1:
            table[i] += table[i - 2] * weights[double[i - 2]]
    return -np.log(table[n] + NEVER)


@njit(cache=True, nogil=True)
def costs(xs, xd, singles, doubles, lengths, rows, both, left, right, of_left, of_right):  # type: ignore[no-untyped-def]
    """Per row: (surprise of the pair, of the word, of the row's word). The word is on the left side of the channel.

    As `forward`, but what the letters of the word become is laid together first, so that it stays in the processor's cache, and
    of the table only three rows are kept, each with two places before its first that stay empty.
    """
    out = np.empty((rows.shape[0], 3))
    own = surprise(xs, xd, of_left)
    n, widest = xs.shape[0], singles.shape[1]
    one, two, alone = np.empty((n + 1, both.shape[1])), np.zeros((n + 1, both.shape[1])), np.zeros(n + 1)
    for i in range(1, n + 1):
        one[i] = both[xs[i - 1]]
        alone[i] = left[xs[i - 1]]
        if i > 1:
            two[i] = both[xd[i - 2]]
    before, last, now = np.zeros(widest + 3), np.zeros(widest + 3), np.zeros(widest + 3)
    # Numbers without a sign: else each look-up would ask whether it counts from the end.
    ys, yd, lone = np.zeros(widest, np.uint64), np.zeros(widest, np.uint64), np.zeros(widest)
    for k in range(rows.shape[0]):
        row = rows[k]
        m = lengths[row]
        before[: m + 3] = 0.0
        last[0], last[1], last[2] = 0.0, 0.0, 1.0
        for j in range(m):
            ys[j], yd[j] = np.uint64(singles[row, j]), np.uint64(doubles[row, j])
            lone[j] = right[ys[j]]
            last[j + 3] = last[j + 2] * lone[j]
        for i in range(1, n + 1):
            of_one, of_two, of_none = one[i], two[i], alone[i]
            now[0], now[1], now[2] = 0.0, 0.0, last[2] * of_none
            value, with_next = now[2], 0.0  # what two letters of the row's word add is ready one step before
            for j in range(m):
                begun, begun_before = last[j + 2], before[j + 2]
                value = (
                    last[j + 3] * of_none + begun * of_one[ys[j]] + begun_before * of_two[ys[j]] + with_next
                    + value * lone[j]
                )  # fmt: skip
                now[j + 3] = value
                with_next = begun * of_one[yd[j]] + begun_before * of_two[yd[j]]
            before, last, now = last, now, before
        out[k, 0] = -np.log(last[m + 2] + NEVER)
        out[k, 1] = own
        out[k, 2] = surprise(singles[row, :m], doubles[row, :m], of_right)
    return out


@njit(cache=True)
def expect(xs, xd, xn, ys, yd, yn, weights, both, left, right):  # type: ignore[no-untyped-def]
    """One E-step: expected uses of each step over weighted pairs, and the log-likelihood. For `panoh.identity.learning`."""
    c_both, c_left, c_right = np.zeros_like(both), np.zeros_like(left), np.zeros_like(right)
    total = 0.0
    for k in range(xs.shape[0]):
        n, m = xn[k], yn[k]
        x1, x2, y1, y2 = xs[k], xd[k], ys[k], yd[k]
        f = forward(x1[:n], x2[:n], y1[:m], y2[:m], both, left, right)
        if f[n, m] <= 0:
            continue
        total += weights[k] * np.log(f[n, m])
        b = np.zeros((n + 1, m + 1))
        b[n, m] = 1.0
        share = weights[k] / f[n, m]
        for i in range(n, -1, -1):
            for j in range(m, -1, -1):
                value, here = b[i, j], f[i, j] * share
                if i < n:
                    step = left[x1[i]] * b[i + 1, j]
                    value += step
                    c_left[x1[i]] += here * step
                if j < m:
                    step = right[y1[j]] * b[i, j + 1]
                    value += step
                    c_right[y1[j]] += here * step
                if i < n and j < m:
                    step = both[x1[i], y1[j]] * b[i + 1, j + 1]
                    value += step
                    c_both[x1[i], y1[j]] += here * step
                if i + 1 < n and j < m:
                    step = both[x2[i], y1[j]] * b[i + 2, j + 1]
                    value += step
                    c_both[x2[i], y1[j]] += here * step
                if i < n and j + 1 < m:
                    step = both[x1[i], y2[j]] * b[i + 1, j + 2]
                    value += step
                    c_both[x1[i], y2[j]] += here * step
                if i + 1 < n and j + 1 < m:
                    step = both[x2[i], y2[j]] * b[i + 2, j + 2]
                    value += step
                    c_both[x2[i], y2[j]] += here * step
                b[i, j] = value
    return c_both, c_left, c_right, total


@njit(cache=True)
def ordered_pairing(weights, own, lone_asked, lone_known, other_order, same_first):  # type: ignore[no-untyped-def]
    """The best total of a one-to-one pairing of the words asked (rows) with the words known (columns), and what the order of
    the words says: `other_order` for each word that stands before the one that it was asked behind, `same_first` where the
    first word asked is the first known. `lone_asked` is added for each row, `lone_known` for each column without a partner.

    Exact, over all subsets of the columns (at most a dozen). Only the first `own` columns are words of the name itself; the others may stay alone, and have no place in its order.
    """
    asked, known = weights.shape
    best = np.full((asked + 1, 1 << known), -1e9)
    chosen = np.full((asked + 1, 1 << known), -1, np.int64)
    best[0, 0] = 0.0
    for i in range(asked):
        for taken in range(1 << known):
            sofar = best[i, taken]
            if sofar < -1e8:
                continue
            if sofar + lone_asked > best[i + 1, taken]:
                best[i + 1, taken], chosen[i + 1, taken] = sofar + lone_asked, -1
            for j in range(known):
                if not (taken >> j) & 1:
                    # of equal partners the one in its place
                    value = sofar + weights[i, j] - 1e-3 * abs(i - j)
                    if value > best[i + 1, taken | (1 << j)]:
                        best[i + 1, taken | (1 << j)], chosen[i + 1, taken | (1 << j)] = value, j
    top, taken = -1e9, 0
    for last in range(1 << known):
        value = best[asked, last]
        for j in range(own):
            if not (last >> j) & 1:
                value += lone_known
        if value > top:
            top, taken = value, last
    following, first = known, -1
    for i in range(asked, 0, -1):
        j = chosen[i, taken]
        if j >= 0:
            taken &= ~(1 << j)
            if j < own:
                if j > following:
                    top += other_order
                following, first = j, j if i == 1 else -1
    return top + (same_first if first == 0 else 0.0)


@njit(cache=True)
def ordered_pairings(weights, columns, lengths, own, lone_asked, lone_known, less_other, other_order, same_first):  # type: ignore[no-untyped-def]
    """`ordered_pairing` for many names: row k of `columns` holds the columns of `weights` that are the words of name k.

    The first `own[k]` of them are words of the name itself; the others (the father's) weigh `less_other` less.
    """
    out = np.empty(columns.shape[0])
    for k in range(columns.shape[0]):
        small = np.empty((weights.shape[0], lengths[k]))
        for j in range(lengths[k]):
            for i in range(weights.shape[0]):
                small[i, j] = weights[i, columns[k, j]] - (0.0 if j < own[k] else less_other)
        out[k] = ordered_pairing(small, own[k], lone_asked, lone_known, other_order, same_first)
    return out


@njit(cache=True)
def forms_of_records(terms, start, columns, scripts, father, widest):  # type: ignore[no-untyped-def]
    """What names are compared with: of each record its forms in each script, by themselves.

    Record k is `terms[start[k] : start[k + 1]]`: words of its names, of its fathers' from `father` on, years of birth below zero;
    `columns` and `scripts` of each. Per form: the record, the columns of its words and then its fathers', how many there are, how
    many of them are its own, the columns of its fathers' words and how many. Per record: the first and the last year, 0 where
    none is known. At most `widest` words of a form count.
    """
    records = start.shape[0] - 1
    most = 4 * records  # three scripts, and words of no script
    whose, own = np.empty(most, np.int64), np.zeros(most, np.int64)
    words, lengths = np.zeros((most, widest), np.int64), np.zeros(most, np.int64)
    fathers, fathers_lengths = np.zeros((most, widest), np.int64), np.zeros(most, np.int64)
    years = np.zeros((records, 2), np.int64)
    of_script = np.empty(4, np.int64)
    count = 0
    for k in range(records):
        of_script[:] = 0
        others = 0
        for at in range(start[k], start[k + 1]):
            if terms[at] < 0:
                year = -terms[at]
                years[k, 0] = year if years[k, 0] == 0 else min(years[k, 0], year)
                years[k, 1] = max(years[k, 1], year)
            elif terms[at] >= father:
                others += 1
            else:
                of_script[scripts[at] + 1] += 1
        several = (of_script > 0).sum() > 1
        for script in range(-1, 3):
            if of_script[script + 1] == 0:
                continue
            fathers_written_so = 0
            for at in range(start[k], start[k + 1]):
                if terms[at] >= father and scripts[at] == script:
                    fathers_written_so += 1
            # A lone word of the father's counts whatever its script; of several, those in the script of the name.
            all_fathers = fathers_written_so == 0 or not (several or others > 1)
            whose[count] = k
            for at in range(start[k], start[k + 1]):
                if 0 < terms[at] < father and (not several or scripts[at] == script) and own[count] < widest:
                    words[count, own[count]] = columns[at]
                    own[count] += 1
            lengths[count] = own[count]
            for at in range(start[k], start[k + 1]):
                if terms[at] >= father and (all_fathers or scripts[at] == script):
                    if lengths[count] < widest:
                        words[count, lengths[count]] = columns[at]
                        lengths[count] += 1
                    if fathers_lengths[count] < widest:
                        fathers[count, fathers_lengths[count]] = columns[at]
                        fathers_lengths[count] += 1
            count += 1
    return (
        whose[:count], words[:count], lengths[:count], own[:count], fathers[:count], fathers_lengths[:count], years,
    )  # fmt: skip
