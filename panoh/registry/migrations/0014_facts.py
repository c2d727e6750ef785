# ruff: noqa: S608 - put together from constants of this file.
"""The rule of files asks for all facts at once; candidates bring what they are judged by; new words are found by a hash.

What a record is judged by at entry is what it is judged by in a search: its terms in the index of names. So the answer about
candidates brings them of the files that the caller sees, and no second question reads those people's names.
"""

from django.conf import settings
from django.db import migrations

from panoh.access.rls import RenewRoot
from panoh.registry.migrations import _names as sql

APP = settings.DATABASE_ROLES.app

# Each hit brings its person and household by their keys: OFFSET 0 keeps the planner from joining the two tables first.
# What is told of each is decided under the caller's own policies, when the function no longer sees more than she does.
CANDIDATES = f"""
DROP FUNCTION registry_candidates(jsonb);
CREATE FUNCTION registry_candidates(asked jsonb)
RETURNS TABLE (place int, number text, office_id uuid, by_paper boolean, household_id uuid, score real, sex text, terms int[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
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
               (one->>'least')::real AS least, (one->>'hidden')::real AS hidden, (one->>'worth')::real AS worth,
               (one->>'beside')::real AS beside,
               ARRAY(SELECT jsonb_array_elements_text(one->'papers')) AS papers, one->>'sex' AS sex,
               (one->>'earliest')::date AS earliest, (one->>'latest')::date AS latest
        FROM jsonb_array_elements(asked) WITH ORDINALITY AS given(one, ordinality)
        WHERE ordinality <= 60
    ), hit AS MATERIALIZED (
        SELECT q.*, n.person_id, false AS by_paper, n.score, n.terms
        FROM question q CROSS JOIN LATERAL registry_named(q.probes, q.ids, q.slots, q.weights, 60) n
        WHERE n.score >= q.least
        UNION ALL
        SELECT q.*, k.person_id, true, 0::real, k.terms
        FROM question q CROSS JOIN LATERAL (
            SELECT h.person_id, (SELECT i.terms FROM public.registry_nameindex i WHERE i.person_id = h.person_id LIMIT 1) AS terms
            FROM public.registry_paperheld h WHERE h.number_key = ANY (q.papers) LIMIT 20) k
    ), told AS (
        SELECT hit.place, hit.person_id, p.number, p.office_id, p.household_id, p.sex, bool_or(hit.by_paper) AS by_paper,
               max(hit.score) AS score, min(hit.hidden) AS hidden, min(hit.worth) AS worth, min(hit.beside) AS beside,
               max(hit.terms) AS terms
        FROM hit CROSS JOIN LATERAL (
            SELECT one.number::text, one.household_id, one.sex, one.birth_earliest, one.birth_latest, h.office_id
            FROM public.registry_person one CROSS JOIN LATERAL (
                SELECT office_id FROM public.registry_household WHERE id = one.household_id OFFSET 0) h
            WHERE one.id = hit.person_id OFFSET 0) p
        WHERE hit.by_paper OR ((p.sex = hit.sex OR 'U' IN (p.sex, hit.sex))
              AND p.birth_earliest <= hit.latest + 800 AND p.birth_latest >= hit.earliest - 800)
        GROUP BY hit.place, hit.person_id, p.number, p.office_id, p.household_id, p.sex
        ORDER BY hit.place, bool_or(hit.by_paper) DESC, max(hit.score) DESC, p.number LIMIT 300
    ), file AS (
        -- A file in which nobody can come out as likely, were all that is not known yet to agree, is not worth a look.
        SELECT told.household_id, bool_or(told.by_paper)
               OR max(told.score - told.worth + told.beside * (
                   SELECT count(DISTINCT other.place) - 1 FROM told other WHERE other.household_id = told.household_id)) >= 0 AS open
        FROM told GROUP BY told.household_id
    )
    SELECT jsonb_agg(jsonb_build_object('place', told.place, 'person_id', told.person_id, 'number', told.number,
                                        'office_id', told.office_id, 'by_paper', told.by_paper, 'score', told.score,
                                        'sex', told.sex, 'terms', told.terms, 'open', file.open,
                                        'closed', told.by_paper OR told.score >= told.hidden)
                     ORDER BY told.place, told.by_paper DESC, told.score DESC, told.number)
        INTO found FROM told JOIN file USING (household_id)
        WHERE file.open OR told.by_paper OR told.score >= told.hidden;
    PERFORM set_config('panoh.inside', '', true);
    RETURN QUERY SELECT told.place, told.number, told.office_id, told.by_paper, p.household_id,
                        CASE WHEN p.id IS NOT NULL THEN told.score END, CASE WHEN p.id IS NOT NULL THEN told.sex END,
                        CASE WHEN p.id IS NOT NULL THEN told.terms END
        FROM jsonb_to_recordset(found) AS told(place int, person_id uuid, number text, office_id uuid, by_paper boolean,
                                               score real, sex text, terms int[], open boolean, closed boolean)
             LEFT JOIN LATERAL (SELECT id, household_id FROM public.registry_person WHERE id = told.person_id OFFSET 0) p ON true
        WHERE CASE WHEN p.id IS NULL THEN told.closed ELSE told.open END;
END $$;
COMMENT ON FUNCTION registry_candidates(jsonb) IS
    'Perhaps the same person, in any organisation''s files: number and office alone, never a name; of files that the caller sees also household, sex, terms of the index and evidence of the name.';
REVOKE ALL ON FUNCTION registry_candidates(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registry_candidates(jsonb) TO "{APP}";
"""

