"""Supervision by act counts what was told, done or issued after a case was closed in the month in which it was: a monitor often hears of it later.

The page asked only for cases that were open in the month, so a safeguard that a family said was broken, a visit after the end, a paper that was
handed out late stood in no month at all.
"""

import importlib

from django.db import migrations

before = importlib.import_module("panoh.protection.migrations.0005_nobodys_file").changed

OPEN = "WHEN by_act THEN c.closed_on IS NULL OR c.closed_on >= since ELSE"
# Of closed cases the last step is looked up by its key; answers of monitors and papers of so few days are gathered once.
HAPPENED = """WHEN by_act THEN c.closed_on IS NULL OR c.closed_on >= since
          OR EXISTS (SELECT FROM public.procedures_step s WHERE s.case_id = c.id AND s.seq = c.version AND s.occurred_on >= since)
          OR c.id IN (SELECT a.case_id FROM public.procedures_safeguardanswer a WHERE a.on >= since)
          OR c.id IN (SELECT p.case_id FROM public.papers_paper p WHERE p.issued_on >= since AND p.case_id IS NOT NULL) ELSE"""


def changed() -> str:
    text = before()
    if OPEN not in text:
        raise ValueError("the function is another one")
    return text.replace(OPEN, HAPPENED)


class Migration(migrations.Migration):
    dependencies = [("protection", "0006_law_steps")]

    operations = [migrations.RunSQL(changed(), before())]
