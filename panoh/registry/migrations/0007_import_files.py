"""Workbooks kept between preview and decision: seen by their organisation alone, none comes or goes without an entry."""

import django.db.models.deletion
from django.db import migrations, models

import panoh.kernel.ids
from panoh.ledger.guard import RequireEntry

RULE = "(organisation_id = (SELECT access_own())) OR (SELECT access_everything())"


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0003_entries"),
        ("registry", "0006_suggestion_locks"),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportFile",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panoh.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("file_name", models.CharField(max_length=200)),
                ("file_sha256", models.CharField(max_length=64)),
                ("content", models.BinaryField()),
                ("uploaded_at", models.DateTimeField()),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.office"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organisation",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.member"
                    ),
                ),
            ],
            options={
                "db_table_comment": "Workbooks brought for a preview; deleted when taken in, put away, or left for a week.",
                "constraints": [
                    models.UniqueConstraint(fields=("organisation", "file_sha256"), name="importfile_once")
                ],
            },
        ),
        migrations.RunSQL(
            "ALTER TABLE registry_importfile ENABLE ROW LEVEL SECURITY; ALTER TABLE registry_importfile FORCE ROW LEVEL SECURITY;"
            f"CREATE POLICY panoh_read ON registry_importfile FOR SELECT USING ({RULE});"
            f"CREATE POLICY panoh_insert ON registry_importfile FOR INSERT WITH CHECK ({RULE});"
            f"CREATE POLICY panoh_delete ON registry_importfile FOR DELETE USING ({RULE});",
            migrations.RunSQL.noop,
        ),
        RequireEntry("registry_importfile", "id"),
    ]
