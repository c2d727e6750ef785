"""Sign-ins set anew by an administrator: the database lets that verb change passwords and take second factors away."""

from django.conf import settings
from django.db import migrations, models

from panoh.access.rls import RequireVerb

APP = settings.DATABASE_ROLES.app

# An administrator takes second factors away, and gives none: who gave one could sign in as somebody else.
TAKEN_AWAY = f"""
DROP TRIGGER access_verb ON mfa_authenticator;
CREATE TRIGGER access_verb BEFORE INSERT OR UPDATE OF user_id, type ON mfa_authenticator FOR EACH STATEMENT
    WHEN (current_user = '{APP}') EXECUTE FUNCTION access_require_verb();
CREATE TRIGGER access_verb_to_take BEFORE DELETE ON mfa_authenticator FOR EACH STATEMENT
    WHEN (current_user = '{APP}') EXECUTE FUNCTION access_require_verb('access.account.renew');
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0009_reads"), ("mfa", "0003_authenticator_type_uniq")]

    operations = [
        migrations.AddField(
            model_name="account",
            name="must_change",
            field=models.BooleanField(
                default=False,
                db_default=False,
                help_text="an administrator knows the password: its owner chooses another before anything else",
            ),
        ),
        migrations.RunSQL("DROP TRIGGER access_verb ON access_account", migrations.RunSQL.noop),
        RequireVerb(
            "access_account",
            ["access.member.add", "access.account.renew"],
            update_of=["username", "password", "name", "is_active"],
        ),
        migrations.RunSQL(TAKEN_AWAY, migrations.RunSQL.noop),
    ]
