# ruff: noqa: S608 - put together from constants of this file.
"""Of those who bear the words asked for, the likeliest alone are shown to the policy, and its plan is kept.

Each person that is shown costs a look at her household: two hundred took as long as the index itself. They were so many
because those with further names stood beside those with none. Now a word that nobody asked for tells against a person here
as it does where the evidence is weighed. The second function was planned anew, with the whole policy, for every question.
"""

from importlib import import_module

from django.db import migrations

from panoh.registry.migrations import _names as sql

UNASKED = 2.5  # nats that a word of the name tells against a person where nobody asked for it (`likeness.LONE_KNOWN`)

BEFORE = import_module("panoh.registry.migrations.0014_facts").NAMED
_last = BEFORE.index("    SELECT scored.person_id, hit.terms")
LIKELIEST = f"""{BEFORE[: BEFORE.rindex(")", 0, _last)]}), unasked AS (
        SELECT borne.person_id, count(*) AS words FROM borne
        WHERE borne.term > 0 AND borne.term < {sql.FATHER} AND NOT EXISTS (
            SELECT FROM weight WHERE weight.term = borne.term)
        GROUP BY borne.person_id
    )
    SELECT scored.person_id, hit.terms, scored.score, (SELECT count(*) FROM hit)
    FROM scored JOIN hit USING (person_id) LEFT JOIN unasked USING (person_id)
    ORDER BY scored.score - {UNASKED} * coalesce(unasked.words, 0) DESC, right(scored.person_id::text, 12) LIMIT most;
END $$;
"""

ARGUMENTS = "(probes jsonb, ids int[], slots int[], weights real[], most int)"
FIND = f"""
CREATE OR REPLACE FUNCTION registry_find_named{ARGUMENTS}
RETURNS TABLE (person_id uuid, number text, sex text, terms int[], score real, found bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY SELECT n.person_id, p.number::text, p.sex::text, n.terms, n.score, n.found
        FROM (SELECT * FROM registry_named(probes, ids, slots, weights, least(most, 3000)) OFFSET 0) n
             JOIN registry_person p ON p.id = n.person_id;
END $$;
"""
_find = sql.NAMED[sql.NAMED.index("CREATE FUNCTION registry_find_named") :]
FIND_BEFORE = _find[: _find.index("COMMENT ON")].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


class Migration(migrations.Migration):
    dependencies = [("registry", "0015_reads")]

    operations = [
        migrations.RunSQL(LIKELIEST, BEFORE),
        migrations.RunSQL(FIND, FIND_BEFORE),
    ]
