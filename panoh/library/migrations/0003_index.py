"""Search: the index beside the documents, counts for browsing, and the functions that alone may reach them."""

from django.conf import settings
from django.db import migrations

from panoh.library.migrations import _search as sql

APP, READER, OWNER = settings.DATABASE_ROLES.app, settings.DATABASE_ROLES.reader, settings.DATABASE_ROLES.owner

CLOSE = f"""
REVOKE ALL ON library_index, library_count FROM "{APP}", "{READER}", PUBLIC;
REVOKE ALL ON FUNCTION library_rule() FROM PUBLIC;
"""
# The owner's functions of this room see documents and paragraphs; the app role, whatever it sets, wins nothing by it.
OPENED = [
    f'CREATE POLICY within_library_select ON {table} FOR SELECT TO "{OWNER}" '
    "USING ((SELECT current_setting('panoh.inside', true)) = 'library');"
    for table in ("library_document", "library_paragraph")
]


class Migration(migrations.Migration):
    dependencies = [("library", "0002_locks")]

    operations = [
        migrations.RunSQL(sql.TABLES, sql.DROP_TABLES),
        migrations.RunSQL(sql.PLAIN, "DROP FUNCTION library_plain(text)"),
        migrations.RunSQL(sql.COUNTING, sql.DROP_COUNTING),
        migrations.RunSQL(
            OPENED, [f"DROP POLICY within_library_select ON {t}" for t in ("library_document", "library_paragraph")]
        ),
        migrations.RunSQL(sql.WRITING, sql.DROP_WRITING),
        migrations.RunSQL(sql.FINDING, sql.DROP_FINDING),
        migrations.RunSQL(CLOSE, migrations.RunSQL.noop),
    ]
