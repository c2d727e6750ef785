"""The rules of a step's closed answers, by functions that keep their plans.

The page of a case asks for its steps with all three kinds of answers: its plan had 1,068 lines and took six times as long to
make as to carry out.
"""

from django.db import migrations

from panoh.access.rls import RenewThrough

FILE_OF_STEP = """
CREATE FUNCTION procedures_file_of_step(step uuid) RETURNS uuid LANGUAGE plpgsql STABLE COST 1000 AS $$
BEGIN
    RETURN (SELECT c.household_id FROM public.procedures_step s JOIN public.procedures_case c ON c.id = s.case_id WHERE s.id = step);
END $$;
COMMENT ON FUNCTION procedures_file_of_step(uuid) IS 'The household of the case of a step, for a caller that sees the case.';
"""


def closed_class(table: str, field_class: str) -> RenewThrough:
    name = f"procedures_{table}"
    return RenewThrough(
        name,
        "step_id",
        "procedures_step",
        field_class=field_class,
        household=f"procedures_file_of_step({name}.step_id)",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("procedures", "0004_confined_cases_letters"),
        ("registry", "0015_reads"),
        ("access", "0009_reads"),
    ]

    operations = [
        migrations.RunSQL(FILE_OF_STEP, migrations.RunSQL.noop),
        closed_class("stepnarrative", "narrative"),
        closed_class("stepfile", "narrative"),
        closed_class("steprestricted", "protection"),
    ]
