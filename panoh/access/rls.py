# ruff: noqa: S608 - the statements are put together from names written in migrations, never from what a person typed.
"""Row-level security: migration operations that put the rule of `access.scope` into the database, FORCEd.

The second lock. It must hold alone, against raw SQL as the app role: no context, no rows. Three kinds of table:
`ProtectRoot` (the household), `ProtectThrough` (everything that hangs off it), `AppendOnly` (no change, no delete).
The reader role of statistics sees every row but only the columns that `GrantColumns` names, never a name.

A rule asks for all facts at once, `EXISTS (SELECT FROM access_facts() f WHERE …)`: PostgreSQL keeps the one row of a
function between the rows of a statement, so the context is checked once for each table of a statement and not once for
each fact. A scalar subquery, `(SELECT access_own())`, does the same for a rule that needs a single fact.
"""

from collections.abc import Sequence

from django.conf import settings
from django.db.migrations.operations.base import Operation

FUNCTIONS = """
CREATE FUNCTION access_context() RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    raw text := current_setting('panoh.context', true);
    body text;
    key record;
    facts jsonb;
BEGIN
    IF raw IS NULL OR length(raw) < 66 THEN RETURN NULL; END IF;
    body := substr(raw, 66);
    SELECT inner_pad, outer_pad INTO key FROM public.access_contextkey WHERE id = 1;
    IF NOT FOUND OR left(raw, 64) <> encode(
        sha256(key.outer_pad || sha256(key.inner_pad || convert_to(body, 'UTF8'))), 'hex')
    THEN RETURN NULL; END IF;
    facts := body::jsonb;
    IF (facts->>'pid')::int <> pg_backend_pid() OR (facts->>'until')::bigint < extract(epoch FROM now())
    THEN RETURN NULL; END IF;
    RETURN facts;
END $$;
COMMENT ON FUNCTION access_context() IS 'The facts of the signed context, or NULL where its HMAC, process or end do not fit.';

CREATE FUNCTION access_uuids(list jsonb) RETURNS uuid[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_agg(value::uuid) FROM jsonb_array_elements_text(
        CASE WHEN jsonb_typeof(list) = 'array' THEN list ELSE '[]'::jsonb END)
$$;
CREATE FUNCTION access_everything() RETURNS boolean LANGUAGE sql STABLE AS
    $$ SELECT coalesce((access_context()->>'everything')::boolean, false) $$;
CREATE FUNCTION access_member() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT (access_context()->>'member')::uuid $$;
CREATE FUNCTION access_own() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT (access_context()->>'own')::uuid $$;
CREATE FUNCTION access_receiver() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT (access_context()->>'receiver')::uuid $$;
CREATE FUNCTION access_purpose() RETURNS text LANGUAGE sql STABLE AS $$ SELECT access_context()->>'purpose' $$;
CREATE FUNCTION access_clearance() RETURNS int LANGUAGE sql STABLE AS
    $$ SELECT coalesce((access_context()->>'clearance')::int, -1) $$;
CREATE FUNCTION access_offices() RETURNS uuid[] LANGUAGE sql STABLE AS $$ SELECT access_uuids(access_context()->'offices') $$;
CREATE FUNCTION access_all_offices() RETURNS boolean LANGUAGE sql STABLE AS
    $$ SELECT coalesce(jsonb_typeof(access_context()->'offices') = 'null', false) $$;
CREATE FUNCTION access_open() RETURNS uuid[] LANGUAGE sql STABLE AS $$ SELECT access_uuids(access_context()->'open') $$;
CREATE FUNCTION access_agreements() RETURNS uuid[] LANGUAGE sql STABLE AS
    $$ SELECT access_uuids(access_context()->'agreements') $$;
CREATE FUNCTION access_reads(field_class text) RETURNS boolean LANGUAGE sql STABLE AS
    $$ SELECT coalesce(access_context()->'classes' ? field_class, false) $$;
CREATE FUNCTION access_custodians(field_class text) RETURNS uuid[] LANGUAGE sql STABLE AS
    $$ SELECT access_uuids(access_context()->'custodians'->field_class) $$;
"""

