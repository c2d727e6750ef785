"""What an actor may see of the ledger, and an entry laid out for reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from panoh.access.actor import Actor
from panoh.access.models import Member, Organisation
from panoh.access.policy import decide
from panoh.kernel.problems import Problem
from panoh.ledger import configuration, queries
from panoh.ledger import receipt as receipts
from panoh.ledger.models import Checkpoint, Entry, Leaf
from panoh.ledger.receipt import Receipt
from panoh.registry.queries import persons_visible_to, visible_to
from panoh.registry.veils import unveiled

LONGEST_LIST_OF_SUBJECTS = 100


def obtain_entry(actor: Actor, entry_id: UUID) -> Entry:
    """An entry that the actor may open: of her own doing, about a file open to her, or any for those who watch over all.

    Hidden and missing look the same.
    """
    entry = queries.get_entry(entry_id)
    if decide(actor, "ledger.entry.list").allowed or entry.actor_id == actor.member_id:
        return entry
    about_an_open_file = (
        visible_to(actor).filter(pk__in=entry.subjects).exists()
        or persons_visible_to(actor).filter(pk__in=entry.subjects).exists()
    )
    if about_an_open_file and unveiled(actor, [entry]):
        return entry
    raise Problem("ledger.entry.missing")


@dataclass(frozen=True)
class SubjectLine:
    """One subject of an entry; number and address only where the reader may open the file."""

    subject_id: UUID
    number: str = ""
    url: str = ""


def list_subjects(actor: Actor, entry: Entry) -> list[SubjectLine]:
    """The subjects, with the way to those files that are open to the actor. The file's own page asks again."""
    ids = entry.subjects[:LONGEST_LIST_OF_SUBJECTS]
    households = dict(visible_to(actor).filter(pk__in=ids).values_list("pk", "number"))
    persons = dict(persons_visible_to(actor).filter(pk__in=ids).values_list("pk", "number"))
    found = []
    for subject in ids:
        if subject in households:
            found.append(SubjectLine(subject, households[subject], reverse("household", args=[households[subject]])))
        elif subject in persons:
            found.append(SubjectLine(subject, persons[subject], reverse("person", args=[persons[subject]])))
        else:
            found.append(SubjectLine(subject))
    return found


@dataclass(frozen=True)
class Author:
    """Who did it: role and organisation for everyone, the name for those who may see members."""

    role: str
    organisation: Organisation | None
    name: str


def author_of(actor: Actor, entry: Entry) -> Author | None:
    """None where the system itself acted."""
    if entry.actor_id is None:
        return None
    may_see_name = entry.organisation_id == actor.organisation_id or decide(actor, "access.member.read").allowed
    member = Member.objects.select_related("account").filter(pk=entry.actor_id).first() if may_see_name else None
    return Author(
        role=entry.facts["role"] or "",
        organisation=Organisation.objects.filter(pk=entry.organisation_id).first(),
        name=member.account.name if member else "",
    )


@dataclass(frozen=True)
class Place:
    """Where an entry stands: its number, and the proof against the first checkpoint that covers it, once there is one."""

    number: int | None
    proof: queries.InclusionProof | None


def place_of(entry_id: UUID) -> Place:
    leaf = Leaf.objects.filter(entry_id=entry_id).first()
    if leaf is None:
        return Place(None, None)
    if not Checkpoint.objects.filter(size__gt=leaf.seq).exists():
        return Place(leaf.seq, None)
    return Place(leaf.seq, queries.inclusion_proof(entry_id))


# -- paging -----------------------------------------------------------------------------------------------------------


def written_key(entries: Sequence[Entry]) -> str:
    """Where the next page goes on."""
    last = entries[-1]
    return f"{last.recorded_at.isoformat()}~{last.pk}"


def read_key(text: str) -> tuple[datetime, UUID] | None:
    """The key of a page, or None for the first page and for anything that is no key."""
    recorded_at, _, entry_id = text.partition("~")
    try:
        instant, key = datetime.fromisoformat(recorded_at), UUID(entry_id)
    except ValueError:
        return None
    return (instant, key) if instant.tzinfo else None


# -- receipts ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CheckedReceipt:
    """A genuine receipt, and whether the ledger keeps its promise."""

    receipt: Receipt
    standing: str  # kept, waiting, altered, gone
    number: int | None = None
    checkpoint: Checkpoint | None = None


def check_receipt(text: str) -> CheckedReceipt:
    """Hold a receipt against the ledger. Raises the Problem that says why a text is no genuine receipt."""
    try:
        held = receipts.read(text, configuration.receipt_verifiers())
    except receipts.NotAReceipt as error:
        raise Problem(f"ledger.receipt.{error.reason}", field="text") from error
    kept = queries.find_body_hash(held.entry_id)
    if kept is None:
        return CheckedReceipt(held, "gone")
    if kept != held.leaf_hash:
        return CheckedReceipt(held, "altered")
    place = place_of(held.entry_id)
    if place.proof is None:
        return CheckedReceipt(held, "waiting", place.number)
    standing = "kept" if place.proof.holds() and place.proof.leaf_hash == held.leaf_hash else "altered"
    return CheckedReceipt(held, standing, place.number, place.proof.checkpoint)
