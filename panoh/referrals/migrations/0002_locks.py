"""Who sees a referral and what of the people behind it. The second lock; `queries.referrals.referral_scope` says the same as a Q.

The sender sees what it sent about files that are open to it. The receiver sees that it was asked, for the purpose it works for; whom it
is about, and the words, only while the referral runs; and of the file only what `referrals_shown` hands out, never the file itself.
"""

from django.conf import settings
from django.db import migrations

from panoh.access.rls import AppendOnly
from panoh.ledger.guard import RequireEntry

OWNER = settings.DATABASE_ROLES.owner
SHOWN_FROM = (
    "referrals_referral",
    "referrals_person",
    "registry_household",
    "registry_person",
    "registry_name",
    "registry_need",
    "registry_residence",
    "registry_consent",
)

FUNCTIONS = """
CREATE SEQUENCE referrals_referral_serial;
CREATE FUNCTION referrals_reads() RETURNS boolean LANGUAGE sql STABLE AS
    $$ SELECT coalesce(access_context()->'verbs' ? 'referrals.referral.read', false) $$;
COMMENT ON FUNCTION referrals_reads() IS 'Whether the signed context holds the verb (access.context.ASKED_BY_FUNCTIONS).';

-- What a referral shows of people to its receiver: who they are, and what the sender let go; no more once it has ended or a consent is gone.
CREATE FUNCTION referrals_shown(wanted uuid) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    context jsonb := public.access_context();
    told jsonb;
BEGIN
    IF NOT coalesce(context->'verbs' ? 'referrals.referral.read', false) THEN RETURN NULL; END IF;
    PERFORM set_config('panoh.inside', 'referral', true);
    SELECT jsonb_build_object(
        'persons', coalesce((SELECT jsonb_agg(jsonb_build_object(
            'number', p.number, 'sex', p.sex, 'nationality', p.nationality,
            'birth', jsonb_build_object('earliest', p.birth_earliest, 'latest', p.birth_latest, 'precision', p.birth_precision,
                                        'calendar', p.birth_calendar, 'estimated', p.birth_estimated),
            'names', (SELECT jsonb_agg(jsonb_build_object('script', n.script, 'given', n.given, 'father', n.father,
                        'grandfather', n.grandfather, 'family', n.family, 'patronymic', n.patronymic, 'tribal', n.tribal)
                        ORDER BY n.is_primary DESC, n.id) FROM registry_name n WHERE n.person_id = p.id AND n.role = 'own'),
            'phone', CASE WHEN shown.classes ? 'contact' THEN p.phone END,
            'needs', CASE WHEN shown.classes ? 'needs' THEN coalesce((SELECT jsonb_agg(e.code ORDER BY e.code) FROM registry_need e
                        WHERE e.person_id = p.id AND NOT e.restricted AND e.until IS NULL), '[]') ELSE '[]'::jsonb END)
            ORDER BY p.id)
          FROM referrals_person r JOIN registry_person p ON p.id = r.person_id JOIN registry_consent c ON c.id = r.consent_id
          WHERE r.referral_id = f.id AND c.withdrawn_on IS NULL), '[]'),
        'phone', CASE WHEN shown.classes ? 'contact' THEN h.phone END,
        'place', CASE WHEN shown.classes ? 'residence' THEN (SELECT a.place FROM registry_residence a
                    WHERE a.household_id = h.id AND a.valid_to IS NULL) END,
        'detail', CASE WHEN shown.classes ? 'residence' THEN (SELECT a.detail FROM registry_residence a
                    WHERE a.household_id = h.id AND a.valid_to IS NULL) END)
    INTO told
    FROM referrals_referral f JOIN registry_household h ON h.id = f.household_id,
        LATERAL (SELECT coalesce(jsonb_agg(s), '[]') AS classes FROM unnest(f.shares) s WHERE context->'classes' ? s) shown
    WHERE f.id = wanted AND f.state IN ('sent', 'accepted')
      AND f.receiver_id = (context->>'receiver')::uuid AND f.purpose = context->>'purpose'
      AND EXISTS (SELECT FROM referrals_person r JOIN registry_consent c ON c.id = r.consent_id
                  WHERE r.referral_id = f.id AND c.withdrawn_on IS NULL);
    PERFORM set_config('panoh.inside', '', true);
    RETURN told;
END $$;
COMMENT ON FUNCTION referrals_shown(uuid) IS
    'The people of a running referral to the receiver''s members of its purpose: names, birth, and the classes that the sender let go.';
-- Who was asked what about whom stays as it was sent: neither side widens what is shown.
CREATE FUNCTION referrals_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.number, NEW.household_id, NEW.sender_id, NEW.receiver_id, NEW.caseworker_id, NEW.kind, NEW.purpose, NEW.urgency, NEW.shares,
        NEW.sent_on, NEW.sent_at, NEW.entry_id)
       IS DISTINCT FROM (OLD.number, OLD.household_id, OLD.sender_id, OLD.receiver_id, OLD.caseworker_id, OLD.kind, OLD.purpose, OLD.urgency,
        OLD.shares, OLD.sent_on, OLD.sent_at, OLD.entry_id)
       OR (OLD.state NOT IN ('sent', 'accepted') AND NEW.state IN ('sent', 'accepted'))
    THEN
        RAISE EXCEPTION 'what was sent as % stays', OLD.number USING ERRCODE = 'PN002';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER referrals_keep BEFORE UPDATE ON referrals_referral FOR EACH ROW EXECUTE FUNCTION referrals_keep();
"""
DROP_FUNCTIONS = """
DROP TRIGGER referrals_keep ON referrals_referral;
DROP FUNCTION referrals_keep();
DROP FUNCTION referrals_shown(uuid);
DROP FUNCTION referrals_reads();
DROP SEQUENCE referrals_referral_serial;
"""

