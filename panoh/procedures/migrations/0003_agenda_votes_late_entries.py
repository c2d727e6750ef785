"""The agenda can be changed until the sitting opens, a vote until it is counted; an act of long ago needs a second person's word."""

import django.db.models.constraints
import django.db.models.deletion
from django.db import migrations, models

import panoh.kernel.ids
from panoh.access.rls import AppendOnly, ProtectThrough
from panoh.ledger.guard import RequireEntry


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0003_entries"),
        ("procedures", "0002_locks"),
        ("registry", "0004_narrower"),
    ]

    operations = [
        migrations.CreateModel(
            name="LatePermit",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panoh.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("procedure", models.SlugField(max_length=60)),
                ("action", models.SlugField(max_length=60)),
                ("occurred_on", models.DateField()),
                ("reason", models.CharField(max_length=500)),
                ("recorded_at", models.DateTimeField()),
                ("entry_id", models.UUIDField()),
            ],
            options={
                "db_table": "procedures_latepermit",
            },
        ),
        migrations.AlterModelOptions(
            name="vote",
            options={"ordering": ["turn"]},
        ),
        migrations.RemoveConstraint(
            model_name="agendaitem",
            name="agendaitem_position_once",
        ),
        migrations.RemoveConstraint(
            model_name="motion",
            name="motion_state_known",
        ),
        migrations.RemoveConstraint(
            model_name="vote",
            name="vote_once",
        ),
        migrations.AddField(
            model_name="agendaitem",
            name="note",
            field=models.CharField(blank=True, help_text="why it was deferred", max_length=500),
        ),
        migrations.AddField(
            model_name="vote",
            name="turn",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="vote",
            name="written_by",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.member"
            ),
        ),
        migrations.AlterField(
            model_name="agendaitem",
            name="position",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="agendaitem",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("sitting", "position"),
                name="agendaitem_position_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="agendaitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "removed"), ("position__isnull", True)),
                    models.Q(("outcome__in", ["waiting", "decided", "deferred"]), ("position__isnull", False)),
                    _connector="OR",
                ),
                name="agendaitem_has_a_place_until_removed",
            ),
        ),
        migrations.AddConstraint(
            model_name="motion",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "carried", "fallen", "withdrawn"])), name="motion_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="vote",
            constraint=models.UniqueConstraint(fields=("motion", "member", "turn"), name="vote_once_each_turn"),
        ),
        migrations.AddField(
            model_name="latepermit",
            name="case",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="late_permits",
                to="procedures.case",
            ),
        ),
        migrations.AddField(
            model_name="latepermit",
            name="given_by",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.member"),
        ),
        migrations.AddField(
            model_name="latepermit",
            name="household",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.household"
            ),
        ),
        migrations.AddField(
            model_name="latepermit",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.organisation"
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="late_permit",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="step",
                to="procedures.latepermit",
            ),
        ),
        migrations.AddConstraint(
            model_name="latepermit",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="latepermit_has_reason"
            ),
        ),
        ProtectThrough("procedures_latepermit", "household_id", "registry_household"),
        RequireEntry("procedures_latepermit", "id"),
        AppendOnly("procedures_latepermit"),
    ]
