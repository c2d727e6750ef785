"""No change of the register without an entry in the ledger: the database itself refuses it, also to raw SQL.

`RequireEntry(table, subject_column)` stands in the migrations of the rooms above. It adds a constraint trigger that
waits for the end of the transaction; then each row that was added, changed or removed must find an entry of the same
transaction that names the row's subject. `find_problem` turns the database's refusal into a Problem.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError
from django.db.migrations.operations.base import Operation

from panoh.kernel.problems import Problem

# SQLSTATEs of our own (class PN is free: SQL reserves only classes that begin with A to H and 0 to 4).
NO_ENTRY = "PN001"
CHANGE_REFUSED = "PN002"
BACKDATED = "PN003"
COMMITMENT_WRONG = "PN004"
AUTHOR_WRONG = "PN005"

IDENTIFIER = re.compile(r"[a-z_][a-z0-9_]{0,40}")


class RequireEntry(Operation):
    """Migration operation: from now on the table changes only together with an entry about `subject_column`.

    The function is made for this one table: naming the column in it costs a few microseconds a row, looking the column
    up by a parameter costs more than the check itself. Both the row before and the row after are held against it, so
    that a row cannot be slipped from one subject to another.

    With `update_of` only changes of these columns need an entry: where a row also holds what changes by mere use.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, table: str, subject_column: str, update_of: tuple[str, ...] = ()) -> None:
        for name in (table, subject_column, *update_of):
            if not IDENTIFIER.fullmatch(name):
                raise ValueError(f"{name!r} is not a plain name of a table or column")
        self.table = table
        self.subject_column = subject_column
        self.update_of = update_of

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Triggers are no part of Django's model state."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for statement in self.forward_sql():
            schema_editor.execute(statement)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for statement in self.backward_sql():
            schema_editor.execute(statement)

    def forward_sql(self) -> list[str]:
        table, column = self.table, self.subject_column
        # Names are qualified throughout: a temporary table called ledger_subject must not satisfy the guard.
        found = (
            "EXISTS (SELECT FROM public.ledger_subject WHERE subject_id = {row}.{column}"
            " AND transaction_id OPERATOR(pg_catalog.=) pg_catalog.pg_current_xact_id())"
        )
        update = f"UPDATE OF {', '.join(self.update_of)}" if self.update_of else "UPDATE"
        before, after = found.format(row="OLD", column=column), found.format(row="NEW", column=column)
        return [
            f"""
CREATE FUNCTION public.ledger_require_entry_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        IF NOT {before} THEN
            PERFORM public.ledger_refuse_unrecorded(TG_TABLE_NAME, TG_OP);
        END IF;
        IF TG_OP = 'DELETE' OR NEW.{column} = OLD.{column} THEN
            RETURN NULL;
        END IF;
    END IF;
    IF NOT {after} THEN
        PERFORM public.ledger_refuse_unrecorded(TG_TABLE_NAME, TG_OP);
    END IF;
    RETURN NULL;
END $$""",
            f"CREATE CONSTRAINT TRIGGER ledger_require_entry AFTER INSERT OR {update} OR DELETE ON public.{table} "
            "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
            f"EXECUTE FUNCTION public.ledger_require_entry_{table}()",
            f"CREATE TRIGGER ledger_refuse_truncate BEFORE TRUNCATE ON public.{table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_refuse_change()",
            "INSERT INTO public.ledger_guarded (table_name, subject_column) "  # noqa: S608 - both match IDENTIFIER
            f"VALUES ('{table}', '{column}')",
        ]

    def backward_sql(self) -> list[str]:
        return [
            f"DROP TRIGGER ledger_refuse_truncate ON public.{self.table}",
            f"DROP TRIGGER ledger_require_entry ON public.{self.table}",
            f"DROP FUNCTION public.ledger_require_entry_{self.table}()",
            f"DELETE FROM public.ledger_guarded WHERE table_name = '{self.table}'",  # noqa: S608 - matches IDENTIFIER
        ]

    def describe(self) -> str:
        return f"Changes of {self.table} need a ledger entry about {self.subject_column}"

    @property
    def migration_name_fragment(self) -> str:
        return f"require_entry_{self.table}"


def find_problem(error: BaseException) -> Problem | None:
    """The refusal that stands behind a database error of ours, or None. The error may come from COMMIT itself."""
    cause: BaseException | None = error
    while cause is not None and not getattr(cause, "sqlstate", None):
        cause = cause.__cause__
    if cause is None:
        return None
    state = cause.sqlstate  # type: ignore[attr-defined]
    if state == NO_ENTRY:
        return Problem("ledger.entry.none", table=getattr(cause.diag, "table_name", None) or "")  # type: ignore[attr-defined]
    if state == BACKDATED:
        return Problem("ledger.entry.backdated")
    constraint = getattr(cause.diag, "constraint_name", None)  # type: ignore[attr-defined]
    if constraint == "ledger_entry_submission_once":
        return Problem("ledger.entry.submission_exists")
    return None


@contextmanager
def refusals() -> Iterator[None]:
    """Round a transaction: what the ledger's triggers refuse, even at COMMIT, leaves as a Problem."""
    try:
        yield
    except DatabaseError as error:
        problem = find_problem(error)
        if problem is None:
            raise
        raise problem from error
