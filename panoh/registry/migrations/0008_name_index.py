"""Search by words that may be one name, across scripts, in the place of keys of persons (ADR 0026)."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from panoh.registry.migrations import _names as sql

APP, READER = settings.DATABASE_ROLES.app, settings.DATABASE_ROLES.reader
TABLES = "registry_word, registry_wordkey, registry_wordcount, registry_nameindex"

CLOSE = f"""
REVOKE ALL ON {TABLES} FROM "{APP}", "{READER}", PUBLIC;

REVOKE ALL ON FUNCTION registry_take_in_words(text[], jsonb) FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0007_import_files")]

    operations = [
        migrations.DeleteModel(name="NameKey"),
        migrations.CreateModel(
            name="Word",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("word", models.CharField(max_length=40, unique=True)),
                ("sound", models.CharField(help_text="its first key, for comparing whole registers", max_length=40)),
                ("bearers", models.PositiveIntegerField(default=0)),
            ],
            options={"db_table_comment": "Words of names, each once, with the number of bearers at the last count."},
        ),
        migrations.CreateModel(
            name="WordCount",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("persons", models.PositiveIntegerField(default=0)),
                ("words", models.PositiveBigIntegerField(default=0)),
                ("counted_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table_comment": "The last count of the words of names: one row.",
                "constraints": [models.CheckConstraint(condition=models.Q(id=1), name="wordcount_one_row")],
            },
        ),
        migrations.CreateModel(
            name="WordKey",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "key", "version", "word", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("key", models.CharField(max_length=40)),
                ("version", models.PositiveSmallIntegerField()),
                (
                    "word",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="keys",
                        to="registry.word",
                    ),
                ),
            ],
            options={
                "db_table_comment": "Sound keys of words, for search by equality.",
                "indexes": [models.Index(fields=["word"], name="wordkey_word")],
            },
        ),
        migrations.CreateModel(
            name="NameIndex",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="name_index",
                        serialize=False,
                        to="registry.person",
                    ),
                ),
                ("terms", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                ("version", models.PositiveSmallIntegerField()),
            ],
            options={
                "db_table_comment": "Words of persons' names as numbers, for search; derived from registry_name.",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=["terms"], name="nameindex_terms")
                ],
            },
        ),
        migrations.RunSQL(sql.TAKE_IN, sql.DROP_TAKE_IN),
        migrations.RunSQL(sql.NEAR, sql.DROP_NEAR),
        migrations.RunSQL(sql.NAMED, sql.DROP_NAMED),
        migrations.RunSQL(sql.CANDIDATES, migrations.RunSQL.noop),
        migrations.RunSQL(sql.SAVE, migrations.RunSQL.noop),
        migrations.RunSQL(CLOSE, migrations.RunSQL.noop),
    ]
