"""A register that is loaded as a whole stands in the database as one that was registered person by person."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
from django.db import connections

from panoh.access.context import acting
from panoh.registry import measured_register
from panoh.registry.measured_register import LOADED, load
from panoh.registry.measuring import _officer
from panoh.registry.nameindex import index_persons
from panoh.registry.queries.search import Wanted, rank_persons
from panoh.registry.queries.vocabulary import forget_vocabulary

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

REGISTER = """id,full_name,script,father_name,sex,birth_date,birth_year,country,province
1,محمد نعیم,Arab,عبدالکریم,M,1979-03-21,1979,AF,Balkh
2,Mohammad Mohammad,Latn,Mohammad Ali,M,,1980,AF,Herat
3,"Гулнора ""Гул"" Раҳмонова",Cyrl,Раҳмон,F,,,TJ,Khatlon
4,Zahra\\tAhmadi,Latn,,X,1990-01-01,1990.0,AF,Kabul
"""

SCHEMA = """
SELECT conrelid::regclass::text AS at, conname::text AS name, pg_get_constraintdef(oid) AS said FROM pg_constraint
WHERE conrelid = ANY (%s::regclass[])
UNION SELECT indrelid::regclass::text, indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
WHERE indrelid = ANY (%s::regclass[])
"""
INDEX = "SELECT person_id, terms, version FROM registry_nameindex ORDER BY person_id"
KEYS = "SELECT word, sound, key, version FROM registry_word JOIN registry_wordkey ON word_id = id ORDER BY word, key"


@pytest.fixture
def owner():
    connections["owner"].ensure_connection()
    return connections["owner"].connection


@pytest.fixture
def loaded(owner, tmp_path):
    """(the schema before and after, how many were loaded)"""
    path = tmp_path / "register.csv"
    path.write_text(REGISTER)
    forget_vocabulary()
    officer = measured_register._open(owner)
    before = set(owner.execute(SCHEMA, [list(LOADED)] * 2).fetchall())
    count = load(owner, path, officer, lambda done: None)
    yield before, set(owner.execute(SCHEMA, [list(LOADED)] * 2).fetchall()), count
    forget_vocabulary()


def test_every_index_and_reference_is_back(loaded):
    before, after, count = loaded
    assert count == 4
    assert after == before


def test_the_index_is_what_an_act_would_write(loaded, owner):
    rows, keys = owner.execute(INDEX).fetchall(), owner.execute(KEYS).fetchall()
    assert len(rows) == 4
    owner.execute("UPDATE registry_nameindex SET terms = '{}', version = 0")
    assert index_persons(owner, nullcontext, lambda done, total: None) == 4
    assert owner.execute(INDEX).fetchall() == rows
    # Words made anew get the same keys: nothing of them was written otherwise.
    owner.execute("DELETE FROM registry_nameindex")
    owner.execute("DELETE FROM registry_wordkey")
    owner.execute("DELETE FROM registry_word")
    index_persons(owner, nullcontext, lambda done, total: None)
    assert owner.execute(KEYS).fetchall() == keys


def test_who_was_loaded_is_found_in_another_script(loaded):
    officer = _officer()
    with acting(officer):
        found = [rank_persons(officer, *asked).drafts for asked in (
            ("Муҳаммад Наим", Wanted(father="Abdul Karim", birth_year=1979)), ("گلنورا رحمان", Wanted()),
        )]  # fmt: skip
    assert [[draft.number for draft in drafts[:1]] for drafts in found] == [["P-1"], ["P-3"]]
