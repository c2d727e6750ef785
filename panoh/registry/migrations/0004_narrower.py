# ruff: noqa: S608 - put together from constants of this file.
"""What an injected statement must not do: give itself a file, look for people beyond its files, or read where they live.

- A grant is given by its giver alone, on a file that the giver sees. An emergency opening comes into being only through
  `registry_open_in_emergency`, for the caller herself, and only where her role holds the verb.
- `registry_candidates` answers only those whose role registers people.
- `registry_location` tells a district: it is read with the field class residence, like the address itself.
"""

from django.conf import settings
from django.db import migrations

from panoh.access.rls import ProtectThrough
from panoh.registry.migrations import _functions as sql

OWNER, APP = settings.DATABASE_ROLES.owner, settings.DATABASE_ROLES.app
MAY = "coalesce(public.access_context()->'verbs' ? '{verb}', false)"

GRANTS = f"""
CREATE FUNCTION registry_sees(file uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    -- A function, because a policy of grants that asks the policy of files would go round in a circle at planning.
    RETURN EXISTS (SELECT FROM public.registry_household h WHERE h.id = file);
END $$;
COMMENT ON FUNCTION registry_sees(uuid) IS 'Whether the context sees the file, by the policy of the file itself.';
DROP POLICY panoh_insert ON access_grant;
CREATE POLICY panoh_insert ON access_grant FOR INSERT WITH CHECK ((SELECT access_everything()) OR (
    basis <> 'override' AND given_by_id = (SELECT access_member())
    AND given_by_organisation_id = (SELECT access_receiver())
    AND registry_sees(household_id)));
DROP POLICY panoh_update ON access_grant;
CREATE POLICY panoh_update ON access_grant FOR UPDATE USING ((SELECT access_everything())
    OR given_by_organisation_id = (SELECT access_receiver())
    OR (basis = 'override' AND (SELECT access_purpose()) = 'audit'));
REVOKE UPDATE ON access_grant FROM "{APP}";
GRANT UPDATE (valid_to, reviewed_at, reviewed_by_id) ON access_grant TO "{APP}";
CREATE POLICY within_emergency ON access_grant FOR INSERT TO "{OWNER}"
    WITH CHECK (basis = 'override' AND (SELECT current_setting('panoh.inside', true)) = 'emergency');
"""

EMERGENCY = f"""
CREATE OR REPLACE FUNCTION registry_find_file(wanted text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    found uuid;
BEGIN
    IF NOT {MAY.format(verb="access.file.override")} THEN RETURN NULL; END IF;
    PERFORM set_config('panoh.inside', 'emergency', true);
    SELECT h.id INTO found FROM public.registry_household h WHERE h.number = wanted;
    PERFORM set_config('panoh.inside', '', true);
    RETURN found;
END $$;

CREATE FUNCTION access_open_in_emergency(grant_id uuid, file uuid, why text, until timestamptz, entry uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me uuid := (public.access_context()->>'member')::uuid;
BEGIN
    IF NOT {MAY.format(verb="access.file.override")} OR me IS NULL THEN
        RAISE EXCEPTION 'this role opens no file in an emergency' USING ERRCODE = '42501';
    END IF;
    PERFORM set_config('panoh.inside', 'emergency', true);
    INSERT INTO public.access_grant (id, household_id, member_id, basis, purpose, valid_from, valid_to, reason,
                                     given_by_id, given_by_organisation_id, entry_id)
    VALUES (grant_id, file, me, 'override', public.access_context()->>'purpose', now(),
            least(until, now() + interval '24 hours'), why, me, (public.access_context()->>'receiver')::uuid, entry);
    PERFORM set_config('panoh.inside', '', true);
END $$;
COMMENT ON FUNCTION access_open_in_emergency(uuid, uuid, text, timestamptz, uuid) IS
    'Opens one file to the caller for at most a day. The only way to a grant of the basis override.';
"""

CANDIDATES = sql.CANDIDATES.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION").replace(
    "AND public.access_context() IS NOT NULL",
    f"AND ({MAY.format(verb='registry.household.register')} OR {MAY.format(verb='registry.import.take')} OR public.access_everything())",
)

COUNTED_AT = """
CREATE FUNCTION registry_counted_at(file uuid) RETURNS TABLE (place text, location_label text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    -- Only inside an act on the file that is under way: its entry, in this transaction, names the file.
    IF NOT EXISTS (SELECT FROM public.ledger_subject s WHERE s.subject_id = file
                   AND s.transaction_id = pg_current_xact_id()) THEN
        RETURN;
    END IF;
    PERFORM set_config('panoh.inside', 'residence', true);
    RETURN QUERY SELECT l.place::text, l.location_label::text FROM public.registry_location l WHERE l.household_id = file
        ORDER BY l.valid_from DESC, l.recorded_at DESC, l.id DESC LIMIT 1;
    PERFORM set_config('panoh.inside', '', true);
END $$;
COMMENT ON FUNCTION registry_counted_at(uuid) IS
    'Where a household is counted, for the act that splits it; answers only while an entry about the file is being written.';
"""


class Relocate(ProtectThrough):
    """The policies of a table made anew, with a field class."""

    def forward_sql(self) -> list[str]:
        return [
            f"DROP POLICY panoh_{name} ON {self.table}" for name in ("read", "insert", "update", "delete", "reader")
        ] + (super().forward_sql())

    def backward_sql(self) -> list[str]:
        return []


class Migration(migrations.Migration):
    dependencies = [("registry", "0003_emergency")]

    operations = [
        migrations.RunSQL(GRANTS, migrations.RunSQL.noop),
        migrations.RunSQL(EMERGENCY, migrations.RunSQL.noop),
        migrations.RunSQL(CANDIDATES, migrations.RunSQL.noop),
        Relocate("registry_location", "household_id", "registry_household", field_class="residence"),
        migrations.RunSQL(sql.inside_policy("location", "residence"), migrations.RunSQL.noop),
        migrations.RunSQL(COUNTED_AT, "DROP FUNCTION registry_counted_at(uuid)"),
    ]
