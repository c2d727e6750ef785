"""The Merkle tree against known roots, against a plain reading of the RFC, and against every tampering."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panoh.ledger import tree

# The leaves and roots that the certificate transparency implementations share (google/certificate-transparency, merkletree tests).
VECTOR_LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
VECTOR_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def leaves(count: int) -> list[bytes]:
    return [tree.leaf_hash(str(number).encode()) for number in range(count)]


def plain_root(hashes: list[bytes]) -> bytes:
    """MTH as RFC 9162 section 2.1.1 writes it down, recursion and all."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return hashlib.sha256(b"\x01" + plain_root(hashes[:k]) + plain_root(hashes[k:])).digest()


def plain_path(m: int, hashes: list[bytes]) -> list[bytes]:
    """PATH as RFC 9162 section 2.1.3.1 writes it down."""
    if len(hashes) == 1:
        return []
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    if m < k:
        return [*plain_path(m, hashes[:k]), plain_root(hashes[k:])]
    return [*plain_path(m - k, hashes[k:]), plain_root(hashes[:k])]


def plain_consistency(m: int, hashes: list[bytes], whole: bool = True) -> list[bytes]:
    """SUBPROOF as RFC 9162 section 2.1.4.1 writes it down."""
    if m == len(hashes):
        return [] if whole else [plain_root(hashes)]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    if m <= k:
        return [*plain_consistency(m, hashes[:k], whole), plain_root(hashes[k:])]
    return [*plain_consistency(m - k, hashes[k:], False), plain_root(hashes[:k])]


@pytest.mark.parametrize("size", range(1, 9))
def test_known_roots(size):
    hashes = [tree.leaf_hash(bytes.fromhex(leaf)) for leaf in VECTOR_LEAVES[:size]]
    assert tree.root(hashes).hex() == VECTOR_ROOTS[size - 1]


def test_the_empty_tree_has_the_hash_of_nothing():
    assert tree.root([]) == hashlib.sha256(b"").digest()


def test_a_node_cannot_be_passed_off_as_a_leaf():
    left, right = leaves(2)
    assert tree.leaf_hash(left + right) != tree.node_hash(left, right)


@given(st.integers(0, 300))
def test_root_is_that_of_the_rfc(size):
    assert tree.root(leaves(size)) == plain_root(leaves(size))


@given(st.integers(1, 130).flatmap(lambda size: st.tuples(st.integers(0, size - 1), st.just(size))))
def test_inclusion_is_that_of_the_rfc_and_is_accepted(case):
    index, size = case
    hashes = leaves(size)
    proof = tree.inclusion_proof(index, size, tree.subtrees_of(hashes))
    assert proof == plain_path(index, hashes)
    assert tree.proves_inclusion(leaf=hashes[index], index=index, size=size, proof=proof, root=plain_root(hashes))


@given(st.integers(1, 130).flatmap(lambda size: st.tuples(st.integers(1, size), st.just(size))))
def test_consistency_is_that_of_the_rfc_and_is_accepted(case):
    old_size, size = case
    hashes = leaves(size)
    proof = tree.consistency_proof(old_size, size, tree.subtrees_of(hashes))
    assert proof == plain_consistency(old_size, hashes)
    assert tree.proves_consistency(
        old_size=old_size, size=size, old_root=plain_root(hashes[:old_size]), root=plain_root(hashes), proof=proof
    )


def test_proofs_of_all_small_trees():
    """Every index of every tree up to 40 leaves: edges that random sizes may miss."""
    for size in range(1, 41):
        hashes = leaves(size)
        subtree, root = tree.subtrees_of(hashes), plain_root(hashes)
        for index in range(size):
            proof = tree.inclusion_proof(index, size, subtree)
            assert tree.proves_inclusion(leaf=hashes[index], index=index, size=size, proof=proof, root=root)
            old_root = plain_root(hashes[: index + 1])
            proof = tree.consistency_proof(index + 1, size, subtree)
            assert tree.proves_consistency(old_size=index + 1, size=size, old_root=old_root, root=root, proof=proof)


@st.composite
def tampered_trees(draw):
    """A tree, the same tree with one thing done to it, and a size that covers what was done."""
    size = draw(st.integers(2, 100))
    hashes, changed = leaves(size), leaves(size)
    at = draw(st.integers(0, size - 1))
    match draw(st.sampled_from(["change", "swap", "remove", "insert"])):
        case "change":
            changed[at] = tree.leaf_hash(b"changed")
        case "swap":
            other = draw(st.integers(0, size - 1).filter(lambda other: other != at))
            changed[at], changed[other] = changed[other], changed[at]
        case "remove":
            del changed[at]
        case "insert":
            changed.insert(at, tree.leaf_hash(b"slipped in"))
    return hashes, changed


