"""The Merkle tree over the ledger's entries: one short root speaks for every entry there is, in its order.

RFC 9162 section 2.1, letter by letter. Two kinds of proof come from it: *inclusion* (this entry is number i of the n
that the root speaks for) and *consistency* (the first m of these n are those that an earlier root spoke for). Whoever
keeps a root can check both without trusting the server.

A subtree (level, index) covers the leaves index * 2^level up to (index + 1) * 2^level. A complete subtree never
changes again, so proofs for a tree of any size need only a way to look complete subtrees up.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

# RFC 9162 section 2.1.1: leaves and nodes are hashed apart, so that no node can be passed off as a leaf.
LEAF = b"\x00"
NODE = b"\x01"
EMPTY_ROOT = hashlib.sha256(b"").digest()

SubtreeHash = Callable[[int, int], bytes]


def leaf_hash(body: bytes) -> bytes:
    return hashlib.sha256(LEAF + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(NODE + left + right).digest()


@dataclass
class Frontier:
    """The right edge of a tree: the complete subtrees that its size is the sum of, the largest first.

    All that appending needs: one leaf costs O(1) on average, n leaves to a tree of N cost O(n + log N).
    """

    size: int = 0
    hashes: list[bytes] = field(default_factory=list)

    def append(self, leaf: bytes) -> None:
        # Each trailing 1 bit of the size is a complete subtree that now gets its right-hand brother.
        size, hashes, merged = self.size, self.hashes, leaf
        while size & 1:
            merged = hashlib.sha256(NODE + hashes.pop() + merged).digest()
            size >>= 1
        hashes.append(merged)
        self.size += 1

    def root(self) -> bytes:
        if not self.hashes:
            return EMPTY_ROOT
        merged = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            merged = node_hash(left, merged)
        return merged

    @classmethod
    def of(cls, leaves: Iterable[bytes]) -> Frontier:
        frontier = cls()
        for leaf in leaves:
            frontier.append(leaf)
        return frontier

    @classmethod
    def at(cls, size: int, subtree: SubtreeHash) -> Frontier:
        """The edge of a tree of that size, from its complete subtrees: how appending goes on after a restart."""
        return cls(size, [subtree(level, index) for level, index in complete_subtrees(0, size)])


def root(leaves: Iterable[bytes]) -> bytes:
    """MTH(D[n]) of RFC 9162 section 2.1.1, over hashes of leaves."""
    return Frontier.of(leaves).root()


def complete_subtrees(start: int, stop: int) -> Iterator[tuple[int, int]]:
    """The complete subtrees that make up the leaves start ≤ i < stop, left to right."""
    while start < stop:
        room = (stop - start).bit_length() - 1
        level = min(room, (start & -start).bit_length() - 1) if start else room
        yield level, start >> level
        start += 1 << level


def root_at(size: int, subtree: SubtreeHash) -> bytes:
    return Frontier.at(size, subtree).root()


def _range_root(start: int, stop: int, subtree: SubtreeHash) -> bytes:
    """MTH(D[start:stop]) of a range that the proofs meet: it begins at a multiple of the power of two that holds it."""
    hashes = [subtree(level, index) for level, index in complete_subtrees(start, stop)]
    merged = hashes[-1]
    for left in reversed(hashes[:-1]):
        merged = node_hash(left, merged)
    return merged


def _split(size: int) -> int:
    """k of RFC 9162: the largest power of two smaller than the size."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_proof(index: int, size: int, subtree: SubtreeHash) -> list[bytes]:
    """PATH(m, D[n]) of RFC 9162 section 2.1.3.1: from the leaf's brother up to the root's child."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    proof: list[bytes] = []
    start, stop = 0, size
    while stop - start > 1:
        middle = start + _split(stop - start)
        if index < middle:
            proof.append(_range_root(middle, stop, subtree))
            stop = middle
        else:
            proof.append(_range_root(start, middle, subtree))
            start = middle
    proof.reverse()
    return proof


def consistency_proof(old_size: int, size: int, subtree: SubtreeHash) -> list[bytes]:
    """PROOF(m, D[n]) of RFC 9162 section 2.1.4.1."""
    if not 0 < old_size <= size:
        raise ValueError(f"no proof leads from a tree of {old_size} to one of {size}")
    proof: list[bytes] = []
    start, stop, whole = 0, size, True
    while old_size != stop:
        middle = start + _split(stop - start)
        if old_size <= middle:
            proof.append(_range_root(middle, stop, subtree))
            stop = middle
        else:
            proof.append(_range_root(start, middle, subtree))
            start, whole = middle, False
    if not whole:
        proof.append(_range_root(start, stop, subtree))
    proof.reverse()
    return proof


def proves_inclusion(*, leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """RFC 9162 section 2.1.3.2. Needs nothing but the proof: the same steps work in a browser."""
    if not 0 <= index < size:
        return False
    at, last, merged = index, size - 1, leaf
    for brother in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            merged = node_hash(brother, merged)
            while not at & 1 and at:
                at >>= 1
                last >>= 1
        else:
            merged = node_hash(merged, brother)
        at >>= 1
        last >>= 1
    return last == 0 and merged == root


def proves_consistency(*, old_size: int, size: int, old_root: bytes, root: bytes, proof: Sequence[bytes]) -> bool:
    """RFC 9162 section 2.1.4.2. A tree agrees with itself by an empty proof; nothing is proved from an empty tree."""
    if not 0 < old_size <= size:
        return False
    if old_size == size:
        return not proof and old_root == root
    path = list(proof)
    if old_size & (old_size - 1) == 0:
        path.insert(0, old_root)
    if not path:
        return False
    at, last = old_size - 1, size - 1
    while at & 1:
        at >>= 1
        last >>= 1
    old_merged = merged = path[0]
    for other in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old_merged = node_hash(other, old_merged)
            merged = node_hash(other, merged)
            while not at & 1 and at:
                at >>= 1
                last >>= 1
        else:
            merged = node_hash(merged, other)
        at >>= 1
        last >>= 1
    return last == 0 and old_merged == old_root and merged == root


def subtrees_of(leaves: Sequence[bytes]) -> SubtreeHash:
    """Complete subtrees of leaves held in memory."""

    def subtree(level: int, index: int) -> bytes:
        if level == 0:
            return leaves[index]
        hashes = list(leaves[index << level : (index + 1) << level])
        if len(hashes) != 1 << level:
            raise ValueError(f"subtree ({level}, {index}) is not complete")
        return fold(hashes)

    return subtree


def fold(hashes: list[bytes]) -> bytes:
    """The root of a complete subtree from 2^k hashes of one level."""
    while len(hashes) > 1:
        hashes = [node_hash(hashes[i], hashes[i + 1]) for i in range(0, len(hashes), 2)]
    return hashes[0]
