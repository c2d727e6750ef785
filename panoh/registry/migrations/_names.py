# ruff: noqa: S608 - put together from constants of this file.
"""The SQL of the index of names: taking words in, finding persons by them, counting their bearers.

All functions are owned by the schema's owner, who alone reads the index. What they answer about persons is bound by the
policy of `registry_person` under the caller's context, except `registry_candidates`, which answers those who register people
with number and office alone.
"""

from django.conf import settings

from panoh.registry.migrations import _functions

APP = settings.DATABASE_ROLES.app

FATHER = 1 << 30  # added to the id of a word where it is of a father's or grandfather's name
WIDEST_SPAN = 6  # years of birth: a wider span is no evidence and would fill the index

TAKE_IN = f"""
CREATE FUNCTION registry_take_in_words(wanted text[], keys jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- New words are few. Taken in one order everywhere: two registrations must not wait for each other in a circle.
    WITH fresh AS (
        INSERT INTO registry_word (word, sound, bearers)
            SELECT w, (SELECT list->>0 FROM jsonb_each(keys->w) AS of_version(version, list)
                       ORDER BY version::int DESC LIMIT 1), 0
            FROM unnest(wanted) AS w
            WHERE NOT EXISTS (SELECT FROM registry_word known WHERE known.word = w)
            ORDER BY w
        ON CONFLICT (word) DO NOTHING RETURNING id, word)
    INSERT INTO registry_wordkey (key, version, word_id)
        SELECT DISTINCT key, version::smallint, fresh.id
        FROM fresh, jsonb_each(keys->fresh.word) AS of_version(version, list), jsonb_array_elements_text(list) AS key;
END $$;
COMMENT ON FUNCTION registry_take_in_words(text[], jsonb) IS
    'Makes words known that are not: keys is {{word: {{version: [key, …]}}}}.';

CREATE FUNCTION registry_index_names(given jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM registry_take_in_words(
        ARRAY(SELECT DISTINCT w FROM jsonb_array_elements(given->'persons') AS one,
              jsonb_array_elements_text((one->'words') || (one->'father')) AS w), given->'keys');
    -- registry_person by its own policy: nobody indexes a person whose file she does not see. And only inside an act on
    -- the person: an injected statement must not make somebody unfindable.
    WITH one AS MATERIALIZED (
        SELECT (o->>'person')::uuid AS person, o->'words' AS words, o->'father' AS father, (o->>'version')::smallint AS version
        FROM jsonb_array_elements(given->'persons') AS o
    ), told AS (
        SELECT person, 0 AS side, place, word FROM one, jsonb_array_elements_text(words) WITH ORDINALITY AS t(word, place)
        UNION ALL
        SELECT person, {FATHER}, place, word FROM one, jsonb_array_elements_text(father) WITH ORDINALITY AS t(word, place)
    ), term AS (
        SELECT person, array_agg(w.id + side ORDER BY side, place) AS terms
        FROM told JOIN registry_word w USING (word) GROUP BY person
    )
    INSERT INTO registry_nameindex (person_id, terms, version)
        SELECT p.id, coalesce(term.terms, '{{}}') || registry_years(p.birth_earliest, p.birth_latest), one.version
        FROM one JOIN registry_person p ON p.id = one.person LEFT JOIN term ON term.person = one.person
        WHERE session_user <> '{APP}' OR (SELECT access_everything()) OR EXISTS (
            SELECT FROM ledger_subject s WHERE s.subject_id = p.id AND s.transaction_id = pg_current_xact_id())
    ON CONFLICT (person_id) DO UPDATE SET terms = excluded.terms, version = excluded.version;
END $$;
COMMENT ON FUNCTION registry_index_names(jsonb) IS
    'Writes the index of persons that the caller sees: {{persons: [{{person, words, father, version}}], keys: …}}.';

CREATE FUNCTION registry_years(earliest date, latest date) RETURNS int[] LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN extract(year FROM latest) - extract(year FROM earliest) < {WIDEST_SPAN} THEN ARRAY(
        SELECT -y FROM generate_series(extract(year FROM earliest)::int, extract(year FROM latest)::int) AS y)
        ELSE '{{}}'::int[] END
$$;
"""
DROP_TAKE_IN = """
DROP FUNCTION registry_index_names(jsonb);
DROP FUNCTION registry_years(date, date);
DROP FUNCTION registry_take_in_words(text[], jsonb);
"""

