"""An entry of the ledger bears the name of whoever the signed context says, and no other: the database compares.

An entry without a member comes only out of a context whose signed facts name its kind, and perhaps whom it may be about
(`access.context.acting_without_member`). Erasing personal text needs the verb as well.
"""

from django.db import migrations

CHECK_AUTHOR = """
CREATE OR REPLACE FUNCTION ledger_check_author() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    context jsonb := public.access_context();
    facts jsonb := NEW.body::jsonb;
BEGIN
    IF context IS NULL THEN
        RAISE EXCEPTION 'An entry is recorded only in a signed context.' USING ERRCODE = 'PN005';
    END IF;
    IF context ? 'actor' THEN
        IF (context->>'actor', context->>'organisation', context->>'role', context->>'purpose')
           IS DISTINCT FROM (facts->>'actor', facts->>'organisation', facts->>'role', facts->>'purpose')
        THEN
            RAISE EXCEPTION 'An entry bears the name of whoever acts, and no other.' USING ERRCODE = 'PN005';
        END IF;
    ELSIF num_nonnulls(facts->>'actor', facts->>'organisation', facts->>'role', facts->>'purpose') > 0
          OR NOT coalesce((context->'records') ? NEW.kind, false)
          OR (context ? 'about' AND NOT (context->'about') @> (facts->'subjects')) THEN
        RAISE EXCEPTION 'Without a member, only what the context names is recorded, not %.', NEW.kind
            USING ERRCODE = 'PN005';
    END IF;
    IF facts->>'on_behalf' IS NOT NULL THEN
        RAISE EXCEPTION 'Nobody acts on behalf of another.' USING ERRCODE = 'PN005';
    END IF;
    IF NEW.kind = 'ledger.detail.erased' AND NOT coalesce((context->'verbs') ? 'ledger.detail.erase', false) THEN
        RAISE EXCEPTION 'This role erases no detail.' USING ERRCODE = 'PN005';
    END IF;
    RETURN NEW;
END $$;
"""

BACKWARD = """
CREATE OR REPLACE FUNCTION ledger_check_author() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Nobody can say yet whose entry this is.' USING ERRCODE = 'PN005';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0003_entries"), ("ledger", "0002_author")]

    operations = [
        migrations.RunSQL(CHECK_AUTHOR, BACKWARD),
        # Named last, or temporary types would be looked up first.
        migrations.RunSQL(
            "ALTER FUNCTION access_context() SET search_path = pg_catalog, public, pg_temp", migrations.RunSQL.noop
        ),
    ]
