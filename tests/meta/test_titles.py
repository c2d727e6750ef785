"""What pages show of verbs and of entries are words in four languages, never codes."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest
from django.utils.translation import override

from panoh.access.verbs import list_verbs, verb_title
from panoh.ledger.kinds import kind_title
from tests.meta.sources import python_files

LANGUAGES = ("en", "ru", "tg", "prs")


def kinds_in_the_code() -> Iterator[str]:
    """Every kind that is written out where an entry is recorded, and the constants that stand for one."""
    for path in python_files("panoh"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.keyword) and node.arg == "kind" and isinstance(node.value, ast.Constant):
                yield str(node.value.value)
            named = [getattr(name, "id", "") for name in node.targets] if isinstance(node, ast.Assign) else []
            if any(name.endswith("_CHANGED") for name in named) and isinstance(node.value, ast.Constant):
                yield str(node.value.value)


KINDS = sorted({kind for kind in kinds_in_the_code() if kind.count(".") == 2})


def test_the_code_records_entries_of_many_kinds() -> None:
    assert len(KINDS) > 35 and "access.account.password_changed" in KINDS


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_entry_has_a_title(language: str) -> None:
    with override(language):
        assert [kind for kind in KINDS if kind_title(kind) == kind] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_verb_has_a_title(language: str) -> None:
    with override(language):
        assert [verb.name for verb in list_verbs() if verb_title(verb.name) == verb.name] == []
