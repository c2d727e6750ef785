"""The rules of field classes by the function that keeps its plan (`panoh.access.rls.ProtectThrough`)."""

from django.db import migrations

from panoh.access.rls import RenewThrough


class Migration(migrations.Migration):
    dependencies = [("registry", "0014_facts"), ("access", "0009_reads")]

    operations = [
        RenewThrough("registry_residence", "household_id", "registry_household", field_class="residence"),
        RenewThrough("registry_location", "household_id", "registry_household", field_class="residence"),
        RenewThrough("registry_profile", "person_id", "registry_person", field_class="religion_ethnicity"),
        RenewThrough(
            "registry_need", "person_id", "registry_person", field_class="needs_restricted", only_where="restricted"
        ),
    ]
