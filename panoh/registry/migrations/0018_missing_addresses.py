"""Which open files have no address today: asked by who writes addresses down and may not read them.

The register owes every family one current address (DOMAIN §1.1), and the offices that enter it are closed to addresses. They
get a yes or no of files that they see, and nothing of any address.
"""

from django.db import migrations

MISSING = """
CREATE FUNCTION registry_without_address(files uuid[]) RETURNS SETOF uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    seen uuid[];
BEGIN
    IF NOT coalesce(public.access_context()->'verbs' ? 'registry.household.register', false) THEN
        RETURN;
    END IF;
    -- The household's own policy speaks here for the caller: nothing is opened until it has.
    PERFORM set_config('panoh.inside', '', true);
    seen := ARRAY(SELECT h.id FROM public.registry_household h
                  WHERE h.status = 'open' AND (files IS NULL OR h.id = ANY (files)));
    PERFORM set_config('panoh.inside', 'residence', true);
    RETURN QUERY SELECT one FROM unnest(seen) AS one
        WHERE NOT EXISTS (SELECT FROM public.registry_residence r WHERE r.household_id = one AND r.valid_to IS NULL);
    PERFORM set_config('panoh.inside', '', true);
END $$;
COMMENT ON FUNCTION registry_without_address(uuid[]) IS
    'The open files without a current address, among those that the caller sees (NULL: all of them). Shows no address.';
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0017_one_question")]

    operations = [migrations.RunSQL(MISSING, "DROP FUNCTION registry_without_address(uuid[])")]
