"""What can be read of the ledger: entries, their place in the tree, proofs. Personal details are not among it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import connection
from django.utils import timezone

from panoh.kernel.problems import Problem
from panoh.ledger import tree
from panoh.ledger.models import Checkpoint, Entry, Leaf, Node, Pending, Subject

TILE_LEVELS = 8
LONGEST_PAGE = 200


def get_entry(entry_id: UUID) -> Entry:
    entry = Entry.objects.filter(id=entry_id).first()
    if entry is None:
        raise Problem("ledger.entry.missing")
    return entry


def find_body_hash(entry_id: UUID) -> bytes | None:
    """The hash of an entry as it stands, computed anew: what its receipt must agree with, also where the entry itself is closed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger_body_hash(%s)", [entry_id])
        found = cursor.fetchone()[0]
    return None if found is None else bytes(found)


def find_by_submission(organisation_id: UUID, submission_id: UUID) -> Entry | None:
    """The entry that a submission made: sending it again finds the first answer."""
    return Entry.objects.filter(organisation_id=organisation_id, submission_id=submission_id).first()


def list_entries(
    *,
    kind: str = "",
    recorded_on: date | None = None,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[Entry]:
    """Newest first, page by page: `after` is (recorded_at, id) of the last one seen. `kind` may be the start of one."""
    found = Entry.objects.defer("body").order_by("-recorded_at", "-id")
    if kind:
        # By range, not by LIKE: under row-level security only operators that leak nothing may use the index.
        found = found.filter(kind__gte=kind, kind__lt=kind + "\U0010ffff")
    if recorded_on:
        begins = timezone.make_aware(datetime.combine(recorded_on, time.min))
        ends = timezone.make_aware(datetime.combine(recorded_on + timedelta(days=1), time.min))
        found = found.filter(recorded_at__gte=begins, recorded_at__lt=ends)
    if after:
        found = found.filter(recorded_at__lte=after[0]).exclude(recorded_at=after[0], id__gte=after[1])
    return list(found[: min(limit, LONGEST_PAGE)])


def list_entries_about(subject_id: UUID, *, limit: int = LONGEST_PAGE) -> list[Entry]:
    """Everything the ledger knows of one subject, newest first."""
    ids = Subject.objects.filter(subject_id=subject_id).values("entry_id")
    return list(Entry.objects.filter(id__in=ids).order_by("-recorded_at", "-id")[:limit])


def list_kinds() -> list[str]:
    """The kinds there are, by skipping through the index: the ledger may be long."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE kinds AS ((SELECT kind FROM ledger_entry ORDER BY kind LIMIT 1) UNION ALL"
            " SELECT (SELECT kind FROM ledger_entry e WHERE e.kind > kinds.kind ORDER BY kind LIMIT 1)"
            " FROM kinds WHERE kinds.kind IS NOT NULL) SELECT kind FROM kinds WHERE kind IS NOT NULL"
        )
        return [kind for (kind,) in cursor.fetchall()]


# -- the tree ---------------------------------------------------------------------------------------------------------


def tree_size(using: str | None = None) -> int:
    """How many entries have a number. Here and below, `using` is the role that asks: the application, or the sequencer."""
    last = Leaf.objects.using(using).order_by("-seq").values_list("seq", flat=True).first()
    return 0 if last is None else last + 1


def count_pending() -> int:
    return Pending.objects.count()


def find_last_checkpoint(using: str | None = None) -> Checkpoint | None:
    return Checkpoint.objects.using(using).order_by("-size").first()


def find_checkpoint(size: int) -> Checkpoint | None:
    return Checkpoint.objects.filter(size=size).first()


def list_checkpoints(limit: int = 20) -> list[Checkpoint]:
    return list(Checkpoint.objects.order_by("-size")[:limit])


def row_of_hashes(level: int, start: int, stop: int, using: str | None = None) -> list[bytes]:
    """Kept hashes of one level, start ≤ index < stop: leaves for level 0, else a level that Node keeps.

    LookupError where one is missing: going on from a row with a hole would sign a tree that never was.
    """
    if start >= stop:
        return []
    if level == 0:
        leaves = Leaf.objects.using(using).filter(seq__gte=start, seq__lt=stop)
        rows = leaves.order_by("seq").values_list("leaf_hash", flat=True)
    else:
        rows = (
            Node.objects.using(using)
            .filter(level=level, index__gte=start, index__lt=stop)
            .order_by("index")
            .values_list("hash", flat=True)
        )
    row = [bytes(hash_) for hash_ in rows]
    if len(row) != stop - start:
        raise LookupError(f"the tree lacks hashes between {start} and {stop} on level {level}: run panoh ledger verify")
    return row


def subtree_hash(level: int, index: int, using: str | None = None) -> bytes:
    """The hash of any complete subtree: kept, or folded from at most 128 kept ones."""
    kept = level - level % TILE_LEVELS
    width = 1 << (level - kept)
    return tree.fold(row_of_hashes(kept, index * width, (index + 1) * width, using))


@dataclass(frozen=True)
class InclusionProof:
    """That an entry is number `index` of the `checkpoint.size` that a signed checkpoint speaks for."""

    index: int
    leaf_hash: bytes
    hashes: Sequence[bytes]
    checkpoint: Checkpoint

    def holds(self) -> bool:
        return tree.proves_inclusion(
            leaf=self.leaf_hash,
            index=self.index,
            size=self.checkpoint.size,
            proof=self.hashes,
            root=bytes(self.checkpoint.root),
        )


def inclusion_proof(entry_id: UUID) -> InclusionProof:
    """The proof against the first checkpoint that covers the entry: the one that witnesses have kept longest."""
    leaf = Leaf.objects.filter(entry_id=entry_id).first()
    if leaf is None:
        get_entry(entry_id)
        raise Problem("ledger.entry.not_sequenced")
    covering = Checkpoint.objects.filter(size__gt=leaf.seq).order_by("size").first()
    if covering is None:
        raise Problem("ledger.entry.not_sequenced")
    hashes = tree.inclusion_proof(leaf.seq, covering.size, subtree_hash)
    return InclusionProof(leaf.seq, bytes(leaf.leaf_hash), tuple(hashes), covering)


def consistency_proof(old_size: int, size: int) -> list[bytes]:
    """That the first `old_size` entries of the ledger at `size` are those of the ledger at `old_size`."""
    return tree.consistency_proof(old_size, size, subtree_hash)