@given(tampered_trees())
def test_whatever_is_done_to_the_leaves_changes_the_root(case):
    hashes, changed = case
    assert tree.root(changed) != tree.root(hashes)


@given(tampered_trees())
def test_no_consistency_proof_hides_what_was_done(case):
    hashes, changed = case
    size = len(changed)
    old_size = min(len(hashes), size)
    if hashes[:old_size] == changed[:old_size]:
        return  # the last leaf removed: the shorter tree is a true beginning of the longer one
    old_root = tree.root(hashes[:old_size])
    grown = [*changed, *leaves(3)]
    for later in (changed, grown):
        proof = tree.consistency_proof(old_size, len(later), tree.subtrees_of(later))
        assert not tree.proves_consistency(
            old_size=old_size, size=len(later), old_root=old_root, root=tree.root(later), proof=proof
        )


@given(st.integers(2, 100).flatmap(lambda n: st.tuples(st.integers(0, n - 1), st.just(n))), st.data())
def test_inclusion_does_not_hold_for_anything_else(case, data):
    index, size = case
    hashes = leaves(size)
    root, proof = tree.root(hashes), tree.inclusion_proof(index, size, tree.subtrees_of(hashes))
    right = {"leaf": hashes[index], "index": index, "size": size, "proof": proof, "root": root}
    assert tree.proves_inclusion(**right)
    other = data.draw(st.integers(0, size - 1).filter(lambda other: other != index))
    bent = list(proof)
    bent[data.draw(st.integers(0, len(proof) - 1))] = b"\0" * 32
    for wrong in (
        {"leaf": tree.leaf_hash(b"other")},
        {"index": other},
        {"proof": bent},
        {"proof": proof[:-1]},
        {"proof": [*proof, b"\0" * 32]},
        {"root": b"\0" * 32},
        {"index": size},
        {"index": -1},
        {"size": 0},
    ):
        assert not tree.proves_inclusion(**(right | wrong)), wrong


@given(st.integers(2, 100).flatmap(lambda n: st.tuples(st.integers(1, n - 1), st.just(n))), st.data())
def test_consistency_does_not_hold_for_anything_else(case, data):
    old_size, size = case
    hashes = leaves(size)
    proof = tree.consistency_proof(old_size, size, tree.subtrees_of(hashes))
    right = {
        "old_size": old_size,
        "size": size,
        "old_root": tree.root(hashes[:old_size]),
        "root": tree.root(hashes),
        "proof": proof,
    }
    assert tree.proves_consistency(**right)
    bent = list(proof)
    bent[data.draw(st.integers(0, len(proof) - 1))] = b"\0" * 32
    for wrong in (
        {"proof": bent},
        {"proof": proof[:-1]},
        {"proof": [*proof, b"\0" * 32]},
        {"proof": []},
        {"root": b"\0" * 32},
        {"old_root": b"\0" * 32},
        {"old_size": 0},
        {"old_size": size + 1},
        {"old_size": size},
    ):
        assert not tree.proves_consistency(**(right | wrong)), wrong


@given(st.integers(0, 200), st.integers(0, 60))
def test_appending_goes_on_from_the_kept_edge(size, more):
    hashes = leaves(size + more)
    frontier = tree.Frontier.at(size, tree.subtrees_of(hashes))
    assert frontier.root() == plain_root(hashes[:size])
    for leaf in hashes[size:]:
        frontier.append(leaf)
    assert frontier.size == size + more
    assert frontier.root() == plain_root(hashes)


def test_appending_to_a_huge_tree_reads_only_its_edge():
    asked = []

    def subtree(level: int, index: int) -> bytes:
        asked.append((level, index))
        return hashlib.sha256(f"{level} {index}".encode()).digest()

    frontier = tree.Frontier.at(10**12 + 7, subtree)
    assert len(asked) == (10**12 + 7).bit_count()
    for leaf in leaves(1000):
        frontier.append(leaf)
    assert len(frontier.hashes) == frontier.size.bit_count() <= 40


@given(st.integers(0, 5000), st.integers(0, 5000))
def test_complete_subtrees_cover_a_range_exactly(start, length):
    covered = start
    for level, index in tree.complete_subtrees(start, start + length):
        assert index << level == covered, "left to right, each at a multiple of its own width"
        covered += 1 << level
    assert covered == start + length


def test_proofs_outside_the_tree_are_mistakes_of_the_caller():
    subtree = tree.subtrees_of(leaves(4))
    for wrong in (lambda: tree.inclusion_proof(4, 4, subtree), lambda: tree.consistency_proof(0, 4, subtree)):
        with pytest.raises(ValueError, match="tree of"):
            wrong()
    with pytest.raises(ValueError, match="not complete"):
        tree.subtrees_of(leaves(3))(2, 0)