GRANT_IN_FORCE = "g.valid_from <= now() AND (g.valid_to IS NULL OR g.valid_to > now())"

FACTS = """
CREATE OR REPLACE FUNCTION access_facts(
    OUT everything boolean, OUT clearance int, OUT member uuid, OUT own uuid, OUT receiver uuid, OUT purpose text,
    OUT all_offices boolean, OUT offices uuid[], OUT open uuid[], OUT agreements uuid[])
LANGUAGE plpgsql STABLE COST 10 AS $$
DECLARE
    facts jsonb := public.access_context();
BEGIN
    everything := coalesce((facts->>'everything')::boolean, false);
    clearance := coalesce((facts->>'clearance')::int, -1);
    member := facts->>'member';
    own := facts->>'own';
    receiver := facts->>'receiver';
    purpose := facts->>'purpose';
    all_offices := coalesce(jsonb_typeof(facts->'offices') = 'null', false);
    offices := public.access_uuids(facts->'offices');
    open := public.access_uuids(facts->'open');
    agreements := public.access_uuids(facts->'agreements');
END $$;

-- A function, because its plan is kept: written out in each rule it was planned anew with every question about a case, seven
-- times over. It sees what the caller sees.
CREATE OR REPLACE FUNCTION access_reads_of(field_class text, file uuid) RETURNS boolean LANGUAGE plpgsql STABLE COST 1000 AS $$
BEGIN
    RETURN public.access_reads(field_class) AND (
        EXISTS (SELECT FROM public.registry_household h
                WHERE h.id = file AND h.custodian_id = ANY (public.access_custodians(field_class)))
        OR EXISTS (SELECT FROM public.access_grant g
                   WHERE g.household_id = file AND g.member_id = public.access_member() AND GRANT_IN_FORCE));
END $$;
COMMENT ON FUNCTION access_reads_of(text, uuid) IS
    'Whether rows of a field class are read of a file: by the role, and by the custodian or a grant to the member in person.';
COMMENT ON FUNCTION access_facts() IS 'What the rules ask about the actor, in one row; without a context nothing is seen by it.';
""".replace("GRANT_IN_FORCE", GRANT_IN_FORCE)

FUNCTION_NAMES = (
    "access_reads_of(text, uuid)",
    "access_facts()",
    "access_custodians(text)",
    "access_reads(text)",
    "access_agreements()",
    "access_open()",
    "access_all_offices()",
    "access_offices()",
    "access_clearance()",
    "access_purpose()",
    "access_receiver()",
    "access_own()",
    "access_member()",
    "access_everything()",
    "access_uuids(jsonb)",
    "access_context()",
)


def root_rule(table: str) -> str:
    """Who sees a file. Grants are looked up for the file at hand: as a list of all granted files, the planner takes them for
    so dear that it reads whole tables to look at each file only once."""
    return f"""EXISTS (SELECT FROM access_facts() f WHERE f.everything OR ({table}.sensitivity <= f.clearance AND (
 ({table}.custodian_id = f.own AND (f.all_offices OR {table}.office_id = ANY (f.offices)))
 OR {table}.custodian_id = ANY (f.open)
 OR EXISTS (SELECT FROM access_grant g WHERE g.household_id = {table}.id AND {GRANT_IN_FORCE}
            AND (g.member_id = f.member OR (g.organisation_id = f.receiver AND g.agreement_id = ANY (f.agreements)))))))"""


