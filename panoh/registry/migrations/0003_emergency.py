"""A file opened in an emergency is found by its number, by a function that answers with its id and nothing else."""

from django.db import migrations

from panoh.registry.migrations import _functions as sql

FIND_FILE = """
CREATE FUNCTION registry_find_file(wanted text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    found uuid;
BEGIN
    IF public.access_context() IS NULL THEN RETURN NULL; END IF;
    PERFORM set_config('panoh.inside', 'emergency', true);
    SELECT h.id INTO found FROM public.registry_household h WHERE h.number = wanted;
    PERFORM set_config('panoh.inside', '', true);
    RETURN found;
END $$;
COMMENT ON FUNCTION registry_find_file(text) IS
    'The id of a file by its number, for opening it in an emergency: nothing of the file is shown, and the opening is recorded.';
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_locks")]

    operations = [
        migrations.RunSQL(
            sql.inside_policy("household", "emergency"), "DROP POLICY within_emergency_select ON registry_household"
        ),
        migrations.RunSQL(FIND_FILE, "DROP FUNCTION registry_find_file(text)"),
    ]
