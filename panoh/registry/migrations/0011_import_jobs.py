"""Jobs of imports: put down in the asker's own name, seen with the file, found by a worker that acts for nobody yet.

No entry is asked for: the job only says what is to be done, with the rights of whoever put it down; the act itself has its entry.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

APP, READER = settings.DATABASE_ROLES.app, settings.DATABASE_ROLES.reader
SEEN = "EXISTS (SELECT 1 FROM registry_importfile f WHERE f.id = registry_importjob.file_id)"
OWN = "member_id = (SELECT (access_context()->>'actor')::uuid)"

POLICIES = f"""
ALTER TABLE registry_importjob ENABLE ROW LEVEL SECURITY;
ALTER TABLE registry_importjob FORCE ROW LEVEL SECURITY;
CREATE POLICY panoh_read ON registry_importjob FOR SELECT TO "{APP}" USING ({SEEN});
CREATE POLICY panoh_insert ON registry_importjob FOR INSERT TO "{APP}" WITH CHECK ({SEEN} AND {OWN});
CREATE POLICY panoh_update ON registry_importjob FOR UPDATE TO "{APP}" USING ({SEEN} AND {OWN}) WITH CHECK ({OWN});
CREATE POLICY panoh_delete ON registry_importjob FOR DELETE TO "{APP}" USING ({SEEN});
CREATE POLICY panoh_owner ON registry_importjob FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY panoh_owner ON registry_importfile FOR SELECT TO CURRENT_USER USING (true);
REVOKE ALL ON registry_importjob FROM "{READER}";
"""  # noqa: S608 - put together from names written here

WAITING = """
CREATE FUNCTION registry_waiting_imports()
RETURNS TABLE (file_id uuid, member_id uuid, purpose text, act text, tries int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT j.file_id, j.member_id, j.purpose::text, j.act::text, j.tries::int
    FROM public.registry_importjob j WHERE j.state = 'waits' AND EXISTS (SELECT FROM public.registry_importfile f WHERE f.id = j.file_id)
    ORDER BY j.asked_at LIMIT 100
$$;
COMMENT ON FUNCTION registry_waiting_imports() IS 'Which jobs of imports wait, for whom they are to be done; names no person of the register.';
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0007_tokens"), ("registry", "0010_root_rule")]

    operations = [
        migrations.CreateModel(
            name="ImportJob",
            fields=[
                ("file_id", models.UUIDField(primary_key=True, serialize=False)),
                ("act", models.CharField(max_length=10)),
                ("state", models.CharField(default="waits", max_length=10)),
                ("purpose", models.CharField(max_length=20)),
                ("done", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("result", models.JSONField(null=True)),
                ("refusal", models.JSONField(null=True)),
                ("asked_at", models.DateTimeField()),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.member"
                    ),
                ),
            ],
            options={
                "db_table_comment": "What is to be done with workbooks that were brought, and how far it is.",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("act__in", ["look", "take"])), name="importjob_act_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waits", "done", "refused"])), name="importjob_state_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("refusal__isnull", False), ("state", "refused")),
                            models.Q(("state", "refused"), _negated=True),
                            _connector="OR",
                        ),
                        name="importjob_refusal_told",
                    ),
                ],
            },
        ),
        migrations.RunSQL(POLICIES, migrations.RunSQL.noop),
        migrations.RunSQL(WAITING, "DROP FUNCTION registry_waiting_imports()"),
    ]
