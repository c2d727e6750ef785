# ruff: noqa: S608 - the rules are put together from names written here, never from what a person typed.
"""Cases about nobody's file (a complaint that came without a name): seen in the organisation that runs them alone."""

import importlib

import django.db.models.deletion
from django.db import migrations, models

before = importlib.import_module("panoh.procedures.migrations.0004_confined_cases_letters")

# By the same words as `panoh.procedures.queries.cases.without_a_file`: roles whose eyes reach over their whole organisation.
WITHOUT_FILE = (
    "procedures_case.household_id IS NULL AND procedures_case.organisation_id = (SELECT access_own())"
    " AND (SELECT access_all_offices())"
)
CASE_RULE = before.CASE_RULE.replace(
    before.OPEN_FILE,
    f"({before.OPEN_FILE} OR {WITHOUT_FILE} OR (procedures_case.household_id IS NULL AND (SELECT access_everything())))",
    1,
)

# Closed answers of such a case: no file says to whom its class goes, so the reader's own role decides, on top of seeing the case.
CLOSED = {"stepnarrative": "narrative", "stepfile": "narrative", "steprestricted": "protection"}


def closed_rule(table: str, field_class: str, more: str) -> str:
    file = f"procedures_file_of_step(procedures_{table}.step_id)"
    seen = f"EXISTS (SELECT 1 FROM procedures_step p WHERE p.id = procedures_{table}.step_id OFFSET 0)"
    reads = f"access_reads_of('{field_class}', {file}){more.format(file=file, field_class=field_class)}"
    rule = f"(SELECT access_everything()) OR ({seen} AND ({reads}))"
    return f"ALTER POLICY panoh_read ON procedures_{table} USING ({rule});"


WITHOUT = " OR ({file} IS NULL AND (SELECT access_reads('{field_class}')))"


class Migration(migrations.Migration):
    dependencies = [("procedures", "0006_feasts")]

    operations = [
        migrations.AlterField(
            model_name="case",
            name="household",
            field=models.ForeignKey(
                blank=True,
                help_text="empty where the case is about nobody's file: a complaint that came without a name",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cases",
                to="registry.household",
            ),
        ),
        migrations.AlterField(
            model_name="due",
            name="household",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.household",
            ),
        ),
        migrations.RunSQL(before.rule("procedures_case", CASE_RULE), before.rule("procedures_case", before.CASE_RULE)),
        *(
            migrations.RunSQL(closed_rule(table, field_class, WITHOUT), closed_rule(table, field_class, ""))
            for table, field_class in CLOSED.items()
        ),
    ]
