"""An entry about a confined case is read through the case: by the rule of `procedures_case` itself."""

from django.db import migrations

CLOSED_RULE = (
    "closed_case IS NULL OR (SELECT access_everything())"
    " OR EXISTS (SELECT 1 FROM procedures_case c WHERE c.id = ledger_entry.closed_case OFFSET 0)"
)


class Migration(migrations.Migration):
    dependencies = [("procedures", "0007_cases_without_a_file"), ("ledger", "0004_closed_entries")]

    operations = [
        migrations.RunSQL(
            f"ALTER POLICY ledger_open ON ledger_entry USING ({CLOSED_RULE});",
            "ALTER POLICY ledger_open ON ledger_entry USING (closed_case IS NULL);",
        ),
    ]
