"""A bundle can be printed whatever letters a source bears."""

from __future__ import annotations

import re
import sys

import pytest

from panoh.library.printing import NOT_PRINTED, printable
from panoh.papers.rendering import render_pdf


def item(text: str) -> dict:
    return {
        "title": "t",
        "source": "s",
        "label": "",
        "text": text,
        "rtl": False,
        "note": "",
        "change": "",
        "address": "a",
    }


def test_our_fonts_hold_every_letter_that_is_let_through():
    let_through = "".join(chr(code) for code in range(32, sys.maxunicode) if not NOT_PRINTED.match(chr(code)))
    made = render_pdf(
        "source_bundle",
        {
            "title": "t",
            "heading": "h",
            "made": "m",
            "language": "en",
            "official": "en",
            "draft": None,
            "items": [item(let_through)],
        },
    )
    assert made.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("text", "shown"), [("A ████ B", "A […] B"), ("😀 ok", "? ok"), ("گزارش — Ҳисобот", "گزارش — Ҳисобот")]
)
def test_what_our_fonts_lack_is_a_question_mark(text, shown):
    assert printable(text) == shown
    assert not re.search("[█😀]", printable(text))