FILE_SEEN = "EXISTS (SELECT FROM registry_household h WHERE h.id = referrals_referral.household_id)"
SENT = f"(sender_id = (SELECT access_receiver()) AND {FILE_SEEN})"
RECEIVED = "(receiver_id = (SELECT access_receiver()) AND purpose = (SELECT access_purpose()))"
SEEN = f"((SELECT referrals_reads()) AND ({SENT} OR {RECEIVED})) OR (SELECT access_everything())"
WRITTEN = f"((SELECT referrals_reads()) AND {SENT}) OR (SELECT access_everything())"
OF_SENDER = """EXISTS (SELECT FROM referrals_referral f WHERE f.id = {table}.referral_id AND f.sender_id = (SELECT access_receiver()))
 OR (SELECT access_everything())"""
WHILE_IT_RUNS = """EXISTS (SELECT FROM referrals_referral f WHERE f.id = {table}.referral_id
    AND (f.sender_id = (SELECT access_receiver()) OR f.state IN ('sent', 'accepted'))) OR (SELECT access_everything())"""
BY_ONESELF = """(organisation_id = (SELECT access_receiver())
 AND EXISTS (SELECT FROM referrals_referral f WHERE f.id = {table}.referral_id)) OR (SELECT access_everything())"""


def protect(table: str, read_rule: str, write_rule: str, update: bool = False) -> migrations.RunSQL:
    read_rule, write_rule = read_rule.format(table=table), write_rule.format(table=table)
    policies = {"read": f"FOR SELECT USING ({read_rule})", "insert": f"FOR INSERT WITH CHECK ({write_rule})"}
    if update:
        policies["update"] = f"FOR UPDATE USING ({read_rule}) WITH CHECK ({read_rule})"
    made = "".join(f"CREATE POLICY panoh_{name} ON {table} {rule};" for name, rule in policies.items())
    dropped = "".join(f"DROP POLICY panoh_{name} ON {table};" for name in policies)
    return migrations.RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY;{made}",
        f"{dropped}ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
    )


def inside() -> str:
    rule = "(SELECT current_setting('panoh.inside', true)) = 'referral'"
    return "".join(
        f'CREATE POLICY within_referral_select ON {table} FOR SELECT TO "{OWNER}" USING ({rule});'
        for table in SHOWN_FROM
    )


def drop_inside() -> str:
    return "".join(f"DROP POLICY within_referral_select ON {table};" for table in SHOWN_FROM)


class Migration(migrations.Migration):
    dependencies = [("referrals", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),
        protect("referrals_referral", SEEN, WRITTEN, update=True),
        protect("referrals_person", OF_SENDER, OF_SENDER),
        protect("referrals_note", WHILE_IT_RUNS, BY_ONESELF),
        migrations.RunSQL(inside(), drop_inside()),
        RequireEntry("referrals_referral", "id"),
        RequireEntry("referrals_person", "referral_id"),
        RequireEntry("referrals_note", "referral_id"),
        AppendOnly("referrals_person"),
        AppendOnly("referrals_note"),
    ]
