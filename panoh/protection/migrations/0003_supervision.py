"""What supervision counts: cases of one organisation with coded answers alone, for roles that hold the verb.

A head of office sees figures and no file; row-level security rightly shows that role no case. So one function of the owner hands
out what safeguards and time limits are judged by: days, codes and yes or no. No name, no number, no text that somebody wrote.
"""

from django.conf import settings
from django.db import migrations

OWNER = settings.DATABASE_ROLES.owner
COUNTED = (
    "registry_household",
    "procedures_case",
    "procedures_caseperson",
    "procedures_step",
    "procedures_due",
    "procedures_agendaitem",
    "procedures_sitting",
    "procedures_attendance",
    "procedures_safeguardanswer",
    "papers_paper",
)

FUNCTION = """
-- A code, a day or yes and no; whatever could be a sentence or a name of two words stays out.
CREATE FUNCTION protection_coded(answers jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(jsonb_object_agg(key, value) FILTER (
        WHERE jsonb_typeof(value) = 'boolean' OR (jsonb_typeof(value) = 'string' AND value #>> '{}' ~ '^[A-Za-z0-9_.-]{1,40}$')),
        '{}'::jsonb) FROM jsonb_each(answers) $$;

CREATE FUNCTION protection_supervised(of_procedure text, since date, before date, most int) RETURNS SETOF jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    context jsonb := public.access_context();
    own uuid := (context->>'organisation')::uuid;
    opened uuid[] := coalesce(public.access_uuids(context->'open'), '{}');
    monitor boolean := coalesce(context->'classes' ? 'protection', false);
BEGIN
    IF NOT coalesce(context->'verbs' ? 'protection.supervision.read', false) THEN RETURN; END IF;
    PERFORM set_config('panoh.inside', 'supervision', true);
    RETURN QUERY
    SELECT jsonb_build_object(
        'id', c.id, 'version', c.procedure_version, 'track', c.track, 'state', c.state, 'opened_on', c.opened_on,
        'organisation', c.organisation_id, 'office', h.office_id,
        'steps', coalesce((SELECT jsonb_agg(jsonb_build_array(s.seq, s.action, s.occurred_on, s.by_id, s.from_state, s.to_state,
                public.protection_coded(s.facts),
                (SELECT coalesce(jsonb_object_agg(p.key, public.protection_coded(p.value)), '{}'::jsonb) FROM jsonb_each(s.persons) p)
            ) ORDER BY s.seq) FROM public.procedures_step s WHERE s.case_id = c.id), '[]'::jsonb),
        'dues', coalesce((SELECT jsonb_agg(jsonb_build_array(d.clock, d.starts_on, d.due_on, d.elapsed_due_on, d.stopped_on, d.unknown))
            FROM public.procedures_due d WHERE d.case_id = c.id), '[]'::jsonb),
        'papers', coalesce((SELECT jsonb_object_agg(kind, first) FROM (SELECT p.kind, min(p.issued_on) AS first FROM public.papers_paper p
            WHERE p.case_id = c.id AND p.issued_on IS NOT NULL GROUP BY p.kind) one), '{}'::jsonb),
        'seats', coalesce((SELECT jsonb_agg(DISTINCT jsonb_build_array(t.kind, a.place)) FROM public.procedures_agendaitem i
            JOIN public.procedures_sitting t ON t.id = i.sitting_id JOIN public.procedures_attendance a ON a.sitting_id = t.id
            WHERE i.case_id = c.id AND i.outcome = 'decided' AND a.present), '[]'::jsonb),
        'sat', coalesce((SELECT jsonb_agg(DISTINCT t.kind) FROM public.procedures_agendaitem i
            JOIN public.procedures_sitting t ON t.id = i.sitting_id WHERE i.case_id = c.id AND i.outcome = 'decided'), '[]'::jsonb),
        'answers', CASE WHEN monitor THEN coalesce((SELECT jsonb_agg(jsonb_build_array(a.safeguard, a.verdict, a.on) ORDER BY a.recorded_at, a.id)
            FROM public.procedures_safeguardanswer a WHERE a.case_id = c.id), '[]'::jsonb) ELSE '[]'::jsonb END,
        'outcomes', coalesce((SELECT jsonb_agg(jsonb_build_array(l.outcome, l.outcome_on)) FROM public.procedures_caseperson l
            WHERE l.case_id = c.id AND l.outcome <> ''), '[]'::jsonb))
    FROM public.procedures_case c JOIN public.registry_household h ON h.id = c.household_id
    WHERE c.procedure = of_procedure AND c.opened_on >= since AND c.opened_on < before
      AND (c.organisation_id = own OR c.organisation_id = ANY (opened))
    ORDER BY c.opened_on, c.id LIMIT most;
    PERFORM set_config('panoh.inside', '', true);
END $$;
COMMENT ON FUNCTION protection_supervised(text, date, date, int) IS
    'Cases opened in a time, as safeguards and time limits are judged: codes and days, for supervisors.';
"""
DROP_FUNCTION = """
DROP FUNCTION protection_supervised(text, date, date, int);
DROP FUNCTION protection_coded(jsonb);
"""


def policies() -> str:
    rule = "(SELECT current_setting('panoh.inside', true)) = 'supervision'"
    return "".join(
        f'CREATE POLICY within_supervision_select ON {table} FOR SELECT TO "{OWNER}" USING ({rule});'
        for table in COUNTED
    )


def drop_policies() -> str:
    return "".join(f"DROP POLICY within_supervision_select ON {table};" for table in COUNTED)


INDEX = "CREATE INDEX protection_cases_by_day ON procedures_case (procedure, opened_on);"


class Migration(migrations.Migration):
    dependencies = [
        ("protection", "0002_locks"),
        ("procedures", "0003_agenda_votes_late_entries"),
        ("papers", "0002_locks"),
    ]

    operations = [
        migrations.RunSQL(policies(), drop_policies()),
        migrations.RunSQL(FUNCTION, DROP_FUNCTION),
        migrations.RunSQL(INDEX, "DROP INDEX protection_cases_by_day;"),
    ]
