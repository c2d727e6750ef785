# ruff: noqa: S608 - the rules are put together from names written here, never from what a person typed.
"""Cases that only one organisation sees, cases kept from the office they are about, and letters of the procedures' own."""

import django.db.models.deletion
from django.db import migrations, models

# Who sees a file sees its cases, but for those that only the organisation running them sees (legal aid, complaints), and those
# that are kept from an office because they are about one of its people. `panoh.procedures.queries.cases.visible_to` says the same.
FUNCTIONS = """
CREATE FUNCTION procedures_office() RETURNS uuid LANGUAGE sql STABLE AS
    $$ SELECT (access_context()->>'office')::uuid $$;
CREATE FUNCTION procedures_organisation() RETURNS uuid LANGUAGE sql STABLE AS
    $$ SELECT (access_context()->>'organisation')::uuid $$;
CREATE FUNCTION procedures_sees_others() RETURNS boolean LANGUAGE sql STABLE AS
    $$ SELECT access_context()->>'kind' IS DISTINCT FROM 'partner' $$;
"""
DROP_FUNCTIONS = "DROP FUNCTION procedures_office(); DROP FUNCTION procedures_organisation(); DROP FUNCTION procedures_sees_others();"

OPEN_FILE = "EXISTS (SELECT 1 FROM registry_household p WHERE p.id = procedures_case.household_id OFFSET 0)"
CASE_RULE = f"""{OPEN_FILE} AND (
 (SELECT access_everything())
 OR ((NOT confined AND (SELECT procedures_sees_others()) OR organisation_id = (SELECT procedures_organisation()))
     AND (hidden_from_id IS NULL OR hidden_from_id IS DISTINCT FROM (SELECT procedures_office()))))"""
OPEN_CASE = "EXISTS (SELECT 1 FROM procedures_case p WHERE p.id = procedures_due.case_id OFFSET 0)"
OPEN_FILE_OF_DUE = "EXISTS (SELECT 1 FROM registry_household p WHERE p.id = procedures_due.household_id OFFSET 0)"


def rule(table: str, read: str) -> str:
    return (
        f"ALTER POLICY panoh_read ON {table} USING ({read});"
        f"ALTER POLICY panoh_insert ON {table} WITH CHECK ({read});"
        f"ALTER POLICY panoh_update ON {table} USING ({read}) WITH CHECK ({read});"
        f"ALTER POLICY panoh_delete ON {table} USING ({read});"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0006_verbs"),
        ("procedures", "0003_agenda_votes_late_entries"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="confined",
            field=models.BooleanField(default=False, help_text="only the organisation that runs the case sees it"),
        ),
        migrations.AddField(
            model_name="case",
            name="hidden_from",
            field=models.ForeignKey(
                blank=True,
                help_text="the office whose people never see the case, because it is about one of them",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="access.office",
            ),
        ),
        migrations.AddField(
            model_name="paperorder",
            name="letter",
            field=models.CharField(
                blank=True, default="", help_text="one of the procedure's own letters", max_length=60
            ),
            preserve_default=False,
        ),
        migrations.RemoveConstraint(model_name="paperorder", name="paperorder_once"),
        migrations.AddConstraint(
            model_name="paperorder",
            constraint=models.UniqueConstraint(fields=("step", "person", "kind", "letter"), name="paperorder_once"),
        ),
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),
        migrations.RunSQL(rule("procedures_case", CASE_RULE), rule("procedures_case", OPEN_FILE)),
        migrations.RunSQL(rule("procedures_due", OPEN_CASE), rule("procedures_due", OPEN_FILE_OF_DUE)),
    ]
