"""Field classes of the ledger's tables. Apart from the models, because migrations name them and outlive the models."""

from __future__ import annotations

from typing import Any

from django.db import models


class TransactionIdField(models.BigIntegerField):
    """PostgreSQL's 64-bit transaction id (xid8), by which an entry and the rows it speaks of find each other."""

    def db_type(self, connection: Any) -> str:
        return "xid8"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> int | None:
        return None if value is None else int(value)
