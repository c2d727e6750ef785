"""Tables of the ledger. Nothing here is ever changed; rows are added by the database functions of the migrations.

The entry's `body` is what counts: canonical JSON, hashed as it stands. The columns beside it only serve queries, and
`panoh ledger verify` holds them against the body. No foreign keys: the ledger outlives what it speaks of.
"""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from panoh.ledger.fields import TransactionIdField
from panoh.ledger.receipt import receipt_number


class Entry(models.Model):
    """One act: who did what, to whom, by which article. Holds ids, codes and days; personal text is in Detail."""

    id = models.UUIDField(primary_key=True)
    body = models.TextField()
    leaf_hash = models.BinaryField()
    kind = models.TextField()
    occurred_on = models.DateField()
    recorded_at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)
    organisation_id = models.UUIDField(null=True)
    subjects = ArrayField(models.UUIDField())
    correlation_id = models.UUIDField(null=True)
    submission_id = models.UUIDField(null=True)
    transaction_id = TransactionIdField(db_default=models.Func(function="pg_current_xact_id"))

    class Meta:
        verbose_name = _("ledger entry")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id", "submission_id"],
                condition=models.Q(submission_id__isnull=False),
                name="ledger_entry_submission_once",
            )
        ]
        indexes = [
            models.Index(fields=["recorded_at", "id"], name="ledger_entry_recorded"),
            models.Index(fields=["kind", "recorded_at", "id"], name="ledger_entry_kind"),
            models.Index(
                fields=["correlation_id"],
                condition=models.Q(correlation_id__isnull=False),
                name="ledger_entry_correlation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def receipt_number(self) -> str:
        return receipt_number(self.id)

    @cached_property
    def facts(self) -> dict[str, Any]:
        """The body, read."""
        return json.loads(self.body)

    @property
    def payload(self) -> dict[str, Any]:
        return self.facts["payload"]

    @property
    def legal_basis(self) -> list[str]:
        return self.facts["legal_basis"]


class Subject(models.Model):
    """Which entries speak of whom: how the guard finds an act's entry, and a file its history."""

    pk = models.CompositePrimaryKey("subject_id", "transaction_id", "entry_id")
    subject_id = models.UUIDField()
    transaction_id = TransactionIdField(db_default=models.Func(function="pg_current_xact_id"))
    entry_id = models.UUIDField()

    class Meta:
        verbose_name = _("subject of a ledger entry")


class Detail(models.Model):
    """The personal part of an entry, as canonical JSON text. The entry's body holds sha256(salt ‖ detail) of it.

    Kept apart so that it can be erased while every proof stays whole. Row-level security hides it from the application
    until the room `access` lets a reader see what belongs to a file that is open to her.
    """

    entry_id = models.UUIDField(primary_key=True)
    salt = models.BinaryField()
    detail = models.TextField()

    class Meta:
        verbose_name = _("personal detail of a ledger entry")


class Salt(models.Model):
    """The salt of a subject's state after an act: with it, the committed state and the register's row can be compared."""

    pk = models.CompositePrimaryKey("entry_id", "subject_id")
    entry_id = models.UUIDField()
    subject_id = models.UUIDField()
    salt = models.BinaryField()

    class Meta:
        verbose_name = _("salt of a committed state")


class Pending(models.Model):
    """The queue of the sequencer: saved entries that have no number yet."""

    pk = models.CompositePrimaryKey("recorded_at", "entry_id")
    recorded_at = models.DateTimeField()
    entry_id = models.UUIDField()

    class Meta:
        verbose_name = _("entry waiting for its number")


class Leaf(models.Model):
    """The ledger's order: entry → number, without gaps from 0."""

    seq = models.BigIntegerField(primary_key=True)
    entry_id = models.UUIDField(unique=True)
    leaf_hash = models.BinaryField()

    class Meta:
        verbose_name = _("leaf of the ledger's tree")


class Node(models.Model):
    """The hash of each complete subtree of 256, 65,536, … leaves: proofs without reading the whole ledger.

    Every eighth level is kept: one row for 255 leaves instead of one for each, and at most 256 hashes to fold for each
    level between. The numbers stand in docs/adr/0010-ledger.md.
    """

    pk = models.CompositePrimaryKey("level", "index")
    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        verbose_name = _("node of the ledger's tree")


class Checkpoint(models.Model):
    """A signed root: what the ledger vouched for at one moment. `note` is the signed text, as witnesses hold it."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    signed_at = models.DateTimeField()
    note = models.TextField()

    class Meta:
        verbose_name = _("signed checkpoint")


class Guarded(models.Model):
    """The register tables whose rows may only change together with an entry; written by migrations alone."""

    table_name = models.TextField(primary_key=True)
    subject_column = models.TextField()

    class Meta:
        verbose_name = _("guarded table")
