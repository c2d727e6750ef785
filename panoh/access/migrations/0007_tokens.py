# ruff: noqa: S608 - put together from names written here, never from what a person typed.
"""Tokens of the API. A member sees, makes and ends her own; whoever asks with one is told by a function that needs its secret.

An injected statement can make a token in its member's own name alone, with an entry that says so, and can end one; it can
neither change whose it is nor find one by reading, for the table holds hashes of random secrets.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import panoh.kernel.ids
from panoh.ledger.guard import RequireEntry

APP, READER = settings.DATABASE_ROLES.app, settings.DATABASE_ROLES.reader
OWN = "member_id = (SELECT (access_context()->>'actor')::uuid)"

POLICIES = f"""
ALTER TABLE access_token ENABLE ROW LEVEL SECURITY;
ALTER TABLE access_token FORCE ROW LEVEL SECURITY;
CREATE POLICY panoh_read ON access_token FOR SELECT TO "{APP}" USING ({OWN});
CREATE POLICY panoh_insert ON access_token FOR INSERT TO "{APP}" WITH CHECK ({OWN});
CREATE POLICY panoh_update ON access_token FOR UPDATE TO "{APP}" USING ({OWN}) WITH CHECK ({OWN});
CREATE POLICY panoh_owner ON access_token FOR SELECT TO CURRENT_USER USING (true);
REVOKE ALL ON access_token FROM "{READER}";
REVOKE UPDATE, DELETE, TRUNCATE ON access_token FROM "{APP}";
GRANT UPDATE (ended_at) ON access_token TO "{APP}";
REVOKE ALL ON access_tokenuse FROM "{APP}", "{READER}", PUBLIC;
"""

USE = """
CREATE FUNCTION access_use_token(wanted uuid, secret text)
RETURNS TABLE (account_id uuid, member_id uuid, purpose text, password_stamp text, valid_to date, uses int)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    counted int;
BEGIN
    PERFORM FROM public.access_token t WHERE t.id = wanted AND t.secret_sha256 = secret AND t.ended_at IS NULL;
    IF NOT FOUND THEN RETURN; END IF;
    INSERT INTO public.access_tokenuse AS u (token_id, minute, uses) VALUES (wanted, date_trunc('minute', now()), 1)
    ON CONFLICT (token_id) DO UPDATE SET minute = excluded.minute,
        uses = CASE WHEN u.minute = excluded.minute THEN u.uses + 1 ELSE 1 END
    RETURNING u.uses INTO counted;
    RETURN QUERY SELECT m.account_id, m.id, t.purpose::text, t.password_stamp::text, t.valid_to, counted
        FROM public.access_token t JOIN public.access_member m ON m.id = t.member_id WHERE t.id = wanted;
END $$;
COMMENT ON FUNCTION access_use_token(uuid, text) IS 'Whom a token in force stands for, given the hash of its secret; counts the use.';
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0006_verbs")]

    operations = [
        migrations.CreateModel(
            name="Token",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panoh.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("purpose", models.CharField(max_length=20)),
                ("label", models.CharField(max_length=80)),
                ("secret_sha256", models.CharField(max_length=64)),
                ("password_stamp", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                ("valid_to", models.DateField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tokens", to="access.member"
                    ),
                ),
            ],
            options={
                "db_table_comment": "Tokens of the API: hashes of secrets; see access_use_token().",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("secret_sha256", ""), _negated=True), name="token_has_secret"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TokenUse",
            fields=[
                (
                    "token",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="access.token",
                    ),
                ),
                ("minute", models.DateTimeField()),
                ("uses", models.PositiveIntegerField()),
            ],
            options={"db_table_comment": "Uses of each token in the minute of its last use."},
        ),
        migrations.RunSQL(POLICIES, migrations.RunSQL.noop),
        migrations.RunSQL(USE, "DROP FUNCTION access_use_token(uuid, text)"),
        RequireEntry("access_token", "id"),
    ]
