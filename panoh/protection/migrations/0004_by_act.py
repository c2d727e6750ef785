"""Supervision by act: the same cases in codes and days, also those that were opened before and were still open in the time asked for."""

from django.db import migrations

BY_OPENING = """
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
BY_ACT = """
CREATE FUNCTION protection_supervised(of_procedure text, since date, before date, most int, by_act boolean DEFAULT false) RETURNS SETOF jsonb
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
    WHERE c.procedure = of_procedure AND c.opened_on < before
      AND CASE WHEN by_act THEN c.closed_on IS NULL OR c.closed_on >= since ELSE c.opened_on >= since END
      AND (c.organisation_id = own OR c.organisation_id = ANY (opened))
    ORDER BY c.opened_on, c.id LIMIT most;
    PERFORM set_config('panoh.inside', '', true);
END $$;
COMMENT ON FUNCTION protection_supervised(text, date, date, int, boolean) IS
    'Cases opened, or by act open, in a time, as safeguards and time limits are judged: codes and days, for supervisors.';
"""


class Migration(migrations.Migration):
    dependencies = [("protection", "0003_supervision")]

    operations = [
        migrations.RunSQL(
            "DROP FUNCTION protection_supervised(text, date, date, int);" + BY_ACT,
            "DROP FUNCTION protection_supervised(text, date, date, int, boolean);" + BY_OPENING,
        ),
    ]