WORDS = """
CREATE OR REPLACE FUNCTION registry_words(newer_than int, known int[]) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off SET enable_mergejoin = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN (SELECT jsonb_build_object(
        'newest', coalesce((SELECT max(id) FROM registry_word), 0),
        'persons', coalesce(c.persons, 0), 'words', coalesce(c.words, 0), 'counted_at', c.counted_at,
        'fresh', coalesce((
            SELECT jsonb_agg(jsonb_build_array(w.id, w.word, w.bearers,
                (SELECT string_agg(k.version || ':' || k.key, ' ') FROM registry_wordkey k WHERE k.word_id = w.id)))
            FROM (SELECT id FROM registry_word WHERE id > newer_than EXCEPT SELECT unnest(known)) AS new
                 CROSS JOIN LATERAL (SELECT * FROM registry_word WHERE id = new.id OFFSET 0) w), '[]'))
    FROM (SELECT 1) AS one LEFT JOIN registry_wordcount c ON true
    WHERE (SELECT access_context()) IS NOT NULL);
END $$;
"""

# In plpgsql, which keeps a plan from one call to the next; in SQL each question was planned anew, as long as it was answered.
NAMED = (
    sql.NAMED[: sql.NAMED.index("COMMENT ON FUNCTION registry_named")]
    .replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    .replace("LANGUAGE sql", "LANGUAGE plpgsql")
    .replace(
        "jit = off AS $$",
        "jit = off SET plan_cache_mode = force_generic_plan AS $$\n#variable_conflict use_column\nBEGIN\n    RETURN QUERY",
    )
    .replace(
        "scored.score DESC, scored.person_id LIMIT most\n$$",
        "scored.score DESC, right(scored.person_id::text, 12) LIMIT most;\nEND $$",
    )
)


class Migration(migrations.Migration):
    dependencies = [("registry", "0013_equally_likely"), ("access", "0008_facts")]

    operations = [
        RenewRoot("registry_household"),
        migrations.RunSQL(CANDIDATES, migrations.RunSQL.noop),
        migrations.RunSQL(NAMED, migrations.RunSQL.noop),
        migrations.RunSQL(WORDS, migrations.RunSQL.noop),
    ]
