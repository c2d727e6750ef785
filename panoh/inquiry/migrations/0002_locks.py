"""Who sees a code, and the one question that the public page may ask: a case by its number and the digest of its code."""

from django.conf import settings
from django.db import migrations

from panoh.access.rls import ProtectThrough
from panoh.ledger.guard import RequireEntry

OWNER = settings.DATABASE_ROLES.owner
TABLES = ("inquiry_casecode", "procedures_case", "procedures_step", "procedures_due", "procedures_agendaitem")


def opened(table: str) -> str:
    """The owner's function of this purpose sees the table; the app role, whatever it sets, wins nothing by it."""
    return (
        f'CREATE POLICY within_inquiry_select ON {table} FOR SELECT TO "{OWNER}" '
        "USING ((SELECT current_setting('panoh.inside', true)) = 'inquiry');"
    )


# Answers without a context, for the public page. No name, no person, no place, no narrative: what it tells stands below.
OWN_CASE = """
CREATE FUNCTION inquiry_own_case(wanted text, secret bytea) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    told jsonb;
BEGIN
    PERFORM set_config('panoh.inside', 'inquiry', true);
    SELECT jsonb_build_object(
        'procedure', c.procedure, 'procedure_version', c.procedure_version, 'track', c.track, 'state', c.state,
        'opened_on', c.opened_on, 'closed_on', c.closed_on,
        'acts', coalesce((SELECT jsonb_agg(jsonb_build_object('seq', s.seq, 'action', s.action, 'occurred_on', s.occurred_on,
                    'from_state', s.from_state, 'to_state', s.to_state) ORDER BY s.seq)
                 FROM procedures_step s WHERE s.case_id = c.id), '[]'),
        'dues', coalesce((SELECT jsonb_agg(jsonb_build_object('clock', d.clock, 'due_on', d.due_on,
                    'paused_on', d.paused_on, 'unknown', d.unknown) ORDER BY d.due_on NULLS LAST, d.clock)
                 FROM procedures_due d WHERE d.case_id = c.id AND d.stopped_on IS NULL), '[]'),
        'sitting_on', (SELECT min(m."on") FROM procedures_agendaitem i JOIN procedures_sitting m ON m.id = i.sitting_id
                       WHERE i.case_id = c.id AND i.outcome = 'waiting' AND m.state IN ('convened', 'open')))
    INTO told FROM procedures_case c
    WHERE c.number = wanted AND EXISTS (
        SELECT FROM inquiry_casecode k WHERE k.case_id = c.id AND k.ended_on IS NULL AND k.digest = secret);
    PERFORM set_config('panoh.inside', '', true);
    RETURN told;
END $$;
COMMENT ON FUNCTION inquiry_own_case(text, bytea) IS
    'Stage and dates of the case to a number and the digest of its code in force; NULL where the two do not belong together.';
"""


class Migration(migrations.Migration):
    dependencies = [("inquiry", "0001_initial"), ("procedures", "0003_agenda_votes_late_entries")]

    operations = [
        ProtectThrough("inquiry_casecode", "case_id", "procedures_case"),
        RequireEntry("inquiry_casecode", "id"),
        migrations.RunSQL(
            [opened(table) for table in TABLES],
            [f"DROP POLICY within_inquiry_select ON {table}" for table in TABLES],
        ),
        migrations.RunSQL(OWN_CASE, "DROP FUNCTION inquiry_own_case(text, bytea)"),
    ]
