"""What the tables guard themselves: who sees a paper, and that neither sheet nor paper changes without an entry."""

from django.db import migrations

from panoh.access.rls import ProtectThrough
from panoh.ledger.guard import RequireEntry

LETTER_NUMBERS = """
CREATE SEQUENCE papers_letter_number;
COMMENT ON SEQUENCE papers_letter_number IS 'Numbers of letters without an accountable form: gaps are allowed, nothing comes twice.';
"""

# A sheet leaves the stock once. A confirmed paper is evidence: what is printed on it, and who confirmed it, never changes.
KEEP = """
CREATE FUNCTION papers_keep_form() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.serial <> OLD.serial OR NEW.series_id <> OLD.series_id OR NEW.position <> OLD.position
       OR OLD.state IN ('spoiled', 'lost') OR (OLD.state = 'issued' AND NEW.state NOT IN ('issued', 'spoiled'))
    THEN
        RAISE EXCEPTION 'the form % has left the stock', OLD.serial USING ERRCODE = 'PN002';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER papers_keep_form BEFORE UPDATE ON papers_form FOR EACH ROW EXECUTE FUNCTION papers_keep_form();

CREATE FUNCTION papers_keep_paper() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'prepared' AND (
        NEW.content <> OLD.content OR NEW.qr <> OLD.qr OR NEW.number <> OLD.number OR NEW.person_id <> OLD.person_id
        OR NEW.valid_until IS DISTINCT FROM OLD.valid_until OR NEW.valid_from <> OLD.valid_from OR NEW.content_sha256 <> OLD.content_sha256
        OR NEW.confirmed_by_id IS DISTINCT FROM OLD.confirmed_by_id OR NEW.prepared_by_id <> OLD.prepared_by_id
        OR OLD.state <> 'issued' OR NEW.state NOT IN ('issued', 'replaced', 'revoked'))
    THEN
        RAISE EXCEPTION 'the paper % is confirmed', OLD.number USING ERRCODE = 'PN002';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER papers_keep_paper BEFORE UPDATE ON papers_paper FOR EACH ROW EXECUTE FUNCTION papers_keep_paper();

CREATE FUNCTION papers_refuse_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'nothing is removed from %', TG_TABLE_NAME USING ERRCODE = 'PN002';
END $$;
CREATE TRIGGER papers_refuse_delete BEFORE DELETE ON papers_form FOR EACH ROW EXECUTE FUNCTION papers_refuse_delete();
CREATE TRIGGER papers_refuse_delete BEFORE DELETE ON papers_series FOR EACH ROW EXECUTE FUNCTION papers_refuse_delete();
CREATE TRIGGER papers_refuse_delete BEFORE DELETE ON papers_paper FOR EACH ROW EXECUTE FUNCTION papers_refuse_delete();
CREATE TRIGGER papers_refuse_delete BEFORE DELETE ON papers_withdrawal FOR EACH ROW EXECUTE FUNCTION papers_refuse_delete();
"""
DROP_KEEP = """
DROP TRIGGER papers_refuse_delete ON papers_withdrawal;
DROP TRIGGER papers_refuse_delete ON papers_paper;
DROP TRIGGER papers_refuse_delete ON papers_series;
DROP TRIGGER papers_refuse_delete ON papers_form;
DROP FUNCTION papers_refuse_delete();
DROP TRIGGER papers_keep_paper ON papers_paper;
DROP FUNCTION papers_keep_paper();
DROP TRIGGER papers_keep_form ON papers_form;
DROP FUNCTION papers_keep_form();
"""


class Migration(migrations.Migration):
    dependencies = [("papers", "0001_initial"), ("registry", "0002_locks"), ("access", "0003_entries")]

    operations = [
        migrations.RunSQL(LETTER_NUMBERS, "DROP SEQUENCE papers_letter_number"),
        migrations.RunSQL(KEEP, DROP_KEEP),
        ProtectThrough("papers_paper", "household_id", "registry_household"),
        ProtectThrough("papers_holder", "paper_id", "papers_paper"),
        # Series, forms and withdrawals name no person: stock is counted and papers are checked without a file.
        RequireEntry("papers_series", "id"),
        RequireEntry("papers_form", "series_id"),
        RequireEntry("papers_paper", "id"),
        RequireEntry("papers_holder", "paper_id"),
        RequireEntry("papers_withdrawal", "paper_id"),
    ]
