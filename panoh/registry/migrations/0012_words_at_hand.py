# ruff: noqa: S608 - put together from constants of this file.
"""All words of names in one answer, and from then on the new ones: every process judges them itself (ADR 26)."""

from django.conf import settings
from django.db import migrations

from panoh.registry.migrations import _names as sql

APP = settings.DATABASE_ROLES.app

WORDS = f"""
CREATE FUNCTION registry_words(newer_than int, known int[]) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
    SELECT jsonb_build_object(
        'newest', coalesce((SELECT max(id) FROM registry_word), 0),
        'persons', coalesce(c.persons, 0), 'words', coalesce(c.words, 0), 'counted_at', c.counted_at,
        'fresh', coalesce((
            SELECT jsonb_agg(jsonb_build_array(w.id, w.word, w.bearers,
                (SELECT string_agg(k.version || ':' || k.key, ' ') FROM registry_wordkey k WHERE k.word_id = w.id)))
            FROM registry_word w WHERE w.id > newer_than AND NOT w.id = ANY (known)), '[]'))
    FROM (SELECT 1) AS one LEFT JOIN registry_wordcount c ON true
    WHERE (SELECT access_context()) IS NOT NULL
$$;
COMMENT ON FUNCTION registry_words(int, int[]) IS
    'Words of names newer than a number and not among those known, with bearers and keys, and the last count; names nobody.';
REVOKE ALL ON FUNCTION registry_words(int, int[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registry_words(int, int[]) TO "{APP}";
"""
DROP_WORDS = "DROP FUNCTION registry_words(int, int[]);"


class Migration(migrations.Migration):
    dependencies = [("registry", "0011_import_jobs")]

    operations = [
        migrations.RunSQL(WORDS, DROP_WORDS),
        migrations.RunSQL(sql.DROP_NEAR, sql.NEAR),
    ]
