"""HTML to blocks, by the standard library's parser. Scripts, styles and forms are left out; nothing is fetched."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from panoh.library.reading.prose import Block

BLOCKS = {"p", "div", "li", "td", "th", "tr", "table", "section", "article", "blockquote", "dd", "dt", "br", "hr", "ul", "ol", "body", "figcaption", "caption", "header", "main", "address", "center"}  # fmt: skip
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
LEFT_OUT = {"script", "style", "noscript", "iframe", "object", "embed", "svg", "template", "select", "option", "button"}
FRAME = {"nav", "footer", "aside", "form"}
VOID = {"br", "hr", "img", "input", "meta", "link", "col", "area", "base", "source", "wbr"}
DEEPEST = 2_000


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.pieces: list[str] = []
        self.title = ""
        self.out: list[str] = []
        self.level = 0
        self.pre = 0
        self.in_title = False
        self.scripts = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in LEFT_OUT or tag in FRAME:
            self.scripts = self.scripts or tag in ("script", "iframe", "object", "embed")
            if len(self.out) < DEEPEST:
                self.out.append(tag)
        if any(name.startswith("on") for name, _value in attrs):
            self.scripts = True
        if self.out:
            return
        if tag == "title":
            self.in_title = True
        elif tag == "pre":
            self._flush()
            self.pre += 1
        elif tag == "br":
            self.pieces.append("\n")
        elif tag in HEADINGS:
            self._flush()
            self.level = int(tag[1])
        elif tag in BLOCKS:
            self._flush()
            if tag == "li":
                self.pieces.append("• ")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.out:
            while self.out and self.out.pop() != tag:
                pass
            return
        if self.out:
            return
        if tag == "title":
            self.in_title = False
        elif tag == "pre":
            self._flush()
            self.pre = max(0, self.pre - 1)
        elif tag in HEADINGS:
            self._flush(self.level or int(tag[1]))
            self.level = 0
        elif tag in BLOCKS:
            self._flush()

    def handle_data(self, data: str) -> None:
        if self.in_title:
            self.title += data
        elif not self.out:
            self.pieces.append(data if self.pre else re.sub(r"[ \t\r\n\f]+", " ", data))

    def _flush(self, level: int = 0) -> None:
        text = "".join(self.pieces)
        self.pieces = []
        if not self.pre:
            text = "\n".join(" ".join(line.split()) for line in text.split("\n"))
        if text.strip():
            self.blocks.append(Block(text.strip("\n"), level or self.level))


def read_markup(text: str) -> tuple[list[Block], str, bool]:
    """(blocks, title, whether scripts were left out)."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    reader._flush()
    return reader.blocks, " ".join(reader.title.split()), reader.scripts


def as_text(blocks: list[Block]) -> str:
    """The blocks as lines again, for what is a cable within a page."""
    return "\n".join(block.text for block in blocks)


def declared_encoding(content: bytes) -> str:
    match = re.search(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w-]{2,40})""", content[:4096], re.IGNORECASE)
    return match[1].decode("ascii") if match else ""
