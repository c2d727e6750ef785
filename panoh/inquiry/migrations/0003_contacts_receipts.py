"""Codes are sent to contacts; a receipt's number opens the page too; whoever tries codes has to wait.

`inquiry_own_case` stays all that the application may ask without a context. It now also finds a case by the receipt of any act
in it, counts wrong codes, and tells the days of appointments that lie ahead.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import panoh.kernel.ids
from panoh.access.rls import ProtectThrough
from panoh.ledger.guard import RequireEntry

APP, READER = settings.DATABASE_ROLES.app, settings.DATABASE_ROLES.reader

LOCKS = f"""
REVOKE ALL ON inquiry_attempt FROM "{APP}", "{READER}", PUBLIC;
REVOKE ALL ON inquiry_contact, inquiry_sending FROM "{READER}";
REVOKE DELETE, TRUNCATE ON inquiry_contact, inquiry_sending FROM "{APP}";
"""

# Answers without a context, for the public page. No name, no person, no place, no narrative: what it tells stands below.
# A receipt's number is the beginning of an entry's id, so a range of ids; few entries share it, and the code decides.
# Askers are counted one after another, so that no burst of requests is counted as one.
OWN_CASE = """
CREATE FUNCTION inquiry_own_case(
    wanted text, from_entry uuid, to_entry uuid, code text, asked_by bytea, asked_for bytea) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    told jsonb;
    meant uuid[];
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(encode(asked_by, 'hex'), 0));
    DELETE FROM public.inquiry_attempt a WHERE a.at < now() - interval '1 hour';
    IF (SELECT count(*) FROM public.inquiry_attempt a WHERE a.asker = asked_by AND a.at > now() - interval '15 minutes') >= 40
       OR (SELECT count(*) FROM public.inquiry_attempt a WHERE a.pair = asked_for AND a.asker = asked_by
           AND a.at > now() - interval '15 minutes') >= 5
    THEN RETURN jsonb_build_object('wait', true); END IF;
    PERFORM set_config('panoh.inside', 'inquiry', true);
    -- Two questions and not one with OR, so that each goes through its index under row-level security.
    meant := ARRAY(SELECT c.id FROM public.procedures_case c WHERE c.number = wanted)
          || ARRAY(SELECT DISTINCT s.case_id FROM public.procedures_step s WHERE s.entry_id BETWEEN from_entry AND to_entry);
    SELECT jsonb_build_object(
        'number', c.number, 'procedure', c.procedure, 'procedure_version', c.procedure_version, 'track', c.track,
        'state', c.state, 'opened_on', c.opened_on, 'closed_on', c.closed_on, 'organisation', c.organisation_id,
        'acts', coalesce((SELECT jsonb_agg(jsonb_build_object('seq', s.seq, 'action', s.action, 'occurred_on', s.occurred_on,
                    'from_state', s.from_state, 'to_state', s.to_state) ORDER BY s.seq)
                 FROM public.procedures_step s WHERE s.case_id = c.id), '[]'),
        'said', coalesce((SELECT jsonb_agg(jsonb_build_object('seq', s.seq, 'field', f.key, 'value', f.value) ORDER BY s.seq)
                 FROM public.procedures_step s, jsonb_each_text(s.facts) f
                 WHERE s.case_id = c.id AND f.value ~ '^([0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{2}:[0-9]{2})$'
                   AND EXISTS (SELECT FROM jsonb_each_text(s.facts) d
                               WHERE d.value ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' AND d.value >= current_date::text)), '[]'),
        'dues', coalesce((SELECT jsonb_agg(jsonb_build_object('clock', d.clock, 'due_on', d.due_on,
                    'paused_on', d.paused_on, 'unknown', d.unknown) ORDER BY d.due_on NULLS LAST, d.clock)
                 FROM public.procedures_due d WHERE d.case_id = c.id AND d.stopped_on IS NULL), '[]'),
        'sitting_on', (SELECT min(m."on") FROM public.procedures_agendaitem i JOIN public.procedures_sitting m ON m.id = i.sitting_id
                       WHERE i.case_id = c.id AND i.outcome = 'waiting' AND m.state IN ('convened', 'open')))
    INTO told FROM public.procedures_case c
    WHERE c.id = ANY (meant) AND EXISTS (SELECT FROM public.inquiry_casecode k WHERE k.case_id = c.id AND k.ended_on IS NULL
        AND k.digest = sha256(convert_to(c.number || E'\\n' || code, 'UTF8')));
    PERFORM set_config('panoh.inside', '', true);
    IF told IS NULL THEN
        INSERT INTO public.inquiry_attempt (asker, pair, at) VALUES (asked_by, asked_for, now());
    ELSE
        DELETE FROM public.inquiry_attempt a WHERE a.pair = asked_for AND a.asker = asked_by;
    END IF;
    RETURN told;
END $$;
COMMENT ON FUNCTION inquiry_own_case(text, uuid, uuid, text, bytea, bytea) IS
    'Stage and dates of the case to a number (or receipt) and the code in force; NULL where they do not belong together, `wait` after too many tries.';
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0007_tokens"), ("inquiry", "0002_locks"), ("procedures", "0007_cases_without_a_file")]

    operations = [
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("asker", models.BinaryField(max_length=32)),
                ("pair", models.BinaryField(help_text="asker and number together", max_length=32)),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "inquiry_attempt",
                "db_table_comment": "Wrong codes of the last hour, written and forgotten by inquiry_own_case alone.",
                "indexes": [
                    models.Index(fields=["asker", "at"], name="attempt_of_asker"),
                    models.Index(fields=["at"], name="attempt_at"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panoh.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("channel", models.SlugField(max_length=20)),
                ("address", models.CharField(max_length=254)),
                ("language", models.CharField(max_length=3)),
                ("agreed_on", models.DateField()),
                ("ended_on", models.DateField(blank=True, null=True)),
                ("entry_id", models.UUIDField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="procedures.case"
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.member"
                    ),
                ),
            ],
            options={
                "db_table": "inquiry_contact",
                "db_table_comment": "Where codes may be sent: addresses that people gave and agreed to.",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on__isnull", True)),
                        fields=("case", "channel", "address"),
                        name="contact_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Sending",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panoh.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("state", models.CharField(default="under_way", max_length=12)),
                ("sent_at", models.DateTimeField()),
                ("entry_id", models.UUIDField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="procedures.case"
                    ),
                ),
                (
                    "code",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sending", to="inquiry.casecode"
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sendings", to="inquiry.contact"
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.member"
                    ),
                ),
            ],
            options={
                "db_table": "inquiry_sending",
                "db_table_comment": "Codes that were sent: to which contact, when, and whether the channel took them.",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["under_way", "handed_over", "failed"])),
                        name="sending_state_known",
                    )
                ],
            },
        ),
        ProtectThrough("inquiry_contact", "case_id", "procedures_case"),
        ProtectThrough("inquiry_sending", "case_id", "procedures_case"),
        RequireEntry("inquiry_contact", "id"),
        RequireEntry("inquiry_sending", "id"),
        migrations.RunSQL(LOCKS, migrations.RunSQL.noop),
        migrations.RunSQL("DROP FUNCTION inquiry_own_case(text, bytea)", migrations.RunSQL.noop),
        migrations.RunSQL(OWN_CASE, "DROP FUNCTION inquiry_own_case(text, uuid, uuid, text, bytea, bytea)"),
    ]
