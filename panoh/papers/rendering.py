"""Papers as PDF: a template of the country, data as one JSON text, our own fonts. About 10 ms a document.

Data reaches Typst only through `sys.inputs`, where it is text and never markup, so that no name can change a paper.
System fonts are ignored: the same paper looks the same on every machine, and a letter that our fonts lack is found by a
test, not by a family. A compiler is kept for each thread and template, because making one costs more than a document.
"""

from __future__ import annotations

import functools
import io
import json
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import segno
import typst
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
FONTS = Path(__file__).parent / "fonts"

_compilers = threading.local()


class TemplateMissing(LookupError):
    """The country's letters hold no template of this name: a fault of its data."""


def render_pdf(template: str, inputs: Mapping[str, Any], *, made_at: datetime | None = None) -> bytes:
    """The PDF of a template with these inputs. The same inputs and instant give the same bytes."""
    return _render(
        template, inputs, "pdf", timestamp=(made_at or datetime.now(UTC)).replace(microsecond=0), pdf_standards=["a-2b"]
    )


def render_png(template: str, inputs: Mapping[str, Any], *, ppi: float = 100) -> bytes:
    """The first page as a picture, for previews on the screen."""
    made = _render(template, inputs, "png", ppi=ppi)
    return made[0] if isinstance(made, list) else made


def _render(template: str, inputs: Mapping[str, Any], form: str, **more: Any) -> Any:
    compiler = _compiler(template)
    return compiler.compile(format=form, sys_inputs={"data": json.dumps(inputs, ensure_ascii=False)}, **more)


def _compiler(template: str) -> typst.Compiler:
    path = template_path(template)
    kept = _compilers.__dict__.setdefault("kept", {})
    if path not in kept:
        # Typst imports the shared frame by its path from the root of the repository.
        kept[path] = typst.Compiler(input=str(path), root=str(ROOT), font_paths=_fonts(), sys_inputs={"data": "{}"})
    return kept[path]


def template_path(template: str) -> Path:
    path = ROOT / "countries" / settings.COUNTRY / "letters" / f"{template}.typ"
    if not template.isidentifier() or not path.is_file():
        raise TemplateMissing(template)
    return path


@functools.cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def qr_bytes(text: str) -> list[int]:
    """A QR code as an SVG picture, in the form in which templates take pictures: its bytes as numbers.

    Level Q survives a quarter of the square being worn or torn off; papers are folded and carried for years.
    """
    written = io.BytesIO()
    segno.make(text, error="q", micro=False, boost_error=False).save(
        written, kind="svg", border=2, dark="#1c2230", light="#ffffff", xmldecl=False, svgns=True
    )
    return list(written.getvalue())
