"""What is no name, and what pretends to be one: the page, the command and programs answer it, and never read a whole table of names."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from panoh.identity.likeness import Asked
from panoh.identity.words import words_of
from panoh.kernel.problems import Problem
from panoh.registry.commands import register
from panoh.registry.queries.likely import MOST_READINGS, MOST_WORDS_ASKED, ask_every_way
from panoh.registry.queries.probes import MOST_PROBES
from tests.signing_in import client_of

pytestmark = pytest.mark.django_db

# Each with the status that the page and a program answer with: 200, or 422 and a Problem that says what to do.
QUESTIONS = {
    "empty": ("", 422),
    "blanks": (" \u00a0\u2003\u3000\t", 422),
    "one letter": ("х", 200),
    "ten thousand letters": ("м" * 10_000, 422),
    "two thousand words": ("محمد " * 2_000, 422),
    "as long as may be": (("Naim " * 40)[:199], 200),
    "homoglyphs": ("Tоҷик Муҳaммaд Hаим", 200),
    "three scripts in a word": ("Муhمد Nаیm", 200),
    "control characters": ("Mo\x01ham\x1b[2Jmad\x85 Na\x7fim", 200),
    "control characters alone": ("\x01\x02\x08\x1b\x7f", 422),
    "bidi": ("\u202e\u2066محمد\u2069 \u200fنعیم\u200d", 200),
    "bidi alone": ("\u202e\u2066\u2069\u200f\ufeff", 422),
    "half a character": ("Na\udfffim", 200),
    "digits": ("1" * 150, 200),
    "digits of three scripts": ("12۳۴٥٦ Naim", 200),
    "emoji": ("😀👨‍👩‍👧", 422),
    "emoji round a name": ("😀 Mohammad 👨‍👩‍👧 Naim", 200),
    "half-width and full-width": ("Ｍｏｈａｍｍａｄ ﾅｲﾑ", 200),
    "mathematical letters": ("𝕹𝖆𝖎𝖒", 200),
    "heaps of accents": ("N" + "\u0337\u0328\u0353" * 60, 200),
    "patterns of SQL": ("%m_ham%", 200),
    "patterns of regex": ("(.+)+$|[a-z]*{1,9999} naim", 200),
    "patterns alone": ("%_*[(\\", 422),
    "an injection": ("'; DROP TABLE registry_person; --", 200),
    "operators of arrays": ("{1,2} && ARRAY[naim]", 200),
    "a script that is not ours": ("日本語 ᚠᛇᚻ", 200),
}  # fmt: skip
questions = pytest.mark.parametrize(("text", "status"), QUESTIONS.values(), ids=QUESTIONS)


@contextmanager
def no_table_of_names_read_whole() -> Iterator[None]:
    def reads() -> dict[str, int]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT relname, seq_scan FROM pg_stat_xact_user_tables WHERE relname = ANY (%s)",
                [["registry_nameindex", "registry_word", "registry_wordkey", "registry_name"]],
            )
            return dict(cursor.fetchall())

    before = reads()
    assert len(before) == 4
    yield
    assert reads() == before


@questions
def test_the_page_answers(family, world, text, status):
    with no_table_of_names_read_whole():
        answer = client_of(world.members["registration_clerk"]).get("/search", {"q": text.encode("utf-8", "replace")})
    # Nothing typed is no mistake on a page that was only opened.
    assert answer.status_code == (200 if not text.strip() else status)
    assert 'role="search"' in answer.content.decode()


@questions
def test_a_program_is_answered(family, world, text, status):
    with no_table_of_names_read_whole():
        asked = {"query": text.encode("utf-8", "replace")}
        answer = client_of(world.members["registration_clerk"]).get("/api/v1/persons", asked)
    assert answer.status_code == status, answer.content
    if status != 200:
        assert answer.json()["code"].startswith("registry.search.")


@questions
def test_the_command_answers(family, world, capsys, text, status):
    parser = argparse.ArgumentParser()
    register(parser.add_subparsers())
    given = parser.parse_args(["search", "--as", world.members["registration_clerk"].account.username, "--", text])
    with no_table_of_names_read_whole():
        if status == 200:
            assert given.run(given) == 0
            assert capsys.readouterr().out
        else:
            with pytest.raises(Problem, match=r"registry\.search"):
                given.run(given)


@questions
def test_the_index_is_asked_for_little_whatever_is_typed(family, clerk, text, status):
    """So many readings at most, each of so many groups: what is asked does not grow with what is typed."""
    question, _persons = ask_every_way(Asked(words_of(text)[:MOST_WORDS_ASKED]))
    readings = [question, *question.other_readings]
    assert len(readings) <= 1 + MOST_READINGS
    assert all(len(reading.probes.groups) <= MOST_PROBES for reading in readings)


def test_the_scan_would_be_noticed(family, clerk):
    """The counter that the tests above read moves where a table is read as a whole."""
    with pytest.raises(AssertionError), no_table_of_names_read_whole(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_indexscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute("SELECT count(*) FROM registry_name")
