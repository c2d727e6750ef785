"""The tables of the ledger, and what keeps them append-only."""

import django.contrib.postgres.fields
from django.db import migrations, models

import panoh.ledger.fields
from panoh.ledger.migrations._append_only import backward_sql, forward_sql


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("size", models.BigIntegerField(primary_key=True, serialize=False)),
                ("root", models.BinaryField()),
                ("signed_at", models.DateTimeField()),
                ("note", models.TextField()),
            ],
            options={
                "verbose_name": "signed checkpoint",
            },
        ),
        migrations.CreateModel(
            name="Detail",
            fields=[
                ("entry_id", models.UUIDField(primary_key=True, serialize=False)),
                ("salt", models.BinaryField()),
                ("detail", models.TextField()),
            ],
            options={
                "verbose_name": "personal detail of a ledger entry",
            },
        ),
        migrations.CreateModel(
            name="Guarded",
            fields=[
                ("table_name", models.TextField(primary_key=True, serialize=False)),
                ("subject_column", models.TextField()),
            ],
            options={
                "verbose_name": "guarded table",
            },
        ),
        migrations.CreateModel(
            name="Leaf",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("entry_id", models.UUIDField(unique=True)),
                ("leaf_hash", models.BinaryField()),
            ],
            options={
                "verbose_name": "leaf of the ledger's tree",
            },
        ),
        migrations.CreateModel(
            name="Node",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "level", "index", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("level", models.SmallIntegerField()),
                ("index", models.BigIntegerField()),
                ("hash", models.BinaryField()),
            ],
            options={
                "verbose_name": "node of the ledger's tree",
            },
        ),
        migrations.CreateModel(
            name="Pending",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "recorded_at", "entry_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                ("entry_id", models.UUIDField()),
            ],
            options={
                "verbose_name": "entry waiting for its number",
            },
        ),
        migrations.CreateModel(
            name="Salt",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "entry_id", "subject_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("entry_id", models.UUIDField()),
                ("subject_id", models.UUIDField()),
                ("salt", models.BinaryField()),
            ],
            options={
                "verbose_name": "salt of a committed state",
            },
        ),
        migrations.CreateModel(
            name="Subject",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "subject_id",
                        "transaction_id",
                        "entry_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("subject_id", models.UUIDField()),
                (
                    "transaction_id",
                    panoh.ledger.fields.TransactionIdField(db_default=models.Func(function="pg_current_xact_id")),
                ),
                ("entry_id", models.UUIDField()),
            ],
            options={
                "verbose_name": "subject of a ledger entry",
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("body", models.TextField()),
                ("leaf_hash", models.BinaryField()),
                ("kind", models.TextField()),
                ("occurred_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                ("actor_id", models.UUIDField(null=True)),
                ("organisation_id", models.UUIDField(null=True)),
                ("subjects", django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                ("correlation_id", models.UUIDField(null=True)),
                ("submission_id", models.UUIDField(null=True)),
                (
                    "transaction_id",
                    panoh.ledger.fields.TransactionIdField(db_default=models.Func(function="pg_current_xact_id")),
                ),
            ],
            options={
                "verbose_name": "ledger entry",
                "indexes": [
                    models.Index(fields=["recorded_at", "id"], name="ledger_entry_recorded"),
                    models.Index(fields=["kind", "recorded_at", "id"], name="ledger_entry_kind"),
                    models.Index(
                        condition=models.Q(("correlation_id__isnull", False)),
                        fields=["correlation_id"],
                        name="ledger_entry_correlation",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("submission_id__isnull", False)),
                        fields=("organisation_id", "submission_id"),
                        name="ledger_entry_submission_once",
                    )
                ],
            },
        ),
        migrations.RunSQL([*forward_sql()], [*backward_sql()]),
    ]
