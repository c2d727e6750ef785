"""Whose name stands on an entry is not for the one who writes it to say.

The ledger knows no members and no contexts; the room above it that does (`access`) replaces the function. Until then
nobody but the owner, who loads histories, adds an entry.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION ledger_check_author() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Nobody can say yet whose entry this is.' USING ERRCODE = 'PN005';
END $$;
COMMENT ON FUNCTION ledger_check_author() IS
    'Refuses an entry in the name of somebody who does not act. Replaced by the room that knows who acts.';
CREATE TRIGGER ledger_author BEFORE INSERT ON ledger_entry
    FOR EACH ROW WHEN (session_user <> current_user) EXECUTE FUNCTION ledger_check_author();
"""

BACKWARD = """
DROP TRIGGER ledger_author ON ledger_entry;
DROP FUNCTION ledger_check_author();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
