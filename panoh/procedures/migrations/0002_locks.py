"""What the tables guard themselves: who sees a row, that no change goes without an entry, and what is only ever added."""

from django.db import migrations

from panoh.access.rls import AppendOnly, GrantColumns, ProtectThrough
from panoh.ledger.guard import RequireEntry

# Table → the column whose entry each change needs. `due` and `notice` stand apart: the first is computed from steps,
# the second only reminds; neither records anything (tests/procedures/test_locks.py holds the list).
GUARDED = {
    "case": "id",
    "caseperson": "case_id",
    "step": "case_id",
    "stepnarrative": "step_id",
    "steprestricted": "step_id",
    "stepfile": "step_id",
    "safeguardanswer": "case_id",
    "paperorder": "case_id",
    "barrier": "id",
    "sitting": "id",
    "attendance": "sitting_id",
    "agendaitem": "sitting_id",
    "conflict": "item_id",
    "motion": "item_id",
    "vote": "motion_id",
}
THROUGH_CASE = ("caseperson", "step", "agendaitem", "notice", "paperorder")
THROUGH_ITEM = ("conflict", "motion")
APPEND_ONLY = (
    "step",
    "stepnarrative",
    "steprestricted",
    "stepfile",
    "safeguardanswer",
    "paperorder",
    "vote",
    "conflict",
)

HOUSEHOLD_OF_STEP = "(SELECT c.household_id FROM procedures_step s JOIN procedures_case c ON c.id = s.case_id WHERE s.id = {table}.step_id)"
# A sitting hangs off no household: its organisation sees it, and whoever an agreement lets look on.
SITTING_RULE = (
    "organisation_id = (SELECT access_own()) OR organisation_id = ANY ((SELECT access_open())::uuid[])"
    " OR (SELECT access_everything())"
)
ATTENDANCE_RULE = "EXISTS (SELECT FROM procedures_sitting s WHERE s.id = procedures_attendance.sitting_id)"
# What a monitor was told stays with the monitor's organisation and with protection staff.
ANSWER_SEEN = "EXISTS (SELECT FROM procedures_case c WHERE c.id = procedures_safeguardanswer.case_id)"
ANSWER_RULE = (
    f"({ANSWER_SEEN} AND (organisation_id = (SELECT access_receiver()) OR (SELECT access_reads('protection'))))"
    " OR (SELECT access_everything())"
)

FOR_STATISTICS = {
    "case": "id procedure procedure_version track state household_id organisation_id opened_on closed_on",
    "caseperson": "id case_id person_id own_line outcome outcome_on",
    "step": "id case_id seq action from_state to_state occurred_on recorded_at",
}

# No lock, gaps allowed, never given out twice.
SEQUENCES = "CREATE SEQUENCE procedures_case_serial; CREATE SEQUENCE procedures_sitting_serial;"
DROP_SEQUENCES = "DROP SEQUENCE procedures_case_serial; DROP SEQUENCE procedures_sitting_serial;"


def protect(table: str, read_rule: str, write_rule: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY;"
        f"CREATE POLICY panoh_read ON {table} FOR SELECT USING ({read_rule});"
        f"CREATE POLICY panoh_insert ON {table} FOR INSERT WITH CHECK ({write_rule});"
        f"CREATE POLICY panoh_update ON {table} FOR UPDATE USING ({read_rule}) WITH CHECK ({write_rule});",
        f"DROP POLICY panoh_update ON {table}; DROP POLICY panoh_insert ON {table}; DROP POLICY panoh_read ON {table};"
        f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
    )


def closed_class(table: str, field_class: str) -> ProtectThrough:
    """Answers that only some roles read back; whoever may act on the case may write them down."""
    return ProtectThrough(
        f"procedures_{table}",
        "step_id",
        "procedures_step",
        field_class=field_class,
        household=HOUSEHOLD_OF_STEP.format(table=f"procedures_{table}"),
    )


class Migration(migrations.Migration):
    dependencies = [("procedures", "0001_initial"), ("registry", "0002_locks"), ("access", "0002_locks")]

    operations = [
        migrations.RunSQL(SEQUENCES, DROP_SEQUENCES),
        ProtectThrough("procedures_case", "household_id", "registry_household"),
        ProtectThrough("procedures_due", "household_id", "registry_household"),
        *(ProtectThrough(f"procedures_{table}", "case_id", "procedures_case") for table in THROUGH_CASE),
        *(ProtectThrough(f"procedures_{table}", "item_id", "procedures_agendaitem") for table in THROUGH_ITEM),
        ProtectThrough("procedures_vote", "motion_id", "procedures_motion"),
        closed_class("stepnarrative", "narrative"),
        closed_class("stepfile", "narrative"),
        closed_class("steprestricted", "protection"),
        protect("procedures_safeguardanswer", ANSWER_RULE, ANSWER_SEEN),
        protect("procedures_sitting", SITTING_RULE, SITTING_RULE),
        protect("procedures_attendance", ATTENDANCE_RULE, ATTENDANCE_RULE),
        *(RequireEntry(f"procedures_{table}", column) for table, column in GUARDED.items()),
        *(AppendOnly(f"procedures_{table}") for table in APPEND_ONLY),
        *(GrantColumns(f"procedures_{table}", columns.split()) for table, columns in FOR_STATISTICS.items()),
    ]