class _Policy(Operation):
    """A migration operation that runs SQL as the owner and changes no model state."""

    reduces_to_sql = True
    reversible = True

    def state_forwards(self, app_label, state) -> None:
        """Policies are no part of Django's model state."""

    def forward_sql(self) -> list[str]:
        raise NotImplementedError

    def backward_sql(self) -> list[str]:
        return []

    def database_forwards(self, app_label, schema_editor, from_state, to_state) -> None:
        for statement in self.forward_sql():
            schema_editor.execute(statement)

    def database_backwards(self, app_label, schema_editor, from_state, to_state) -> None:
        for statement in self.backward_sql():
            schema_editor.execute(statement)


def _protect(table: str, read_rule: str, write_rule: str) -> list[str]:
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY panoh_read ON {table} FOR SELECT USING ({read_rule})",
        f"CREATE POLICY panoh_insert ON {table} FOR INSERT WITH CHECK ({write_rule})",
        f"CREATE POLICY panoh_update ON {table} FOR UPDATE USING ({read_rule}) WITH CHECK ({write_rule})",
        f"CREATE POLICY panoh_delete ON {table} FOR DELETE USING ({read_rule})",
        f'CREATE POLICY panoh_reader ON {table} FOR SELECT TO "{settings.DATABASE_ROLES.reader}" USING (true)',
    ]


def _renew(table: str, read_rule: str, write_rule: str) -> list[str]:
    return [
        f"ALTER POLICY panoh_read ON {table} USING ({read_rule})",
        f"ALTER POLICY panoh_insert ON {table} WITH CHECK ({write_rule})",
        f"ALTER POLICY panoh_update ON {table} USING ({read_rule}) WITH CHECK ({write_rule})",
        f"ALTER POLICY panoh_delete ON {table} USING ({read_rule})",
    ]


def _unprotect(table: str) -> list[str]:
    names = ("read", "insert", "update", "delete", "reader")
    return [f"DROP POLICY panoh_{name} ON {table}" for name in names] + [
        f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
    ]


class AccessFunctions(_Policy):
    """The functions that read the signed context."""

    def forward_sql(self) -> list[str]:
        return [FUNCTIONS, FACTS]

    def backward_sql(self) -> list[str]:
        return [f"DROP FUNCTION {name}" for name in FUNCTION_NAMES]

    def describe(self) -> str:
        return "Functions that check and read the signed context"


class ProtectRoot(_Policy):
    """The table of files itself: columns id, custodian_id, office_id, sensitivity."""

    def __init__(self, table: str) -> None:
        self.table = table

    def forward_sql(self) -> list[str]:
        return _protect(self.table, root_rule(self.table), root_rule(self.table))

    def backward_sql(self) -> list[str]:
        return _unprotect(self.table)

    def describe(self) -> str:
        return f"Row-level security of {self.table}"


class RenewRoot(_Policy):
    """The rule of the table of files, in databases that were made when it was another."""

    def __init__(self, table: str) -> None:
        self.table = table

    def forward_sql(self) -> list[str]:
        return _renew(self.table, root_rule(self.table), root_rule(self.table))

    def describe(self) -> str:
        return f"Row-level security of {self.table}, renewed"


class ProtectThrough(_Policy):
    """A table whose rows are seen exactly where the row they hang off is seen.

    `column` points to `parent.id`; the parent's own policy decides. With `field_class` reading also needs that class
    (see `access.scope.class_scope`); writing does not: a clerk may write down an address that she cannot look up.
    `household` is the SQL that leads from the row to its household's id when a field class is given.
    """

    def __init__(
        self,
        table: str,
        column: str,
        parent: str,
        field_class: str | None = None,
        household: str | None = None,
        only_where: str = "true",
    ) -> None:
        self.table, self.column, self.parent = table, column, parent
        self.field_class, self.household, self.only_where = field_class, household, only_where

    def rules(self) -> tuple[str, str]:
        """(who reads a row, who writes one)"""
        # OFFSET 0 keeps the planner from hashing the whole parent table for a list of thirty rows: it looks each one up.
        seen = f"EXISTS (SELECT 1 FROM {self.parent} p WHERE p.id = {self.table}.{self.column} OFFSET 0)"
        rule = seen
        if self.field_class:
            household = self.household or (
                f"{self.table}.{self.column}"
                if self.parent == "registry_household"
                else f"(SELECT p.household_id FROM {self.parent} p WHERE p.id = {self.table}.{self.column})"
            )
            rule = f"""(SELECT access_everything())
             OR ({seen} AND (NOT ({self.only_where}) OR access_reads_of('{self.field_class}', {household})))"""
        return rule, seen

    def forward_sql(self) -> list[str]:
        return _protect(self.table, *self.rules())

    def backward_sql(self) -> list[str]:
        return _unprotect(self.table)

    def describe(self) -> str:
        return f"Row-level security of {self.table} through {self.parent}"


