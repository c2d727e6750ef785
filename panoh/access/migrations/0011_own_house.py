"""An administrator changes members, offices and sign-ins of his own organisation, and opens its files alone.

The verb alone would not do: every partner has an administrator, and an agreement that opens the authority's files to a partner
could be entered by the partner. The same rule as `access.operations.houses`, for statements that come from elsewhere.
"""

from django.conf import settings
from django.db import migrations

APP = settings.DATABASE_ROLES.app

OWN_HOUSE = """
CREATE FUNCTION access_has_administrator(house uuid, other_than uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM public.access_member m
                   WHERE m.organisation_id = house AND m.role = 'administrator' AND m.id IS DISTINCT FROM other_than)
$$;
COMMENT ON FUNCTION access_has_administrator(uuid, uuid) IS 'Whether an organisation has or had an administrator, this member aside.';

CREATE FUNCTION access_works_only_in(house uuid, account uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM public.access_member m WHERE m.account_id = account AND m.organisation_id = house)
       AND NOT EXISTS (SELECT FROM public.access_member m WHERE m.account_id = account AND m.organisation_id <> house
                       AND (m.valid_to IS NULL OR m.valid_to > current_date))
$$;
COMMENT ON FUNCTION access_works_only_in(uuid, uuid) IS 'Whether an account acts for this organisation and for no other one.';

CREATE FUNCTION access_own_house() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    context jsonb := public.access_context();
    house uuid := (context->>'organisation')::uuid;
    keeper boolean := context->>'kind' IN ('authority', 'un');
    fine boolean;
BEGIN
    IF coalesce(jsonb_array_length(context->'records') > 0, false) THEN  -- nobody acts: the entry decides (0006_verbs)
        RETURN NULL;
    END IF;
    IF TG_TABLE_NAME = 'access_organisation' THEN
        fine := TG_OP = 'INSERT' AND keeper;
    ELSIF TG_TABLE_NAME = 'access_office' THEN
        fine := TG_OP = 'INSERT' AND (NEW.organisation_id = house
                OR (keeper AND NOT public.access_has_administrator(NEW.organisation_id, NULL)));
    ELSIF TG_TABLE_NAME = 'access_member' AND TG_OP = 'INSERT' THEN
        fine := NEW.organisation_id = house
             OR (keeper AND NEW.role = 'administrator' AND NOT public.access_has_administrator(NEW.organisation_id, NEW.id));
    ELSIF TG_TABLE_NAME = 'access_member' THEN  -- its end, and nothing else of it
        fine := TG_OP = 'UPDATE' AND OLD.organisation_id = house AND to_jsonb(NEW) - 'valid_to' = to_jsonb(OLD) - 'valid_to';
    ELSIF TG_TABLE_NAME = 'access_agreement' AND TG_OP = 'INSERT' THEN
        fine := NEW.giver_id = house;
    ELSIF TG_TABLE_NAME = 'access_agreement' THEN  -- ended earlier, by either party
        fine := TG_OP = 'UPDATE' AND house IN (OLD.giver_id, OLD.receiver_id)
            AND to_jsonb(NEW) - 'valid_to' = to_jsonb(OLD) - 'valid_to'
            AND NEW.valid_to < coalesce(OLD.valid_to, 'infinity');
    ELSIF TG_TABLE_NAME = 'access_account' THEN
        fine := public.access_works_only_in(house, NEW.id);
    ELSE
        fine := public.access_works_only_in(house, OLD.user_id);
    END IF;
    IF fine THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'This row of % is the business of another organisation.', TG_TABLE_NAME USING ERRCODE = '42501';
END $$;
COMMENT ON FUNCTION access_own_house() IS 'Refuses a change of what belongs to another organisation than the signed context names.';
"""


def trigger(table: str, events: str) -> str:
    return (
        f"CREATE TRIGGER own_house AFTER {events} ON {table} FOR EACH ROW"
        f" WHEN (current_user = '{APP}') EXECUTE FUNCTION access_own_house();"
    )


TRIGGERS = "\n".join(
    [
        *(
            trigger(f"access_{table}", "INSERT OR UPDATE OR DELETE")
            for table in ("organisation", "office", "member", "agreement")
        ),
        trigger("access_account", "UPDATE OF username, password, name, is_active"),
        trigger("mfa_authenticator", "DELETE"),
    ]
)
UNDO = """
DROP FUNCTION access_own_house() CASCADE;
DROP FUNCTION access_works_only_in(uuid, uuid);
DROP FUNCTION access_has_administrator(uuid, uuid);
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0010_renewing")]

    operations = [migrations.RunSQL(OWN_HOUSE + TRIGGERS, UNDO)]
