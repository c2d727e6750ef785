"""Entries of cases that one organisation sees alone are read by whoever sees the case: not even an injected statement finds them else.

What is closed says so itself: `closed_case` in the payload of the hashed body. The column beside it is made by the database from the body,
so nobody sets it otherwise. Which cases somebody sees is not for the ledger to say; `procedures` replaces the rule. Until then nobody
but the owner reads a closed entry. Proofs need no entry to be shown: `ledger_body_hash` answers with the hash of the body as it stands.
"""
# ruff: noqa: S608 - put together from names of roles in the settings.

from django.conf import settings
from django.db import migrations

roles = settings.DATABASE_ROLES

FORWARD = f"""
ALTER TABLE ledger_entry ADD COLUMN closed_case uuid
    GENERATED ALWAYS AS (CASE WHEN body LIKE '%"closed_case":"%'
        THEN (body::jsonb #>> '{{payload,closed_case}}')::uuid END) STORED;
COMMENT ON COLUMN ledger_entry.closed_case IS 'The case through which alone the entry is read; most entries have none.';
ALTER TABLE ledger_entry ENABLE ROW LEVEL SECURITY; ALTER TABLE ledger_entry FORCE ROW LEVEL SECURITY;
CREATE POLICY ledger_own ON ledger_entry TO "{roles.owner}" USING (true) WITH CHECK (true);
CREATE POLICY ledger_open ON ledger_entry FOR SELECT TO "{roles.app}" USING (closed_case IS NULL);
CREATE POLICY ledger_numbered ON ledger_entry FOR SELECT TO "{roles.sequencer}" USING (true);
CREATE FUNCTION ledger_body_hash(entry uuid) RETURNS bytea
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT sha256('\\x00'::bytea || convert_to(e.body, 'UTF8')) FROM public.ledger_entry e WHERE e.id = entry
$$;
COMMENT ON FUNCTION ledger_body_hash(uuid) IS
    'The hash of an entry as it stands, for the check of a receipt: whoever holds one learns whether it is kept, and nothing else.';
"""
BACKWARD = """
DROP FUNCTION ledger_body_hash(uuid);
DROP POLICY ledger_numbered ON ledger_entry;
DROP POLICY ledger_open ON ledger_entry;
DROP POLICY ledger_own ON ledger_entry;
ALTER TABLE ledger_entry NO FORCE ROW LEVEL SECURITY; ALTER TABLE ledger_entry DISABLE ROW LEVEL SECURITY;
ALTER TABLE ledger_entry DROP COLUMN closed_case;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_sequencer")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
