# ruff: noqa: S608 - put together from names written here, never from what a person typed.
"""Panels score: who has scored is seen by all who see the item, what she gave by her alone until the scoring is closed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import panoh.kernel.ids
from panoh.access.rls import AppendOnly, ProtectThrough
from panoh.ledger.guard import RequireEntry

APP, READER = settings.DATABASE_ROLES.app, settings.DATABASE_ROLES.reader

# Beside the rule through the item: one's own marks, or those of a sitting whose scoring is closed. RESTRICTIVE, so that it holds
# together with the other and not instead of it.
MARKS = f"""
CREATE POLICY own_until_closed ON procedures_panelmarks AS RESTRICTIVE FOR SELECT USING (
    (SELECT access_everything())
    OR member_id = (SELECT (access_context()->>'actor')::uuid)
    OR EXISTS (SELECT FROM procedures_agendaitem i JOIN procedures_ranking r ON r.sitting_id = i.sitting_id
               WHERE i.id = procedures_panelmarks.item_id));
REVOKE ALL ON procedures_panelscore, procedures_panelmarks, procedures_ranking FROM "{READER}";
REVOKE UPDATE, DELETE, TRUNCATE ON procedures_ranking FROM "{APP}";
GRANT UPDATE (lines) ON procedures_ranking TO "{APP}";
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0007_tokens"), ("procedures", "0009_heard_together")]

    operations = [
        migrations.CreateModel(
            name="PanelScore",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=panoh.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("turn", models.PositiveSmallIntegerField(default=1)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="scores", to="procedures.agendaitem"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.member"
                    ),
                ),
            ],
            options={
                "db_table": "procedures_panelscore",
                "ordering": ["turn"],
                "constraints": [
                    models.UniqueConstraint(fields=("item", "member", "turn"), name="panelscore_once_each_turn")
                ],
            },
        ),
        migrations.CreateModel(
            name="PanelMarks",
            fields=[
                (
                    "score",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="marks",
                        serialize=False,
                        to="procedures.panelscore",
                    ),
                ),
                ("given", models.JSONField()),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="procedures.agendaitem"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.member"
                    ),
                ),
            ],
            options={"db_table": "procedures_panelmarks"},
        ),
        migrations.CreateModel(
            name="Ranking",
            fields=[
                (
                    "sitting",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="ranking",
                        serialize=False,
                        to="procedures.sitting",
                    ),
                ),
                ("sheet", models.CharField(max_length=60)),
                ("places", models.JSONField()),
                (
                    "lines",
                    models.JSONField(
                        help_text="item, rank, score, outcome, apart_by, equal, in the order of the ranks"
                    ),
                ),
                ("closed_at", models.DateTimeField()),
                (
                    "closed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.member"
                    ),
                ),
            ],
            options={"db_table": "procedures_ranking"},
        ),
        ProtectThrough("procedures_panelscore", "item_id", "procedures_agendaitem"),
        ProtectThrough("procedures_panelmarks", "item_id", "procedures_agendaitem"),
        ProtectThrough("procedures_ranking", "sitting_id", "procedures_sitting"),
        RequireEntry("procedures_panelscore", "id"),
        RequireEntry("procedures_panelmarks", "score_id"),
        RequireEntry("procedures_ranking", "sitting_id"),
        AppendOnly("procedures_panelscore"),
        AppendOnly("procedures_panelmarks"),
        migrations.RunSQL(MARKS, "DROP POLICY own_until_closed ON procedures_panelmarks"),
    ]
