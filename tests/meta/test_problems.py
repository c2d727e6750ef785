"""Every refusal has a text: registered at start, saying what happened and what to do next."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import re

from django.conf import settings

from panoh.kernel import problems
from tests.meta.sources import python_files, shown

CODE = re.compile(r"[a-z_]+(?:\.[a-z_0-9]+){1,3}")


def raised() -> list[tuple[str, str, int]]:
    """(code, file, line) of each `Problem("…")` written out in the code."""
    found = []
    for path in python_files("panoh"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and node.args and called_name(node) == "Problem":
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found.append((first.value, shown(path), node.lineno))
    return found


def called_name(node: ast.Call) -> str:
    return getattr(node.func, "id", None) or getattr(node.func, "attr", "")


def test_every_room_registers_its_texts():
    missing = []
    for room in settings.ROOMS:
        name = f"panoh.{room}.problems"
        if importlib.util.find_spec(name) is None:
            continue
        catalogue = getattr(importlib.import_module(name), "CATALOGUE", {})
        missing += [code for code in catalogue if problems.find_text(code) is None]
    assert missing == [], "register them in the ready() of the room's AppConfig"


def test_every_refusal_that_is_raised_has_a_text():
    assert [each for each in raised() if problems.find_text(each[0]) is None] == []


def test_codes_are_words_of_their_room():
    odd = [each for each in raised() if not CODE.fullmatch(each[0])]
    assert odd == []


def test_every_text_says_what_happened_and_what_to_do_next():
    lacking = [
        code
        for code, text in problems.catalogue().items()
        if not (str(text.happened).strip() and str(text.next).strip())
    ]
    assert lacking == []
