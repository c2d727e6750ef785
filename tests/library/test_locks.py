"""Who sees which source: pages by the Q, the database by its policy, search by the rule of its functions. All three agree."""

from __future__ import annotations

import json

import pytest
from django.db import connection

from panoh.access.context import acting
from panoh.access.roles import ROLES
from panoh.library.models import Document
from panoh.library.operations.taking_in import take_in
from panoh.library.policy import document_scope
from panoh.library.queries.searching import counts, search
from panoh.library.reading.files import read_file
from panoh.library.rules.questions import read_question
from panoh.library.sources import Source
from tests.library.reading.sources import cable

pytestmark = pytest.mark.django_db(transaction=True)

ALL = {"06DUSHANBE412", "06DUSHANBE413", "06DUSHANBE414", "06DUSHANBE415"}


@pytest.fixture
def four(shelves, opened, closed):
    """An open and a confidential source of the UN, a sensitive one of the UN, a sensitive one of the authority."""

    def renumbered(number: int) -> str:
        return cable(**{"000412": f"000{number}", "#0412": f"#0{number}", "(C)": "(SBU)"})

    shelves.take_in(renumbered(414))
    shelves.take_in(renumbered(415), role="head_of_office")
    return shelves.world


def seen_by(actor) -> dict[str, set[str]]:
    with acting(actor), connection.cursor() as cursor:
        cursor.execute("SELECT refid FROM library_document")
        raw = {refid for (refid,) in cursor.fetchall()}
        by_q = set(Document.objects.filter(document_scope(actor)).values_list("refid", flat=True))
        searched = {hit.document.refid for hit in search(actor, read_question("certificate")).hits}
        counted = sum(counts(["all"])["all"].values())
    return {"raw": raw, "q": by_q, "searched": searched, "counted": counted}


def test_row_level_security_policy_and_search_say_the_same_for_every_role(four):
    for role in ROLES:
        found = seen_by(four.actor(role))
        assert found["raw"] == found["q"] == found["searched"], role
        assert found["counted"] == len(found["raw"]), role
    assert seen_by(four.actor("protection_officer"))["raw"] >= {"06DUSHANBE412", "06DUSHANBE413", "06DUSHANBE414"}
    assert seen_by(four.actor("register_officer"))["raw"] >= {"06DUSHANBE412", "06DUSHANBE414"}
    assert "06DUSHANBE413" not in seen_by(four.actor("register_officer"))["raw"]
    assert seen_by(four.actor("lawyer"))["raw"] == {"06DUSHANBE412"}
    assert seen_by(four.actor("registration_clerk"))["raw"] == {"06DUSHANBE412", "06DUSHANBE415"}
    assert seen_by(four.actor("administrator"))["raw"] == set()


def test_parts_of_a_hidden_source_are_hidden_too(four, closed):
    with acting(four.actor("lawyer")), connection.cursor() as cursor:
        for part in ("paragraph", "reference", "doubt", "revision", "documentreading", "redaction"):
            cursor.execute(f"SELECT count(*) FROM library_{part} WHERE document_id = %s", [closed.pk])
            assert cursor.fetchone() == (0,), part


def test_facets_tell_nothing_of_what_is_hidden(four):
    with acting(four.actor("lawyer")) as actor:
        found = search(actor, read_question("certificate"))
        assert found.total == 1
        assert found.facets["classification"] == [("UNCLASSIFIED", 1)]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM library_index",
        "SELECT * FROM library_count",
        "SELECT * FROM library_match",
        "DELETE FROM library_index",
    ],
)
def test_the_index_is_closed_to_raw_sql(four, statement):
    with (
        pytest.raises(Exception, match="permission denied"),
        acting(four.actor("protection_officer")),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_question_cannot_bring_conditions_of_its_own(four):
    """The rule is put together in the database; what is asked is bound. A value that looks like SQL is a value."""
    for name in ("origin", "kind", "classification", "language", "refid"):
        asked = {
            "most": 10,
            "skip": 0,
            "page": 10,
            "order": "best",
            "facets": True,
            "words": "",
            name: "x' OR true OR 'x",
        }
        with acting(four.actor("lawyer")), connection.cursor() as cursor:
            cursor.execute("SELECT library_find(%s)", [json.dumps(asked)])
            (told,) = cursor.fetchone()
            assert (json.loads(told) if isinstance(told, str) else told)["total"] == 0
    with acting(four.actor("lawyer")) as actor:
        assert search(actor, read_question("origin:\"x' OR true OR 'x\"")).total == 0


def test_without_the_rule_and_the_scope_the_function_would_show_everything(four, superuser):
    """Either is guard enough: the lawyer finds one with either taken away, all four with both."""

    def found() -> int:
        with acting(four.actor("lawyer")) as actor:
            return search(actor, read_question("certificate")).total

    open_to_all = {
        "library_rights": "(OUT everything boolean, OUT operator boolean, OUT reads boolean, OUT own uuid[], OUT top int)"
        " LANGUAGE sql AS $$ SELECT true, true, true, NULL::uuid[], 9 $$",
        "library_scope": "() RETURNS tsquery LANGUAGE sql AS $$ SELECT ''::tsquery $$",
    }
    for taken, total in ((["library_rights"], 1), (["library_scope"], 1), (["library_rights", "library_scope"], 4)):
        for name in taken:
            superuser.execute(f"ALTER FUNCTION {name}() RENAME TO {name}_kept")
            superuser.execute(f"CREATE FUNCTION {name}{open_to_all[name]}")
        try:
            assert found() == total, taken
        finally:
            for name in taken:
                superuser.execute(f"DROP FUNCTION {name}()")
                superuser.execute(f"ALTER FUNCTION {name}_kept() RENAME TO {name}")
    assert found() == 1


def test_hidden_sources_cost_a_question_nothing(shelves, opened, superuser):
    """Pages of the database that a question touches: as many for a word of sixty hidden sources as for a word of none."""
    hidden = [
        cable(**{"000412": f"{number:06}", "#0412": f"#{number:04}", "fees": "zebras"}).encode()
        for number in range(500, 560)
    ]
    with acting(shelves.world.actor("protection_officer")) as actor:
        take_in(
            by=actor, sources=[Source.of(f"{number}", text, read_file("x", text)) for number, text in enumerate(hidden)]
        )
    superuser.execute("VACUUM library_index")

    def touched(role: str, word: str) -> tuple[int, int]:
        asked = {"most": 1000, "skip": 0, "page": 20, "order": "best", "facets": True, "words": f"'{word}'"}
        with acting(shelves.world.actor(role)), connection.cursor() as cursor:
            pages = []
            for _ in range(3):  # the first time plans are made
                cursor.execute(
                    "EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) SELECT library_find(%s)", [json.dumps(asked)]
                )
                (told,) = cursor.fetchone()
                plan = (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]
                pages.append(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])
            cursor.execute("SELECT library_find(%s)", [json.dumps(asked)])
            (answer,) = cursor.fetchone()
        return (json.loads(answer) if isinstance(answer, str) else answer)["total"], pages[-1]

    none, without = touched("lawyer", "nowher")
    hits, pages = touched("lawyer", "zebra")
    assert (none, hits) == (0, 0)
    assert abs(pages - without) <= 2, (pages, without)
    seen, for_the_officer = touched("protection_officer", "zebra")
    assert seen == 60 and for_the_officer > pages + 30
