"""Grants are looked up file by file, so that the planner takes the path over keys (`panoh.access.rls.root_rule`)."""

from django.db import migrations

from panoh.access.rls import RenewRoot


class Migration(migrations.Migration):
    dependencies = [("registry", "0009_ask_by_index"), ("access", "0001_initial")]

    operations = [RenewRoot("registry_household")]
