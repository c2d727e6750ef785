"""What becomes of gaps of the law, as an organisation has learned it: only added to, seen by that organisation."""

import importlib

import django.db.models.deletion
from django.db import migrations, models

import panoh.kernel.ids
from panoh.access.rls import AppendOnly
from panoh.ledger.guard import RequireEntry

before = importlib.import_module("panoh.protection.migrations.0002_locks")

OWN = "organisation_id = (SELECT access_receiver()) OR (SELECT access_everything())"


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0010_renewing"),
        ("protection", "0005_nobodys_file"),
    ]

    operations = [
        migrations.CreateModel(
            name="LawStep",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panoh.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("gap", models.CharField(max_length=60)),
                ("status", models.CharField(max_length=40)),
                ("on", models.DateField()),
                (
                    "source",
                    models.CharField(help_text="the draft's number, the letter, the official gazette", max_length=300),
                ),
                ("note", models.CharField(blank=True, max_length=500)),
                ("recorded_at", models.DateTimeField()),
                ("entry_id", models.UUIDField()),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.organisation"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.member"
                    ),
                ),
            ],
            options={
                "db_table_comment": "How gaps of the law stand, as an organisation has learned it. Names nobody but the member who says so.",
                "indexes": [models.Index(fields=["organisation", "gap", "on"], name="lawstep_of_gap")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("source", ""), _negated=True), name="lawstep_has_source")
                ],
            },
        ),
        before.protect("protection_lawstep", OWN, OWN, update=False),
        RequireEntry("protection_lawstep", "id"),
        AppendOnly("protection_lawstep"),
    ]
