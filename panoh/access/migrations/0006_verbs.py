"""Who works with whom, and who may sign in, is changed by those whose role holds the verb: the database asks as well.

An entry alone would not do: a statement injected into a clerk's page could make her an administrator, and say so in her
own name. The columns are those that need an entry (0005_entries).
"""

from django.db import migrations

from panoh.access.rls import RequireVerb

REQUIRE_VERB = """
CREATE FUNCTION access_require_verb() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    context jsonb := public.access_context();
BEGIN
    IF coalesce(jsonb_array_length(context->'records') > 0, false) OR coalesce((context->'verbs') ?| TG_ARGV, false) THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'The role of whoever acts changes nothing in %.', TG_TABLE_NAME USING ERRCODE = '42501';
END $$;
COMMENT ON FUNCTION access_require_verb() IS 'Refuses a change unless the signed context holds one of the verbs given.';
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0005_entries")]

    operations = [
        migrations.RunSQL(REQUIRE_VERB, "DROP FUNCTION access_require_verb()"),
        RequireVerb("access_organisation", ["access.organisation.add"]),
        RequireVerb("access_office", ["access.organisation.add"]),
        RequireVerb("access_member", ["access.member.add", "access.member.end"]),
        RequireVerb("access_agreement", ["access.agreement.sign", "access.agreement.end"]),
        RequireVerb("access_account", ["access.member.add"], update_of=["username", "password", "name", "is_active"]),
        RequireVerb("mfa_authenticator", [], update_of=["user_id", "type"]),
    ]
