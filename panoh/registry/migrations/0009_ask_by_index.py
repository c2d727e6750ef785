"""The functions of the index of names go through indexes, whatever the planner believes.

What they are asked about is always some dozens of keys, words and persons; the planner guesses thousands of each, because
they come out of JSON, and then reads the whole register: all words for each family saved, all persons and households for
each family asked about, and in a register that was never counted all keys for each word. Beside 4,500 words, near words of
a family took 53 ms in the place of 2.5.
"""

from django.db import migrations

from panoh.registry.migrations import _names as sql

BY_INDEX = "SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off"
NAMED = "registry_named(jsonb, int[], int[], real[], int)"  # hashes its weights, whoever calls it
FUNCTIONS = ("registry_near_words(jsonb)", "registry_index_names(jsonb)")

# Each hit brings its person and household by their keys: OFFSET 0 keeps the planner from joining the two tables first.
CANDIDATES = f"""
CREATE OR REPLACE FUNCTION registry_candidates(asked jsonb)
RETURNS TABLE (place int, number text, office_id uuid, by_paper boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp {BY_INDEX} AS $$
#variable_conflict use_column
BEGIN
    IF NOT (coalesce(public.access_context()->'verbs' ? 'registry.household.register', false)
            OR coalesce(public.access_context()->'verbs' ? 'registry.birth.record', false)
            OR coalesce(public.access_context()->'verbs' ? 'registry.import.take', false)) THEN
        RETURN;
    END IF;
    PERFORM set_config('panoh.inside', 'candidates', true);
    RETURN QUERY WITH question AS MATERIALIZED (
        SELECT (ordinality - 1)::int AS place, one->'probes' AS probes,
               ARRAY(SELECT jsonb_array_elements_text(one->'ids')::int) AS ids,
               ARRAY(SELECT jsonb_array_elements_text(one->'slots')::int) AS slots,
               ARRAY(SELECT jsonb_array_elements_text(one->'weights')::real) AS weights,
               (one->>'least')::real AS least,
               ARRAY(SELECT jsonb_array_elements_text(one->'papers')) AS papers, one->>'sex' AS sex,
               (one->>'earliest')::date AS earliest, (one->>'latest')::date AS latest
        FROM jsonb_array_elements(asked) WITH ORDINALITY AS given(one, ordinality)
        WHERE ordinality <= 60
    ), hit AS MATERIALIZED (
        SELECT q.place, q.sex, q.earliest, q.latest, n.person_id, false AS by_paper, n.score
        FROM question q CROSS JOIN LATERAL registry_named(q.probes, q.ids, q.slots, q.weights, 60) n
        WHERE n.score >= q.least
        UNION ALL
        SELECT q.place, q.sex, q.earliest, q.latest, k.person_id, true, 0::real FROM question q CROSS JOIN LATERAL (
            SELECT person_id FROM public.registry_paperheld WHERE number_key = ANY (q.papers) LIMIT 20) k
    )
    SELECT hit.place, p.number, p.office_id, bool_or(hit.by_paper)
    FROM hit CROSS JOIN LATERAL (
        SELECT one.number::text, one.sex, one.birth_earliest, one.birth_latest, h.office_id
        FROM public.registry_person one CROSS JOIN LATERAL (
            SELECT office_id FROM public.registry_household WHERE id = one.household_id OFFSET 0) h
        WHERE one.id = hit.person_id OFFSET 0) p
    WHERE hit.by_paper OR ((p.sex = hit.sex OR 'U' IN (p.sex, hit.sex))
          AND p.birth_earliest <= hit.latest + 800 AND p.birth_latest >= hit.earliest - 800)
    GROUP BY hit.place, p.number, p.office_id
    ORDER BY hit.place, bool_or(hit.by_paper) DESC, max(hit.score) DESC, p.number LIMIT 300;
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
        migrations.RunSQL(
            [CANDIDATES, f"ALTER FUNCTION {NAMED} SET enable_hashjoin = on"],
            [
                f"ALTER FUNCTION {NAMED} RESET enable_hashjoin",
                sql.CANDIDATES.replace("DROP FUNCTION registry_candidates(jsonb);", "").replace(
                    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
                ),
            ],
        ),
    ]
