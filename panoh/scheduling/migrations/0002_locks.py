"""Who sees a mission: the organisation that makes it. Who sees a case on its list: whoever sees the case. No change without an entry."""

from django.conf import settings
from django.db import migrations

from panoh.access.rls import ProtectThrough
from panoh.ledger.guard import RequireEntry

READER = settings.DATABASE_ROLES.reader
OWN = "organisation_id = (SELECT access_own()) OR (SELECT access_everything())"
MISSION = f"""
CREATE SEQUENCE scheduling_mission_serial;
ALTER TABLE scheduling_mission ENABLE ROW LEVEL SECURITY; ALTER TABLE scheduling_mission FORCE ROW LEVEL SECURITY;
CREATE POLICY panoh_read ON scheduling_mission FOR SELECT USING ({OWN});
CREATE POLICY panoh_insert ON scheduling_mission FOR INSERT WITH CHECK ({OWN});
CREATE POLICY panoh_update ON scheduling_mission FOR UPDATE USING ({OWN}) WITH CHECK ({OWN});
"""
DROP_MISSION = """
DROP POLICY panoh_update ON scheduling_mission; DROP POLICY panoh_insert ON scheduling_mission; DROP POLICY panoh_read ON scheduling_mission;
ALTER TABLE scheduling_mission NO FORCE ROW LEVEL SECURITY; ALTER TABLE scheduling_mission DISABLE ROW LEVEL SECURITY;
DROP SEQUENCE scheduling_mission_serial;
"""

# The keeper of plans acts for nobody yet when it asks what waits; what it learns names no person and no case.
WAITING = """
CREATE POLICY panoh_owner ON scheduling_plan FOR SELECT TO CURRENT_USER USING (true);
CREATE FUNCTION scheduling_waiting_plans()
RETURNS TABLE (plan_id uuid, member_id uuid, purpose text, tries int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT p.id, p.asked_by_id, p.purpose::text, p.tries::int
    FROM public.scheduling_plan p WHERE p.state IN ('waits', 'confirming')
      AND (p.began_at IS NULL OR p.began_at < now() - make_interval(secs => p.seconds + 120))
    ORDER BY p.asked_at LIMIT 20
$$;
COMMENT ON FUNCTION scheduling_waiting_plans() IS 'Which plans wait to be worked out, and for whom; names no person and no case.';
"""
DROP_WAITING = "DROP FUNCTION scheduling_waiting_plans(); DROP POLICY panoh_owner ON scheduling_plan;"

GUARDED = {
    "mission": "id",
    "stay": "mission_id",
    "interviewer": "mission_id",
    "listedcase": "mission_id",
    "plan": "mission_id",
    "appointment": "plan_id",
}


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0006_verbs"),
        ("procedures", "0004_confined_cases_letters"),
        ("scheduling", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(MISSION, DROP_MISSION),
        *(
            ProtectThrough(f"scheduling_{table}", "mission_id", "scheduling_mission")
            for table in ("stay", "interviewer", "plan")
        ),
        ProtectThrough("scheduling_listedcase", "case_id", "procedures_case"),
        ProtectThrough("scheduling_appointment", "listed_id", "scheduling_listedcase"),
        *(RequireEntry(f"scheduling_{table}", column) for table, column in GUARDED.items()),
        *(
            migrations.RunSQL(f'REVOKE ALL ON scheduling_{table} FROM "{READER}"', migrations.RunSQL.noop)
            for table in GUARDED
        ),
        migrations.RunSQL(WAITING, DROP_WAITING),
    ]
