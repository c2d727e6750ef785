# ruff: noqa: S608 - put together from constants of this file.
"""Every reading of a text in one question of the index, and each group of words told once.

A group stood in the question as often as a probe asked for it, and was read number by number each time; two words read as one
were a question of their own, with the policy asked about nearly the same persons again. Evidence of a person is added up in
one pass over her terms: those that nobody asked for were looked for by a second.
"""

from importlib import import_module

from django.conf import settings
from django.db import migrations

from panoh.registry.migrations import _names as sql

APP = settings.DATABASE_ROLES.app
UNASKED = 2.5  # nats that a word of the name tells against a person where nobody asked for it (`likeness.LONE_KNOWN`)

# The planner knows nothing about the groups of a question, so it is told: never the whole table, and one hash for all weights.
NAMED = f"""
CREATE FUNCTION registry_named(probes jsonb, of_slots text[], nats_of_slots text[], closest_of_slots int[], most int)
RETURNS TABLE (person_id uuid, terms int[], score real, found bigint)
LANGUAGE plpgsql STABLE ROWS 80 SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off SET enable_nestloop = off
SET enable_mergejoin = off SET jit = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH slot AS MATERIALIZED (
        SELECT (place - 1)::int AS slot, one.terms::int[] AS terms, one.nats::real[] AS nats, one.closest
        FROM unnest(of_slots, nats_of_slots, closest_of_slots) WITH ORDINALITY AS one(terms, nats, closest, place)
    ), weight AS MATERIALIZED (
        SELECT slot.slot, one.term, one.nats FROM slot CROSS JOIN LATERAL unnest(slot.terms, slot.nats) AS one(term, nats)
    ), asked AS MATERIALIZED (
        SELECT 2 * slot AS number, terms FROM slot UNION ALL SELECT 2 * slot + 1, terms[1:closest] FROM slot
    ), probe AS MATERIALIZED (
        SELECT jsonb_array_length(groups) AS n,
               (SELECT terms FROM asked WHERE number = (groups->>0)::int) AS a,
               (SELECT terms FROM asked WHERE number = (groups->>1)::int) AS b,
               (SELECT terms FROM asked WHERE number = (groups->>2)::int) AS c
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
    ), borne AS (
        SELECT hit.person_id, unnest(hit.terms) AS term FROM hit
    ), met AS (
        SELECT borne.person_id, weight.slot, max(weight.nats) AS nats,
               count(*) FILTER (WHERE weight.slot IS NULL AND borne.term > 0 AND borne.term < {sql.FATHER}) AS unasked
        FROM borne LEFT JOIN weight USING (term) GROUP BY borne.person_id, weight.slot
    ), scored AS (
        SELECT met.person_id, sum(met.nats)::real AS score, sum(met.unasked) AS unasked FROM met GROUP BY met.person_id
    )
    SELECT scored.person_id, hit.terms, scored.score, (SELECT count(*) FROM hit)
    FROM scored JOIN hit USING (person_id)
    ORDER BY scored.score - {UNASKED} * scored.unasked DESC, right(scored.person_id::text, 12) LIMIT most;
END $$;
COMMENT ON FUNCTION registry_named(jsonb, text[], text[], int[], int) IS
    'Persons who bear words of the groups, the likeliest first. For the functions of this index alone: it asks no policy.';
REVOKE ALL ON FUNCTION registry_named(jsonb, text[], text[], int[], int) FROM PUBLIC;
"""

# What `likely.Question.to_database` tells of a question, as the arguments of `registry_named`.
TOLD = """one->'probes', ARRAY(SELECT jsonb_array_elements_text(one->'ids')),
                ARRAY(SELECT jsonb_array_elements_text(one->'weights')),
                ARRAY(SELECT jsonb_array_elements_text(one->'closest')::int)"""

FIND = f"""
CREATE FUNCTION registry_find_named(asked jsonb, most int)
RETURNS TABLE (person_id uuid, number text, sex text, terms int[], more boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY SELECT n.person_id, p.number::text, p.sex::text, n.terms, n.more
        FROM (SELECT n.person_id, n.terms, bool_or(n.found > most) AS more
              FROM (SELECT one FROM jsonb_array_elements(asked) AS given(one) LIMIT 8) AS reading
                   CROSS JOIN LATERAL registry_named({TOLD}, least(most, 3000)) n
              GROUP BY n.person_id, n.terms OFFSET 0) n
             JOIN registry_person p ON p.id = n.person_id;
END $$;
COMMENT ON FUNCTION registry_find_named(jsonb, int) IS
    'Persons whose files the caller sees and who bear words of the groups, by any of the readings of what is asked.';
REVOKE ALL ON FUNCTION registry_find_named(jsonb, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registry_find_named(jsonb, int) TO "{APP}";
"""

_before = import_module("panoh.registry.migrations.0014_facts").CANDIDATES
CANDIDATES_BEFORE = _before.replace("DROP FUNCTION registry_candidates(jsonb);\nCREATE", "CREATE OR REPLACE")
_ids = CANDIDATES_BEFORE.index("               ARRAY(SELECT jsonb_array_elements_text(one->'ids')")
_least = CANDIDATES_BEFORE.index("               (one->>'least')::real AS least")
CANDIDATES = (
    CANDIDATES_BEFORE[:_ids]
    + """               ARRAY(SELECT jsonb_array_elements_text(one->'ids')) AS ids,
               ARRAY(SELECT jsonb_array_elements_text(one->'weights')) AS weights,
               ARRAY(SELECT jsonb_array_elements_text(one->'closest')::int) AS closest,
"""
    + CANDIDATES_BEFORE[_least:].replace(
        "q.probes, q.ids, q.slots, q.weights, 60", "q.probes, q.ids, q.weights, q.closest, 60"
    )
)

DROP_BEFORE = """
DROP FUNCTION registry_find_named(jsonb, int[], int[], real[], int);
DROP FUNCTION registry_named(jsonb, int[], int[], real[], int);
"""
DROP = """
DROP FUNCTION registry_find_named(jsonb, int);
DROP FUNCTION registry_named(jsonb, text[], text[], int[], int);
"""
NAMED_BEFORE = import_module("panoh.registry.migrations.0016_likeliest_alone")


class Migration(migrations.Migration):
    dependencies = [("registry", "0016_likeliest_alone")]

    operations = [
        migrations.RunSQL(DROP_BEFORE, [sql.NAMED, NAMED_BEFORE.LIKELIEST, NAMED_BEFORE.FIND]),
        migrations.RunSQL([NAMED, FIND, CANDIDATES], [DROP, CANDIDATES_BEFORE]),
    ]