class RenewThrough(ProtectThrough):
    """The rules of such a table, in databases that were made when they were others."""

    def forward_sql(self) -> list[str]:
        read, write = self.rules()
        return _renew(self.table, read, write)

    def backward_sql(self) -> list[str]:
        return []

    def describe(self) -> str:
        return f"Row-level security of {self.table} through {self.parent}, renewed"


class AppendOnly(_Policy):
    """No row of the table is ever changed or removed by the app: grants and triggers, TRUNCATE included."""

    def __init__(self, table: str) -> None:
        self.table = table

    def forward_sql(self) -> list[str]:
        table = self.table
        return [
            f'REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM "{settings.DATABASE_ROLES.app}"',
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION access_refuse_change()",
            f"CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION access_refuse_change()",
        ]

    def backward_sql(self) -> list[str]:
        return [
            f"DROP TRIGGER append_only_truncate ON {self.table}",
            f"DROP TRIGGER append_only ON {self.table}",
            f'GRANT UPDATE, DELETE ON {self.table} TO "{settings.DATABASE_ROLES.app}"',
        ]

    def describe(self) -> str:
        return f"{self.table} is append-only"


class RequireVerb(_Policy):
    """The app changes rows of the table only in the context of a role that holds one of these verbs.

    Or in a context without a member that records something (`access.context.acting_without_member`): then the entry,
    which names what it may be about, decides. The verbs must stand in `access.context.ASKED_BY_FUNCTIONS`.
    """

    def __init__(self, table: str, verbs: Sequence[str], update_of: Sequence[str] = ()) -> None:
        self.table, self.verbs, self.update_of = table, tuple(verbs), tuple(update_of)

    def forward_sql(self) -> list[str]:
        update = f"UPDATE OF {', '.join(self.update_of)}" if self.update_of else "UPDATE"
        arguments = ", ".join(f"'{verb}'" for verb in self.verbs)
        return [
            f"CREATE TRIGGER access_verb BEFORE INSERT OR {update} OR DELETE ON {self.table} FOR EACH STATEMENT"
            f" WHEN (current_user = '{settings.DATABASE_ROLES.app}') EXECUTE FUNCTION access_require_verb({arguments})"
        ]

    def backward_sql(self) -> list[str]:
        return [f"DROP TRIGGER access_verb ON {self.table}"]

    def describe(self) -> str:
        return f"Changes of {self.table} need a verb"


class GrantColumns(_Policy):
    """The columns of a table that the reader role of statistics may see: none that names or locates a person."""

    def __init__(self, table: str, columns: Sequence[str]) -> None:
        self.table, self.columns = table, tuple(columns)

    def forward_sql(self) -> list[str]:
        return [
            f'REVOKE ALL ON {self.table} FROM "{settings.DATABASE_ROLES.reader}"',
            f'GRANT SELECT ({", ".join(self.columns)}) ON {self.table} TO "{settings.DATABASE_ROLES.reader}"',
        ]

    def backward_sql(self) -> list[str]:
        return [f'REVOKE ALL ON {self.table} FROM "{settings.DATABASE_ROLES.reader}"']

    def describe(self) -> str:
        return f"Columns of {self.table} for statistics"
