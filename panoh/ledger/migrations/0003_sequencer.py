"""Numbering and signing belong to a role of their own: the application neither numbers entries nor adds checkpoints.

Whose turn it is to number is the lock of a row that the application may not lock. An advisory lock would be open to
every role: one statement of an injected page, and no entry is numbered any more.
"""
# ruff: noqa: S608 - put together from names of roles in the settings.

from django.conf import settings
from django.db import migrations

app, sequencer = settings.DATABASE_ROLES.app, settings.DATABASE_ROLES.sequencer

TURN = f"""
CREATE TABLE ledger_turn (only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one));
COMMENT ON TABLE ledger_turn IS 'One row. Whoever holds its lock numbers the entries (ledger_take_turn).';
INSERT INTO ledger_turn DEFAULT VALUES;
REVOKE ALL ON ledger_turn FROM "{app}";

CREATE FUNCTION ledger_take_turn() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM FROM public.ledger_turn FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'The row of ledger_turn is missing.' USING ERRCODE = 'PN002';
    END IF;
END $$;
COMMENT ON FUNCTION ledger_take_turn() IS
    'From here to the end of the transaction nobody else numbers or signs. Called by panoh.ledger.sequencer.';
REVOKE ALL ON FUNCTION ledger_take_turn() FROM PUBLIC;
"""

NUMBER = "ledger_number(bigint, uuid[], smallint[], bigint[], bytea[])"

RIGHTS = f"""
REVOKE EXECUTE ON FUNCTION {NUMBER} FROM "{app}";
REVOKE INSERT ON ledger_checkpoint FROM "{app}";
GRANT EXECUTE ON FUNCTION {NUMBER} TO "{sequencer}";
GRANT EXECUTE ON FUNCTION ledger_take_turn() TO "{sequencer}";
GRANT SELECT ON ledger_pending, ledger_leaf, ledger_node, ledger_checkpoint TO "{sequencer}";
GRANT SELECT (id, leaf_hash) ON ledger_entry TO "{sequencer}";
GRANT INSERT ON ledger_checkpoint TO "{sequencer}";
"""

BACKWARD = f"""
REVOKE ALL ON ledger_entry, ledger_pending, ledger_leaf, ledger_node, ledger_checkpoint FROM "{sequencer}";
REVOKE SELECT (id, leaf_hash) ON ledger_entry FROM "{sequencer}";
REVOKE EXECUTE ON FUNCTION {NUMBER} FROM "{sequencer}";
GRANT INSERT ON ledger_checkpoint TO "{app}";
GRANT EXECUTE ON FUNCTION {NUMBER} TO "{app}";
DROP FUNCTION ledger_take_turn();
DROP TABLE ledger_turn;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_author")]

    operations = [migrations.RunSQL([TURN, RIGHTS], [BACKWARD])]
