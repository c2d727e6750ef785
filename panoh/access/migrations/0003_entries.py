"""What opens files to somebody changes only together with an entry in the ledger."""

from django.db import migrations

from panoh.ledger.guard import RequireEntry


class Migration(migrations.Migration):
    dependencies = [("access", "0002_locks"), ("ledger", "0001_initial")]

    operations = [
        RequireEntry("access_member", "id"),
        RequireEntry("access_agreement", "id"),
        RequireEntry("access_grant", "household_id"),
    ]
