"""Field classes are asked by a function whose plan is kept (`panoh.access.rls`)."""

from django.db import migrations

from panoh.access import rls


class Migration(migrations.Migration):
    dependencies = [("access", "0008_facts")]

    operations = [migrations.RunSQL(rls.FACTS, migrations.RunSQL.noop)]
