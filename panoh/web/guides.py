"""The guides of `docs/guides` as pages: each role's in the reader's language, from the same files that the repository shows.

The files keep to a small part of Markdown (headings, lists, tables, commands, bold, links, addresses in backticks), which is all that is read here. An address
that stands behind a label becomes the label's link; the name of a permission, which is for whoever administers, is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.urls import Resolver404, resolve, reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

FOLDER = Path(settings.BASE_DIR) / "docs" / "guides"
ROLES = FOLDER / "roles"
WRITTEN_IN = "en"
REFUGEE = "refugee"

VERB = re.compile(r" \(`[a-z_]+(?:\.[a-z_]+)+`\)")
LABELLED = re.compile(r"\*\*([^*]+)\*\* \(`(/[^`]*)`\)")
ADDRESS = re.compile(r"`(/[^`]*)`")
EXAMPLE = re.compile(r" \(`(/[^`]*\d[^`]*)`\)")
CODE = re.compile(r"`([^`]+)`")
BOLD, EMPHASIS = re.compile(r"\*\*([^*]+)\*\*"), re.compile(r"\*([^*]+)\*")
LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
ITEM = re.compile(r"(\d+\.|-) +(.*)")


@dataclass(frozen=True, slots=True)
class Guide:
    """A guide: its heading, and the rest as a page shows it."""

    title: str
    language: str
    html: SafeString


def list_roles() -> tuple[str, ...]:
    """Whoever has a guide, in the order of the alphabet of their codes; people whose files are kept come first."""
    found = sorted(path.stem for path in ROLES.glob("*.md"))
    return (REFUGEE, *(role for role in found if role != REFUGEE))


@cache
def find_guide(role: str, language: str) -> Guide | None:
    """The guide of a role, in English where it is not written in the language."""
    return _read(ROLES / language / f"{role}.md", language) or _read(ROLES / f"{role}.md", WRITTEN_IN)


@cache
def find_topic(topic: str) -> Guide | None:
    """What several roles need to know of one matter; in English."""
    return _read(FOLDER / f"{topic}.md", WRITTEN_IN)


def _read(path: Path, language: str) -> Guide | None:
    if not path.is_file():
        return None
    text = path.read_text(encoding="utf-8")
    return Guide(_title_of(text), language, to_html(text.partition("\n")[2]))


def _title_of(text: str) -> str:
    return text.partition("\n")[0].removeprefix("# ").strip()


def to_html(text: str) -> SafeString:
    """The part of Markdown that the guides are written in."""
    out: list[str] = []
    for block in re.split(r"\n\s*\n", text.strip()):
        lines = block.splitlines()
        if lines[0].startswith("## "):
            out.append(f"<h2>{_inline(lines.pop(0).removeprefix('## '))}</h2>")
        if lines and lines[0].startswith("```"):
            out.append(_commands(lines[1:-1]))
        elif lines and all(line.startswith("    ") for line in lines):
            out.append(_commands([line[4:] for line in lines]))
        elif lines and ITEM.match(lines[0]):
            out.append(_list(lines))
        elif lines and lines[0].startswith("|"):
            out.append(_table(lines))
        elif lines:
            out.append(f"<p>{_inline(' '.join(line.strip() for line in lines))}</p>")
    return mark_safe("\n".join(out))  # noqa: S308 - put together from the repository's own files, each text escaped


def _commands(lines: list[str]) -> str:
    """What is typed into a machine, as it stands."""
    return f'<pre dir="ltr"><code>{escape(chr(10).join(lines))}</code></pre>'


def _list(lines: list[str]) -> str:
    items: list[str] = []
    for line in lines:
        begun = ITEM.match(line)
        if begun:
            items.append(begun[2])
        else:
            items[-1] += " " + line.strip()
    first = lines[0].partition(".")[0]
    tag, start = ("ol", "" if first == "1" else f' start="{first}"') if first.isdigit() else ("ul", "")
    return f"<{tag}{start}>{''.join(f'<li>{_inline(item)}</li>' for item in items)}</{tag}>"


def _table(lines: list[str]) -> str:
    heads, *rows = (
        [_inline(cell.strip()) for cell in line.strip("|").split("|")] for line in lines if "|---" not in line
    )
    head = "".join(f'<th scope="col">{cell}</th>' for cell in heads)
    body = "".join(
        "<tr>" + "".join(f'<td data-label="{of}">{cell}</td>' for of, cell in zip(heads, row, strict=True)) + "</tr>"
        for row in rows
    )
    return f'<table class="fold"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _inline(text: str) -> str:
    text = EXAMPLE.sub("", VERB.sub("", escape(text)))
    text = LABELLED.sub(lambda found: f'<a href="{found[2]}"><strong>{found[1]}</strong></a>', text)
    text = ADDRESS.sub(_address, text)
    text = CODE.sub(r'<code dir="ltr">\1</code>', text)
    text = EMPHASIS.sub(r"<em>\1</em>", BOLD.sub(r"<strong>\1</strong>", text))
    return LINK.sub(_link, text)


def _address(found: re.Match[str]) -> str:
    return f'<a href="{found[1]}"><bdi>{found[1]}</bdi></a>' if _is_page(found[1]) else f"<bdi>{found[1]}</bdi>"


def _is_page(address: str) -> bool:
    try:
        resolve(address)
    except Resolver404:
        return False
    return True


def _link(found: re.Match[str]) -> str:
    """Another guide is a page too, called by its heading; what lies outside the guides is for whoever has the repository, and is only named."""
    topic = FOLDER / Path(found[2]).name
    if topic.suffix == ".md" and topic.is_file():
        address = reverse("help_topic", args=[topic.stem])
        return f'<a href="{address}"><bdi lang="{WRITTEN_IN}">{escape(_title_of(topic.read_text(encoding="utf-8")))}</bdi></a>'
    return f"<bdi>{found[1]}</bdi>"