NEAR = """
CREATE FUNCTION registry_near_words(asked jsonb)
RETURNS TABLE (place int, ids int[], words text[], bearers int[], persons int, total bigint, newest int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT one.place, near.ids, near.words, near.bearers,
           coalesce(c.persons, 0), coalesce(c.words, 0), coalesce((SELECT max(id) FROM registry_word), 0)
    FROM jsonb_to_recordset(asked) AS one(place int, keys jsonb, newer_than int)
        CROSS JOIN LATERAL (
            SELECT array_agg(w.id) AS ids, array_agg(w.word::text) AS words, array_agg(w.bearers) AS bearers
            FROM (SELECT DISTINCT k.word_id FROM jsonb_each(one.keys) AS of_version(version, list)
                      CROSS JOIN LATERAL jsonb_array_elements_text(list) AS key
                      JOIN registry_wordkey k ON k.key = key.value AND k.version = of_version.version::smallint
                  WHERE k.word_id > one.newer_than LIMIT 20000) shared
                 JOIN registry_word w ON w.id = shared.word_id) near
        LEFT JOIN registry_wordcount c ON true
    WHERE (SELECT access_context()) IS NOT NULL
$$;
COMMENT ON FUNCTION registry_near_words(jsonb) IS
    'Words that share a key with each of [{place, keys: {version: [key, …]}, newer_than}], with their bearers and the last count; names nobody.';
"""
DROP_NEAR = "DROP FUNCTION registry_near_words(jsonb);"

# The heart: the index is asked for persons who bear one word of each of two or three groups; the groups of a question are
# the words that may be the first word asked, the second, the father's, the year. The planner knows nothing about the groups
# of a question, so it is told: never the whole table, and one hash for all the weights instead of one for each person.
NAMED = """
CREATE FUNCTION registry_named(probes jsonb, ids int[], slots int[], weights real[], most int)
RETURNS TABLE (person_id uuid, terms int[], score real, found bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off SET enable_nestloop = off SET enable_mergejoin = off SET jit = off AS $$
    WITH probe AS MATERIALIZED (
        SELECT jsonb_array_length(groups) AS n,
               ARRAY(SELECT jsonb_array_elements_text(groups->0)::int) AS a,
               ARRAY(SELECT jsonb_array_elements_text(groups->1)::int) AS b,
               ARRAY(SELECT jsonb_array_elements_text(groups->2)::int) AS c
        FROM jsonb_array_elements(probes) AS groups LIMIT 24
    ), hit AS MATERIALIZED (
        SELECT DISTINCT ON (n.person_id) n.person_id, n.terms FROM probe CROSS JOIN LATERAL (
            (SELECT i.person_id, i.terms FROM registry_nameindex i WHERE probe.n = 1 AND i.terms && probe.a LIMIT 1500)
            UNION ALL
            (SELECT i.person_id, i.terms FROM registry_nameindex i
             WHERE probe.n = 2 AND i.terms && probe.a AND i.terms && probe.b LIMIT 1500)
            UNION ALL
            (SELECT i.person_id, i.terms FROM registry_nameindex i
             WHERE probe.n = 3 AND i.terms && probe.a AND i.terms && probe.b AND i.terms && probe.c LIMIT 1500)) n
    ), weight AS MATERIALIZED (
        SELECT * FROM unnest(ids, slots, weights) AS w(term, slot, weight)
    ), borne AS MATERIALIZED (
        SELECT hit.person_id, unnest(hit.terms) AS term FROM hit
    ), scored AS (
        SELECT best.person_id, sum(best.weight)::real AS score FROM (
            SELECT borne.person_id, weight.slot, max(weight.weight) AS weight
            FROM borne JOIN weight USING (term) GROUP BY borne.person_id, weight.slot) best
        GROUP BY best.person_id
    )
    SELECT scored.person_id, hit.terms, scored.score, (SELECT count(*) FROM hit)
    FROM scored JOIN hit USING (person_id) ORDER BY scored.score DESC, scored.person_id LIMIT most
$$;
COMMENT ON FUNCTION registry_named(jsonb, int[], int[], real[], int) IS
    'Persons who bear words of the groups, the likeliest first. For the functions of this index alone: it asks no policy.';
REVOKE ALL ON FUNCTION registry_named(jsonb, int[], int[], real[], int) FROM PUBLIC;

CREATE FUNCTION registry_find_named(probes jsonb, ids int[], slots int[], weights real[], most int)
RETURNS TABLE (person_id uuid, number text, sex text, terms int[], score real, found bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT n.person_id, p.number::text, p.sex::text, n.terms, n.score, n.found
    FROM (SELECT * FROM registry_named(probes, ids, slots, weights, least(most, 3000)) OFFSET 0) n
         JOIN registry_person p ON p.id = n.person_id
$$;
COMMENT ON FUNCTION registry_find_named(jsonb, int[], int[], real[], int) IS
    'Persons whose files the caller sees and who bear words of the groups.';
"""
DROP_NAMED = """
DROP FUNCTION registry_find_named(jsonb, int[], int[], real[], int);
DROP FUNCTION registry_named(jsonb, int[], int[], real[], int);
"""

