"""Supervision counts cases about nobody's file too, and hands out nothing of a case that is confined elsewhere or hidden from the asker's office.

A complaint about an official is invisible to his office; a figure of a month with one complaint in it would have told of it.
"""

import importlib

from django.db import migrations

before = importlib.import_module("panoh.protection.migrations.0004_by_act").BY_ACT

CHANGED = (
    ("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"),
    (
        "'office', h.office_id,",
        "'office', coalesce(h.office_id, (SELECT m.office_id FROM public.procedures_step f JOIN public.access_member m ON m.id = f.by_id"
        " WHERE f.case_id = c.id AND f.seq = 1)),",
    ),
    ("JOIN public.registry_household h", "LEFT JOIN public.registry_household h"),
    (
        "      AND (c.organisation_id = own OR c.organisation_id = ANY (opened))",
        "      AND (c.organisation_id = own OR (NOT c.confined AND c.organisation_id = ANY (opened)))\n"
        "      AND (c.hidden_from_id IS NULL OR c.hidden_from_id IS DISTINCT FROM public.procedures_office())",
    ),
)


def changed() -> str:
    text = before
    for old, new in CHANGED:
        if old not in text:
            raise ValueError(f"the function is another one: {old}")
        text = text.replace(old, new)
    return text


class Migration(migrations.Migration):
    dependencies = [("protection", "0004_by_act"), ("procedures", "0007_cases_without_a_file")]

    operations = [
        migrations.RunSQL(changed(), before.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")),
    ]
