"""Cases that are heard together know the one that leads them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("procedures", "0008_closed_entries")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="heard_with",
            field=models.ForeignKey(
                blank=True,
                help_text="the case that leads those which are heard together: next to each other on an agenda",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="heard_together",
                to="procedures.case",
            ),
        ),
    ]
