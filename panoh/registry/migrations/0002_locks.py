"""What the tables guard themselves: who sees a row, that no change goes without an entry, and what only adds up across rows."""

from django.db import migrations

from panoh.access.rls import AppendOnly, GrantColumns, ProtectRoot, ProtectThrough
from panoh.ledger.guard import RequireEntry
from panoh.registry.migrations import _functions as sql

# Table → the column whose entry each change needs. Keys of names are derived from names and stand apart.
GUARDED = {
    "household": "id",
    "person": "id",
    "name": "person_id",
    "membership": "person_id",
    "paperheld": "person_id",
    "need": "person_id",
    "residence": "household_id",
    "profile": "person_id",
    "photo": "person_id",
    "consent": "household_id",
    "judgement": "person_a_id",
    "importbatch": "id",
    "importrow": "batch_id",
    "statuschange": "person_id",
    "facts": "person_id",
    "location": "household_id",
}
THROUGH_PERSON = ("name", "namekey", "membership", "paperheld", "photo", "judgement", "statuschange", "facts")
THROUGH_HOUSEHOLD = ("person", "consent", "location")
INSIDE = {
    "principal": ("household", "person"),
    "candidates": ("household", "person", "namekey", "paperheld"),
    "residence": ("residence",),
}
# What statistics may count: no number, no name, no address, no telephone.
FOR_STATISTICS = {
    "household": "id custodian_id office_id registered_on arrived_on entry_point status closed_on closure_reason",
    "person": "id household_id sex birth_earliest birth_latest birth_precision nationality marital education status "
    "closed_on closure_reason population_group arrived_on",
    "membership": "id household_id person_id valid_from valid_to",
    "statuschange": "id person_id effective_on from_group to_group reason procedure_type decision_level recorded_at "
    "entry_id corrects_id",
    "facts": "id person_id sex birth_earliest birth_latest birth_precision nationality recorded_at entry_id",
    "location": "id household_id place location_label valid_from recorded_at entry_id",
}


def inside_policies() -> list[str]:
    found = [sql.inside_policy(table, purpose) for purpose, tables in INSIDE.items() for table in tables]
    return [*found, sql.inside_policy("residence", "residence", "UPDATE")]


def drop_inside_policies() -> list[str]:
    found = [
        f"DROP POLICY within_{purpose}_select ON registry_{table}"
        for purpose, tables in INSIDE.items()
        for table in tables
    ]
    return [*found, "DROP POLICY within_residence_update ON registry_residence"]


def protect_by_organisation(table: str, rule: str) -> migrations.RunSQL:
    """Batches hang off no household: their own organisation sees them."""
    return migrations.RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY;"
        f"CREATE POLICY panoh_read ON {table} FOR SELECT USING ({rule});"
        f"CREATE POLICY panoh_insert ON {table} FOR INSERT WITH CHECK ({rule});"
        f"CREATE POLICY panoh_update ON {table} FOR UPDATE USING ({rule}) WITH CHECK ({rule});",
        f"DROP POLICY panoh_update ON {table}; DROP POLICY panoh_insert ON {table}; DROP POLICY panoh_read ON {table};"
        f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
    )


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial"), ("access", "0003_entries")]

    operations = [
        migrations.RunSQL(sql.SEQUENCES, sql.DROP_SEQUENCES),
        ProtectRoot("registry_household"),
        *(ProtectThrough(f"registry_{table}", "household_id", "registry_household") for table in THROUGH_HOUSEHOLD),
        *(
            ProtectThrough(
                f"registry_{table}", "person_a_id" if table == "judgement" else "person_id", "registry_person"
            )
            for table in THROUGH_PERSON
        ),
        ProtectThrough("registry_residence", "household_id", "registry_household", field_class="residence"),
        ProtectThrough("registry_profile", "person_id", "registry_person", field_class="religion_ethnicity"),
        ProtectThrough(
            "registry_need", "person_id", "registry_person", field_class="needs_restricted", only_where="restricted"
        ),
        migrations.RunSQL(sql.JUDGEMENT, "DROP POLICY judgement_both ON registry_judgement"),
        protect_by_organisation("registry_importbatch", sql.BATCH_RULE),
        protect_by_organisation(
            "registry_importrow", "EXISTS (SELECT FROM registry_importbatch b WHERE b.id = registry_importrow.batch_id)"
        ),
        migrations.RunSQL(inside_policies(), drop_inside_policies()),
        migrations.RunSQL(sql.PRINCIPAL, sql.DROP_PRINCIPAL),
        migrations.RunSQL(sql.RESIDENCE, sql.DROP_RESIDENCE),
        migrations.RunSQL(sql.CANDIDATES, sql.DROP_CANDIDATES),
        migrations.RunSQL(sql.SAVE, sql.DROP_SAVE),
        *(RequireEntry(f"registry_{table}", column) for table, column in GUARDED.items()),
        *(AppendOnly(f"registry_{table}") for table in ("statuschange", "facts", "location")),
        *(GrantColumns(f"registry_{table}", columns.split()) for table, columns in FOR_STATISTICS.items()),
    ]
