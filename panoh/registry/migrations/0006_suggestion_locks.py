# ruff: noqa: S608 - put together from constants of this file.
"""Who sees a suggestion, that none comes or changes without an entry, and how those at entry reach beyond the own scope.

A pair is seen by who sees both records. A clerk who registers a family that another office knows already may not see that
office's record, yet the pair must not be lost: `registry_suggest` writes it down for whoever sees both, and answers nothing.
"""

from django.conf import settings
from django.db import migrations

from panoh.access.rls import ProtectThrough
from panoh.ledger.guard import RequireEntry

APP = settings.DATABASE_ROLES.app

BOTH = f"""
CREATE POLICY suggestion_both ON registry_suggestion AS RESTRICTIVE FOR ALL TO "{APP}"
    USING (EXISTS (SELECT FROM registry_person p WHERE p.id = person_b_id));
REVOKE DELETE ON registry_suggestion FROM "{APP}";
"""

SUGGEST = """
CREATE FUNCTION registry_suggest(pairs jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT (coalesce(public.access_context()->'verbs' ? 'registry.household.register', false)
            OR coalesce(public.access_context()->'verbs' ? 'registry.import.take', false)) THEN
        RAISE EXCEPTION 'this role registers nobody' USING ERRCODE = '42501';
    END IF;
    PERFORM set_config('panoh.inside', 'candidates', true);
    -- Only inside the act that registers the one record: its entry, in this transaction, names it and the pair.
    INSERT INTO public.registry_suggestion (id, person_a_id, person_b_id, score, reasons, origin, state, made_by_id, made_at)
    SELECT (one->>'id')::uuid, least(mine.id, other.id), greatest(mine.id, other.id), (one->>'score')::numeric,
           one->'reasons', one->>'origin', 'open', (public.access_context()->>'member')::uuid, now()
    FROM jsonb_array_elements(pairs) AS one
    JOIN public.registry_person mine ON mine.id = (one->>'person')::uuid
    JOIN public.registry_person other ON other.number = one->>'number' AND other.id <> mine.id
    WHERE EXISTS (SELECT FROM public.ledger_subject s
                  WHERE s.subject_id = mine.id AND s.transaction_id = pg_current_xact_id())
    ON CONFLICT (person_a_id, person_b_id) DO NOTHING;
    PERFORM set_config('panoh.inside', '', true);
END $$;
COMMENT ON FUNCTION registry_suggest(jsonb) IS
    'Keeps pairs found while a record is registered, also where the other record is hidden from the caller. Answers nothing.';
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0005_suggestions")]

    operations = [
        ProtectThrough("registry_suggestion", "person_a_id", "registry_person"),
        migrations.RunSQL(BOTH, migrations.RunSQL.noop),
        migrations.RunSQL(SUGGEST, "DROP FUNCTION registry_suggest(jsonb)"),
        RequireEntry("registry_suggestion", "id"),
    ]
