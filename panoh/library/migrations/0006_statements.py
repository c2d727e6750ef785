"""Questions in few statements that are planned once; vectors with less work; kept searches of days alone."""

from django.db import migrations

from panoh.library.migrations import _finding as sql
from panoh.library.migrations import _index as before
from panoh.library.migrations import _writing as writing

# What the reverse makes anew of the functions before.
FINDING_BEFORE = before.FINDING[
    before.FINDING.index("CREATE FUNCTION library_find(") : before.FINDING.index("CREATE FUNCTION library_alerts(")
]
ALERTS_BEFORE = before.FINDING[
    before.FINDING.index("CREATE FUNCTION library_alerts(") : before.FINDING.index(
        "COMMENT ON FUNCTION library_alerts("
    )
].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
WRITING_BEFORE = before.WRITING[before.WRITING.index("CREATE FUNCTION library_vector(") :].replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)


class Migration(migrations.Migration):
    dependencies = [("library", "0005_intakes")]

    operations = [
        migrations.RunSQL("DROP FUNCTION library_find(jsonb)", FINDING_BEFORE),
        migrations.RunSQL(sql.FINDING, "DROP FUNCTION library_find(jsonb); DROP FUNCTION library_rights()"),
        migrations.RunSQL("REVOKE ALL ON FUNCTION library_rights() FROM PUBLIC", migrations.RunSQL.noop),
        migrations.RunSQL(writing.ALERTS, ALERTS_BEFORE),
        migrations.RunSQL(writing.MATCHES, writing.MATCHES_BEFORE),
        migrations.RunSQL(
            writing.WRITING,
            WRITING_BEFORE
            + "DROP FUNCTION library_match_since(uuid); DROP FUNCTION library_vector_of(library_document, text, text[]);",
        ),
    ]
