"""The context functions, the key, and what the app may not do to this room's tables."""

from django.conf import settings
from django.db import migrations

from panoh.access import rls

REFUSE_CHANGE = """
CREATE FUNCTION access_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME USING ERRCODE = 'PN002';
END $$;
COMMENT ON FUNCTION access_refuse_change() IS 'Refuses UPDATE, DELETE and TRUNCATE of append-only tables.';
"""

app = settings.DATABASE_ROLES.app

# A grant names who sees which file: the app reads only those of its own actor, the administration reads emergency ones.
GRANT_POLICIES = [
    "ALTER TABLE access_grant ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE access_grant FORCE ROW LEVEL SECURITY",
    """CREATE POLICY panoh_read ON access_grant FOR SELECT USING (
        member_id = (SELECT access_member()) OR organisation_id = (SELECT access_receiver())
        OR given_by_organisation_id = (SELECT access_receiver())
        OR (basis = 'override' AND (SELECT access_purpose()) = 'audit') OR (SELECT access_everything()))""",
    "CREATE POLICY panoh_insert ON access_grant FOR INSERT WITH CHECK ((SELECT access_context()) IS NOT NULL)",
    "CREATE POLICY panoh_update ON access_grant FOR UPDATE USING ((SELECT access_context()) IS NOT NULL)",
    f'REVOKE DELETE, TRUNCATE ON access_grant FROM "{app}"',
]


# Who read which file is itself personal: the reader sees his own traces, the auditor and protection staff all.
READING_POLICIES = [
    "ALTER TABLE access_reading ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE access_reading FORCE ROW LEVEL SECURITY",
    """CREATE POLICY panoh_read ON access_reading FOR SELECT USING (
        member_id = (SELECT access_member()) OR (SELECT access_purpose()) IN ('audit', 'protection')
        OR (SELECT access_everything()))""",
    "CREATE POLICY panoh_insert ON access_reading FOR INSERT WITH CHECK ((SELECT access_context()) IS NOT NULL)",
]


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]

    operations = [
        migrations.RunSQL(REFUSE_CHANGE, "DROP FUNCTION access_refuse_change()"),
        rls.AccessFunctions(),
        migrations.RunSQL(f'REVOKE ALL ON access_contextkey FROM PUBLIC, "{app}"', migrations.RunSQL.noop),
        migrations.RunSQL(
            GRANT_POLICIES,
            [
                "DROP POLICY panoh_update ON access_grant",
                "DROP POLICY panoh_insert ON access_grant",
                "DROP POLICY panoh_read ON access_grant",
                "ALTER TABLE access_grant NO FORCE ROW LEVEL SECURITY",
                "ALTER TABLE access_grant DISABLE ROW LEVEL SECURITY",
            ],
        ),
        rls.AppendOnly("access_reading"),
        migrations.RunSQL(
            READING_POLICIES,
            [
                "DROP POLICY panoh_insert ON access_reading",
                "DROP POLICY panoh_read ON access_reading",
                "ALTER TABLE access_reading NO FORCE ROW LEVEL SECURITY",
                "ALTER TABLE access_reading DISABLE ROW LEVEL SECURITY",
            ],
        ),
    ]
