"""Files brought over a page: seen by whoever brought them, found by a keeper that acts for nobody yet.

No entry is asked for: these rows say what is to be done, with the rights of whoever put them down, and what became of it; the sources
themselves have their entries.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import panoh.kernel.ids

APP, READER = settings.DATABASE_ROLES.app, settings.DATABASE_ROLES.reader

OWN = "member_id = (SELECT (access_context()->>'actor')::uuid)"
TAKES = "(SELECT library_holds('library.document.take_in')) AND organisation_id = (SELECT library_organisation())"
THROUGH = {
    "library_intakefile": "EXISTS (SELECT FROM library_intake i WHERE i.id = library_intakefile.intake_id)",
    "library_intakeline": "EXISTS (SELECT FROM library_intakefile f WHERE f.id = library_intakeline.file_id)",
}


def closed(table: str) -> str:
    return f"""ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
REVOKE ALL ON {table} FROM "{READER}";"""


POLICIES = (
    closed("library_intake")
    + f"""
CREATE POLICY panoh_read ON library_intake FOR SELECT TO "{APP}" USING ({OWN});
CREATE POLICY panoh_insert ON library_intake FOR INSERT TO "{APP}" WITH CHECK ({OWN} AND {TAKES});
CREATE POLICY panoh_update ON library_intake FOR UPDATE TO "{APP}" USING ({OWN}) WITH CHECK ({OWN});
CREATE POLICY panoh_owner ON library_intake FOR SELECT TO CURRENT_USER USING (true);
"""
    + "".join(
        f'{closed(table)} CREATE POLICY panoh_through ON {table} FOR ALL TO "{APP}" USING ({rule}) WITH CHECK ({rule});'
        for table, rule in THROUGH.items()
    )
)
WAITING = """
CREATE FUNCTION library_waiting_intakes()
RETURNS TABLE (intake_id uuid, member_id uuid, purpose text, act text, tries int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT i.id, i.member_id, i.purpose::text, i.act::text, i.tries::int
    FROM public.library_intake i WHERE i.state = 'waits' ORDER BY i.asked_at LIMIT 100
$$;
COMMENT ON FUNCTION library_waiting_intakes() IS 'Which intakes of sources wait, for whom they are to be done; names no file and no source.';
"""
# A source that a person withdrew stays withdrawn when it is brought again; one that was taken back with its files does not.
SETTLED = """
ALTER TABLE library_document NO FORCE ROW LEVEL SECURITY; ALTER TABLE library_document DISABLE TRIGGER USER;
UPDATE library_document SET settled = settled || '{state}'::varchar[] WHERE state = 'withdrawn' AND NOT 'state' = ANY (settled);
ALTER TABLE library_document ENABLE TRIGGER USER; ALTER TABLE library_document FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0007_tokens"), ("library", "0004_one_index")]

    operations = [
        migrations.CreateModel(
            name="Intake",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panoh.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("purpose", models.CharField(max_length=20)),
                ("act", models.CharField(default="take", max_length=10)),
                ("state", models.CharField(default="waits", max_length=10)),
                (
                    "unmarked",
                    models.CharField(blank=True, help_text="the classification of what bears none", max_length=60),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("refusal", models.JSONField(null=True)),
                ("asked_at", models.DateTimeField()),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.member"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.organisation"
                    ),
                ),
            ],
            options={
                "db_table_comment": "Files brought over a page, to be taken in or taken back; seen by whoever brought them.",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("act__in", ["take", "undo"])), name="intake_act_known"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waits", "done", "refused"])), name="intake_state_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("refusal__isnull", False), ("state", "refused")),
                            models.Q(("state", "refused"), _negated=True),
                            _connector="OR",
                        ),
                        name="intake_refusal_told",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IntakeFile",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panoh.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("name", models.CharField(max_length=300)),
                ("size", models.PositiveIntegerField()),
                ("content", models.BinaryField(null=True)),
                (
                    "pieces",
                    models.PositiveIntegerField(
                        help_text="how many sources are in it; unknown until it is opened", null=True
                    ),
                ),
                ("done", models.PositiveIntegerField(default=0)),
                ("finished", models.BooleanField(default=False)),
                (
                    "intake",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="files", to="library.intake"
                    ),
                ),
            ],
            options={
                "db_table_comment": "Files of an intake, each with how far it is.",
                "constraints": [
                    models.UniqueConstraint(fields=("intake", "position"), name="intakefile_in_order"),
                ],
            },
        ),
        migrations.CreateModel(
            name="IntakeLine",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panoh.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("name", models.CharField(max_length=300)),
                ("outcome", models.CharField(max_length=10)),
                ("why", models.CharField(blank=True, max_length=40)),
                ("content_sha256", models.CharField(blank=True, max_length=64)),
                ("undone", models.CharField(blank=True, max_length=10)),
                (
                    "document",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="library.document",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="library.intakefile"
                    ),
                ),
            ],
            options={
                "db_table_comment": "Sources of an intake and what became of each.",
                "constraints": [
                    models.UniqueConstraint(fields=("file", "position"), name="intakeline_once"),
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["new", "changed", "unchanged", "refused"])),
                        name="intakeline_outcome_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("undone__in", ["", "withdrawn", "restored", "left"])),
                        name="intakeline_undone_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("document__isnull", True), ("outcome", "refused")),
                            models.Q(("outcome", "refused"), _negated=True),
                            _connector="OR",
                        ),
                        name="intakeline_refused_is_none",
                    ),
                ],
            },
        ),
        migrations.RunSQL(POLICIES, migrations.RunSQL.noop),
        migrations.RunSQL(WAITING, "DROP FUNCTION library_waiting_intakes()"),
        migrations.RunSQL(SETTLED, migrations.RunSQL.noop),
    ]