CANDIDATES = """
DROP FUNCTION registry_candidates(jsonb);
CREATE FUNCTION registry_candidates(asked jsonb)
RETURNS TABLE (place int, number text, office_id uuid, by_paper boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    IF NOT (coalesce(public.access_context()->'verbs' ? 'registry.household.register', false)
            OR coalesce(public.access_context()->'verbs' ? 'registry.birth.record', false)
            OR coalesce(public.access_context()->'verbs' ? 'registry.import.take', false)) THEN
        RETURN;
    END IF;
    PERFORM set_config('panoh.inside', 'candidates', true);
    RETURN QUERY WITH question AS (
        SELECT (ordinality - 1)::int AS place, one->'probes' AS probes,
               ARRAY(SELECT jsonb_array_elements_text(one->'ids')::int) AS ids,
               ARRAY(SELECT jsonb_array_elements_text(one->'slots')::int) AS slots,
               ARRAY(SELECT jsonb_array_elements_text(one->'weights')::real) AS weights,
               (one->>'least')::real AS least,
               ARRAY(SELECT jsonb_array_elements_text(one->'papers')) AS papers, one->>'sex' AS sex,
               (one->>'earliest')::date AS earliest, (one->>'latest')::date AS latest
        FROM jsonb_array_elements(asked) WITH ORDINALITY AS given(one, ordinality)
        WHERE ordinality <= 60
    ), hit AS (
        SELECT q.place, n.person_id, false AS by_paper, n.score
        FROM question q CROSS JOIN LATERAL registry_named(q.probes, q.ids, q.slots, q.weights, 60) n
        WHERE n.score >= q.least
        UNION ALL
        SELECT q.place, k.person_id, true, 0::real FROM question q CROSS JOIN LATERAL (
            SELECT person_id FROM public.registry_paperheld WHERE number_key = ANY (q.papers) LIMIT 20) k
    )
    SELECT q.place, p.number::text, h.office_id, bool_or(hit.by_paper)
    FROM hit JOIN question q USING (place)
         JOIN public.registry_person p ON p.id = hit.person_id
         JOIN public.registry_household h ON h.id = p.household_id
    WHERE hit.by_paper OR ((p.sex = q.sex OR 'U' IN (p.sex, q.sex))
          AND p.birth_earliest <= q.latest + 800 AND p.birth_latest >= q.earliest - 800)
    GROUP BY q.place, p.number, h.office_id
    ORDER BY q.place, bool_or(hit.by_paper) DESC, max(hit.score) DESC, p.number LIMIT 300;
    PERFORM set_config('panoh.inside', '', true);
END $$;
COMMENT ON FUNCTION registry_candidates(jsonb) IS
    'Perhaps the same person, in any organisation''s files: answers with number and office alone, never with a name.';
"""

SAVE = _functions.SAVE.replace(
    _functions.SAVE_NAME_KEYS,
    """    IF given ? 'name_index' THEN
        PERFORM registry_index_names(given->'name_index');
    END IF;
""",
).replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
