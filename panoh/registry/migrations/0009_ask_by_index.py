# ruff: noqa: S608 - put together from constants of this file.
"""The functions of the index of names go through indexes, whatever the planner believes.

What they are asked about is always some dozens of keys, words and persons; the planner guesses thousands of each, because
they come out of JSON, and then reads the whole register: all words for each family saved, all persons and households for
each family asked about, and in a register that was never counted all keys for each word. Beside 4,500 words, near words of
a family took 53 ms in the place of 2.5.
"""

from django.conf import settings
from django.db import migrations

from panoh.registry.migrations import _names as sql

APP = settings.DATABASE_ROLES.app
BY_INDEX = "SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off"
FUNCTIONS = ("registry_near_words(jsonb)", "registry_index_names(jsonb)")

# Each hit brings its person and household by their keys: OFFSET 0 keeps the planner from joining the two tables first.
# What is told of each is decided under the caller's own policies, when the function no longer sees more than she does.
CANDIDATES = f"""
DROP FUNCTION registry_candidates(jsonb);
CREATE FUNCTION registry_candidates(asked jsonb)
RETURNS TABLE (place int, number text, office_id uuid, by_paper boolean, household_id uuid, score real)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
    found jsonb;
BEGIN
    IF NOT (public.access_context()->'verbs' ?| ARRAY['registry.household.register', 'registry.birth.record', 'registry.import.take'])
       IS TRUE THEN
        RETURN;
    END IF;
    PERFORM set_config('panoh.inside', 'candidates', true);
    WITH question AS MATERIALIZED (
        SELECT (ordinality - 1)::int AS place, one->'probes' AS probes,
               ARRAY(SELECT jsonb_array_elements_text(one->'ids')::int) AS ids,
               ARRAY(SELECT jsonb_array_elements_text(one->'slots')::int) AS slots,
               ARRAY(SELECT jsonb_array_elements_text(one->'weights')::real) AS weights,
               (one->>'least')::real AS least, (one->>'hidden')::real AS hidden,
               ARRAY(SELECT jsonb_array_elements_text(one->'papers')) AS papers, one->>'sex' AS sex,
               (one->>'earliest')::date AS earliest, (one->>'latest')::date AS latest
        FROM jsonb_array_elements(asked) WITH ORDINALITY AS given(one, ordinality)
        WHERE ordinality <= 60
    ), hit AS MATERIALIZED (
        SELECT q.place, q.sex, q.earliest, q.latest, q.hidden, n.person_id, false AS by_paper, n.score
        FROM question q CROSS JOIN LATERAL registry_named(q.probes, q.ids, q.slots, q.weights, 60) n
        WHERE n.score >= q.least
        UNION ALL
        SELECT q.place, q.sex, q.earliest, q.latest, q.hidden, k.person_id, true, 0::real FROM question q CROSS JOIN LATERAL (
            SELECT person_id FROM public.registry_paperheld WHERE number_key = ANY (q.papers) LIMIT 20) k
    ), told AS (
        SELECT hit.place, hit.person_id, p.number, p.office_id, bool_or(hit.by_paper) AS by_paper, max(hit.score) AS score,
               min(hit.hidden) AS hidden
        FROM hit CROSS JOIN LATERAL (
            SELECT one.number::text, one.sex, one.birth_earliest, one.birth_latest, h.office_id
            FROM public.registry_person one CROSS JOIN LATERAL (
                SELECT office_id FROM public.registry_household WHERE id = one.household_id OFFSET 0) h
            WHERE one.id = hit.person_id OFFSET 0) p
        WHERE hit.by_paper OR ((p.sex = hit.sex OR 'U' IN (p.sex, hit.sex))
              AND p.birth_earliest <= hit.latest + 800 AND p.birth_latest >= hit.earliest - 800)
        GROUP BY hit.place, hit.person_id, p.number, p.office_id
        ORDER BY hit.place, bool_or(hit.by_paper) DESC, max(hit.score) DESC, p.number LIMIT 300
    ) SELECT jsonb_agg(told) INTO found FROM told;
    PERFORM set_config('panoh.inside', '', true);
    RETURN QUERY SELECT told.place, told.number, told.office_id, told.by_paper, p.household_id,
                        CASE WHEN p.id IS NOT NULL THEN told.score END
        FROM jsonb_to_recordset(found)
             AS told(place int, person_id uuid, number text, office_id uuid, by_paper boolean, score real, hidden real)
             LEFT JOIN LATERAL (SELECT id, household_id FROM public.registry_person WHERE id = told.person_id OFFSET 0) p ON true
        WHERE p.id IS NOT NULL OR told.by_paper OR told.score >= told.hidden;
END $$;
COMMENT ON FUNCTION registry_candidates(jsonb) IS
    'Perhaps the same person, in any organisation''s files: number and office alone, never a name; of files that the caller sees also household and evidence of the name.';
REVOKE ALL ON FUNCTION registry_candidates(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registry_candidates(jsonb) TO "{APP}";
"""


SUGGEST = """
CREATE OR REPLACE FUNCTION registry_suggest(pairs jsonb) RETURNS void
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
    CROSS JOIN LATERAL (SELECT id FROM public.registry_person WHERE id = (one->>'person')::uuid OFFSET 0) mine
    CROSS JOIN LATERAL (SELECT id FROM public.registry_person WHERE number = one->>'number' OFFSET 0) other
    WHERE other.id <> mine.id AND EXISTS (
        SELECT FROM public.ledger_subject s
        WHERE s.subject_id = mine.id AND s.transaction_id = pg_current_xact_id() OFFSET 0)
    ON CONFLICT (person_a_id, person_b_id) DO NOTHING;
    PERFORM set_config('panoh.inside', '', true);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0008_name_index")]

    operations = [
        migrations.RunSQL(
            [f"ALTER FUNCTION {function} {BY_INDEX}" for function in FUNCTIONS],
            [f"ALTER FUNCTION {function} RESET ALL" for function in FUNCTIONS]
            + [f"ALTER FUNCTION {function} SET search_path = pg_catalog, public, pg_temp" for function in FUNCTIONS],
        ),
        migrations.RunSQL(CANDIDATES, sql.CANDIDATES),
        migrations.RunSQL(SUGGEST, migrations.RunSQL.noop),
    ]
