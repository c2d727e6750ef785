"""Who sees an incident: the protection side and who handles it, never the organisation that it accuses. The second lock.

`queries.incidents.visible_to` says the same as a Q; tests/protection/test_locks.py compares the two.
"""

from django.db import migrations

from panoh.access.rls import AppendOnly, ProtectThrough
from panoh.ledger.guard import RequireEntry

GUARDED = {
    "incident": "id",
    "incidentperson": "incident_id",
    "evidence": "incident_id",
    "followup": "incident_id",
    "intervention": "id",
    "interventionlink": "intervention_id",
}
APPEND_ONLY = ("incidentperson", "evidence", "followup", "incidentreading", "interventionlink")

FUNCTIONS = """
CREATE FUNCTION protection_holds(verb text) RETURNS boolean LANGUAGE sql STABLE AS
    $$ SELECT coalesce(access_context()->'verbs' ? verb, false) $$;
COMMENT ON FUNCTION protection_holds(text) IS 'Whether the signed context holds the verb (access.context.ASKED_BY_FUNCTIONS).';
CREATE FUNCTION protection_in_confidence() RETURNS boolean LANGUAGE sql STABLE AS
    $$ SELECT coalesce(access_context()->'records' ? 'protection.incident.reported', false) $$;
COMMENT ON FUNCTION protection_in_confidence() IS 'Whether a report is being written in nobody''s name.';
-- Whoever reports may not be able to see the incident: then its parts come in with the entry of the report itself.
CREATE FUNCTION protection_reports_now(incident uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM public.ledger_subject s JOIN public.ledger_entry e ON e.id = s.entry_id
                   WHERE s.subject_id = incident AND s.transaction_id = pg_current_xact_id()
                     AND e.kind = 'protection.incident.reported') $$;
COMMENT ON FUNCTION protection_reports_now(uuid) IS 'Whether this transaction is the one that reports the incident.';
CREATE SEQUENCE protection_incident_serial;
CREATE SEQUENCE protection_intervention_serial;
"""
DROP_FUNCTIONS = """
DROP SEQUENCE protection_intervention_serial;
DROP SEQUENCE protection_incident_serial;
DROP FUNCTION protection_reports_now(uuid);
DROP FUNCTION protection_in_confidence();
DROP FUNCTION protection_holds(text);
"""

SEEN = """(accused_organisation_id IS DISTINCT FROM (SELECT access_receiver())
 AND (SELECT protection_holds('protection.incident.read'))
 AND ((SELECT access_reads('protection')) OR organisation_id = (SELECT access_receiver()))
) OR (SELECT access_everything())"""
# A report goes to the own organisation or to the protection side alone, never into the hands of a third.
WRITTEN = """(((SELECT protection_holds('protection.incident.report')) OR (SELECT protection_in_confidence()))
 AND (organisation_id IS NULL OR organisation_id = (SELECT access_receiver()))
) OR (SELECT access_everything())"""
PARENT_SEEN = "EXISTS (SELECT FROM protection_incident i WHERE i.id = {table}.incident_id)"
PART_WRITTEN = PARENT_SEEN + " OR protection_reports_now({table}.incident_id)"
READING_WRITTEN = PARENT_SEEN + " AND member_id = (SELECT access_member())"
OWN = "organisation_id = (SELECT access_receiver()) AND (SELECT protection_holds('protection.intervention.read')) OR (SELECT access_everything())"


def protect(table: str, read_rule: str, write_rule: str, update: bool = True) -> migrations.RunSQL:
    policies = {"read": f"FOR SELECT USING ({read_rule})", "insert": f"FOR INSERT WITH CHECK ({write_rule})"}
    if update:
        policies["update"] = f"FOR UPDATE USING ({read_rule}) WITH CHECK ({read_rule})"
    made = "".join(f"CREATE POLICY panoh_{name} ON {table} {rule};" for name, rule in policies.items())
    dropped = "".join(f"DROP POLICY panoh_{name} ON {table};" for name in policies)
    return migrations.RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY;{made}",
        f"{dropped}ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
    )


def part(name: str, write_rule: str) -> migrations.RunSQL:
    table = f"protection_{name}"
    return protect(table, PARENT_SEEN.format(table=table), write_rule.format(table=table), update=False)


# What was reported is not rewritten by whoever handles it: what is learned later stands in a line of its own.
KEEP = """
CREATE FUNCTION protection_keep_report() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.number <> OLD.number OR NEW.kind <> OLD.kind OR NEW.by_referral <> OLD.by_referral OR NEW.narrative <> OLD.narrative
       OR NEW.occurred_on <> OLD.occurred_on OR NEW.origin <> OLD.origin OR NEW.reported_at <> OLD.reported_at
       OR NEW.reported_by_id IS DISTINCT FROM OLD.reported_by_id OR NEW.amount IS DISTINCT FROM OLD.amount
       OR NEW.source_name <> OLD.source_name OR NEW.entry_id <> OLD.entry_id
       OR NEW.organisation_id IS DISTINCT FROM OLD.organisation_id
       OR (OLD.accused_organisation_id IS NOT NULL AND NEW.accused_organisation_id IS DISTINCT FROM OLD.accused_organisation_id)
    THEN
        RAISE EXCEPTION 'what was reported in % stays', OLD.number USING ERRCODE = 'PN002';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER protection_keep_report BEFORE UPDATE ON protection_incident FOR EACH ROW EXECUTE FUNCTION protection_keep_report();
CREATE FUNCTION protection_refuse_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM public.protection_incident i WHERE i.id = NEW.incident_id AND i.by_referral) THEN
        RAISE EXCEPTION 'a referral names nobody' USING ERRCODE = 'PN002';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER protection_refuse_person BEFORE INSERT ON protection_incidentperson FOR EACH ROW EXECUTE FUNCTION protection_refuse_person();
CREATE TRIGGER protection_refuse_person BEFORE INSERT ON protection_evidence FOR EACH ROW EXECUTE FUNCTION protection_refuse_person();
"""
DROP_KEEP = """
DROP TRIGGER protection_refuse_person ON protection_evidence;
DROP TRIGGER protection_refuse_person ON protection_incidentperson;
DROP FUNCTION protection_refuse_person();
DROP TRIGGER protection_keep_report ON protection_incident;
DROP FUNCTION protection_keep_report();
"""


class Migration(migrations.Migration):
    dependencies = [("protection", "0001_initial"), ("registry", "0010_root_rule"), ("access", "0006_verbs")]

    operations = [
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),
        migrations.RunSQL(KEEP, DROP_KEEP),
        protect("protection_incident", SEEN, WRITTEN),
        *(part(name, PART_WRITTEN) for name in ("incidentperson", "evidence", "followup")),
        part("incidentreading", READING_WRITTEN),
        protect("protection_intervention", OWN, OWN),
        ProtectThrough("protection_interventionlink", "intervention_id", "protection_intervention"),
        *(RequireEntry(f"protection_{table}", column) for table, column in GUARDED.items()),
        *(AppendOnly(f"protection_{table}") for table in APPEND_ONLY),
    ]
