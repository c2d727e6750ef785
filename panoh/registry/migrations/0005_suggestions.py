import django.db.models.deletion
from django.db import migrations, models

import panoh.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0003_entries"),
        ("registry", "0004_narrower"),
    ]

    operations = [
        migrations.CreateModel(
            name="Suggestion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panoh.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("score", models.DecimalField(decimal_places=4, max_digits=5)),
                ("reasons", models.JSONField(default=list)),
                ("origin", models.CharField(max_length=10)),
                ("state", models.CharField(default="open", max_length=10)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "db_table_comment": "Pairs of records that may be one person, with score and reasons; who judges them works through these.",
            },
        ),
        migrations.AddField(
            model_name="judgement",
            name="confirmed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="judgement",
            name="confirmed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.member"
            ),
        ),
        migrations.AddConstraint(
            model_name="judgement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmed_at__isnull", True), ("confirmed_by__isnull", True)),
                    models.Q(("confirmed_at__isnull", False), ("confirmed_by__isnull", False), ("verdict", "same")),
                    _connector="OR",
                ),
                name="judgement_confirming_has_author",
            ),
        ),
        migrations.AddConstraint(
            model_name="judgement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confirmed_by__isnull", True),
                    models.Q(("confirmed_by", models.F("judged_by")), _negated=True),
                    _connector="OR",
                ),
                name="judgement_four_eyes",
            ),
        ),
        migrations.AddField(
            model_name="suggestion",
            name="made_by",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.member"),
        ),
        migrations.AddField(
            model_name="suggestion",
            name="person_a",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.person"
            ),
        ),
        migrations.AddField(
            model_name="suggestion",
            name="person_b",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.person"
            ),
        ),
        migrations.AddIndex(
            model_name="suggestion",
            index=models.Index(fields=["state", "-score", "id"], name="suggestion_in_order"),
        ),
        migrations.AddConstraint(
            model_name="suggestion",
            constraint=models.CheckConstraint(
                condition=models.Q(("person_a__lt", models.F("person_b"))), name="suggestion_pair_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="suggestion",
            constraint=models.CheckConstraint(
                condition=models.Q(("score__gte", 0), ("score__lte", 1)), name="suggestion_score"
            ),
        ),
        migrations.AddConstraint(
            model_name="suggestion",
            constraint=models.CheckConstraint(
                condition=models.Q(("origin__in", ("entry", "link", "import"))), name="suggestion_origin_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="suggestion",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("open", "unsure", "to_confirm", "judged"))),
                name="suggestion_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="suggestion",
            constraint=models.UniqueConstraint(fields=("person_a", "person_b"), name="suggestion_pair_once"),
        ),
    ]
