"""The index anew: fields, days and readers of a source stand among its words, open and closed sources apart."""

from django.conf import settings
from django.db import migrations, models

from panoh.library.migrations import _index as sql
from panoh.library.migrations import _search as before

APP, READER, OWNER = settings.DATABASE_ROLES.app, settings.DATABASE_ROLES.reader, settings.DATABASE_ROLES.owner

CLOSE = f"""
REVOKE ALL ON library_index, library_count, library_match FROM "{APP}", "{READER}", PUBLIC;
REVOKE ALL ON FUNCTION library_rule() FROM PUBLIC;
"""
CLOSE_BEFORE = CLOSE
OPENED = (
    f'CREATE POLICY within_library_select ON library_savedsearch FOR SELECT TO "{OWNER}" '
    "USING ((SELECT current_setting('panoh.inside', true)) = 'library' OR member_id = (access_context()->>'actor')::uuid);"
)
BATCH = 500


def index_again(apps, schema_editor):
    """What was taken in before finds its place in the new index."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT set_config('panoh.inside', 'library', false)")
        cursor.execute("SELECT id FROM library_document")
        ids = [row[0] for row in cursor.fetchall()]
        for start in range(0, len(ids), BATCH):
            cursor.execute("SELECT library_index_documents(%s)", [ids[start : start + BATCH]])
        cursor.execute("SELECT set_config('panoh.inside', '', false)")


class Migration(migrations.Migration):
    dependencies = [("library", "0003_index")]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, index_again),
        migrations.RunSQL(CLOSE_BEFORE and migrations.RunSQL.noop, CLOSE_BEFORE),
        migrations.RunSQL(before.DROP_FINDING, before.FINDING),
        migrations.RunSQL("DROP FUNCTION library_index_documents(uuid[])", migrations.RunSQL.noop),
        migrations.RunSQL(before.DROP_COUNTING, before.COUNTING),
        migrations.RunSQL(before.DROP_TABLES, before.TABLES),
        migrations.AddField(
            "savedsearch", "words", models.TextField(default="", help_text="the question as the index reads it")
        ),
        migrations.AddField("savedsearch", "since", models.DateField(blank=True, null=True)),
        migrations.AddField("savedsearch", "until", models.DateField(blank=True, null=True)),
        migrations.RunSQL(OPENED, "DROP POLICY within_library_select ON library_savedsearch"),
        migrations.RunSQL(sql.PLAIN, migrations.RunSQL.noop),
        migrations.RunSQL(sql.TABLES, sql.DROP_TABLES),
        migrations.RunSQL(sql.COUNTING, sql.DROP_COUNTING),
        migrations.RunSQL(sql.WRITING, sql.DROP_WRITING),
        migrations.RunSQL(sql.ASKING, sql.DROP_ASKING),
        migrations.RunSQL(sql.FINDING, sql.DROP_FINDING),
        migrations.RunSQL(CLOSE, migrations.RunSQL.noop),
        migrations.RunPython(index_again, migrations.RunPython.noop),
    ]
