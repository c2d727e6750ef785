"""Who may sign in, and with what: changes only together with an entry in the ledger.

Of an account, what it may be signed in with and whose it is; not its language, address, or when it last signed in. Of a
second factor, that it came, went or was given to somebody else; not the counter that each use moves on.
"""

from django.db import migrations

from panoh.ledger.guard import RequireEntry


class Migration(migrations.Migration):
    dependencies = [("access", "0004_author"), ("mfa", "0003_authenticator_type_uniq")]

    operations = [
        RequireEntry("access_organisation", "id"),
        RequireEntry("access_office", "id"),
        RequireEntry("access_account", "id", update_of=("username", "password", "name", "is_active")),
        RequireEntry("mfa_authenticator", "user_id", update_of=("user_id", "type")),
    ]
