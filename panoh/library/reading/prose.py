"""Everything that is no cable: situation reports, pages, plans, laws, letters. Blocks in, fields and paragraphs out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from panoh.library.reading.days import find_day
from panoh.library.reading.document import HEADING, PARAGRAPH, Paragraph, Reading
from panoh.library.reading.marks import RANKS, classification_of, written_over


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a document as its format tells it: `level` 1–6 for a heading, 0 for text."""

    text: str
    level: int = 0


MOST_PARAGRAPHS = 20_000
ARTICLE = re.compile(
    r"^(?:Article|Art\.|Статья|Моддаи|Модда|ماده|فصل|Section|Глава|Боби|Chapter|§)\s*([\d۰-۹IVXА-Я]+)[.:)]?\s*",
    re.IGNORECASE,
)
POINT = re.compile(r"^(\d{1,3}(?:\.\d{1,3}){0,3})[.)]\s+(?=\S)")
LETTER_POINT = re.compile(r"^\(?([a-zA-Zа-яА-Я]|[ivx]{1,4})[.)]\s+(?=\S)")
BULLET = re.compile(r"^[•·▪◦●○*–—-]\s+")
KIND_WORDS = (
    ("law", r"\blaw of the republic\b|\bзакон республики\b|қонуни ҷумҳурии|\bقانون\b|\bresolution no\b|постановление правительства|қарори ҳукумат"),
    ("plan", r"\b(?:response|action|contingency|operational|strategic) plan\b|план (?:действий|реагирования)|нақшаи"),
    ("report", r"\bsituation report\b|\bsitrep\b|\b(?:annual|monthly|quarterly|flash) (?:report|update)\b|\bотч[её]т\b|ҳисобот|گزارش"),
    ("letter", r"^\s*(?:dear|to whom|subject:|ref:)\b|уважаем|муҳтарам|محترم"),
)  # fmt: skip
# What pages of the web say and papers do not: where one is within the site, and what its script would do.
PAGE_WORDS = re.compile(
    r"\A\s*(?:home|главная|асосӣ|صفحهٔ? اصلی|خانه)\s*[>»›/]|email address is being protected from spambots|you need javascript",
    re.IGNORECASE,
)
SENTENCE_END = re.compile(r"[.!?؟۔…]$")
MARKED = re.compile(
    r"^\s*(?:classification\s*:\s*)?((?:UNCLASSIFIED|CONFIDENTIAL|RESTRICTED|STRICTLY CONFIDENTIAL|SECRET|INTERNAL|PUBLIC)(?://[A-Z ]+)?)\s*$"
)
# So many blocks from the beginning may say how closely a paper is kept.
HEAD = 12


def read_prose(blocks: list[Block], kind: str = "", title: str = "", heads: Sequence[str] = ()) -> Reading:
    """`heads` are lines that stand over each page and are no part of the text."""
    blocks = [block for block in blocks if block.text.strip()]
    text = "\n".join(block.text for block in blocks[:400])
    found = Reading(kind=kind or _kind(text, title))
    headings = [block.text for block in blocks if block.level == 1]
    publisher, first = ("", title) if title or headings else _head_of(blocks)
    found.origin = publisher
    found.subject = " ".join((first or (headings[0] if headings else "")).split())[:400]
    if len(blocks) > MOST_PARAGRAPHS:
        found.doubt("cut_short", str(len(blocks)))
    found.paragraphs = _paragraphs([*_without_fields(blocks[:6], found.subject), *blocks[6:MOST_PARAGRAPHS]])
    found.created, impossible = find_day(text[:6000])
    if impossible:
        found.doubt("impossible_date", impossible)
    if found.created is None:
        found.doubt("no_date")
    found.classification = _classification([*heads, title, *(block.text for block in blocks[:HEAD])])
    if not found.classification:
        found.doubt("classification_unknown")
    if not found.subject:
        found.doubt("no_subject")
    if not any(one.kind == PARAGRAPH for one in found.paragraphs):
        found.doubt("no_paragraphs")
    found.language = language_of(text)
    return found


def _classification(lines: Sequence[str]) -> str:
    """The highest that these lines name, in capitals with what may follow them (//NOFORN), or in words of any of the languages."""
    named = [known for line in lines if (match := MARKED.match(line)) and (known := classification_of(match[1]))]
    return max([*named, *filter(None, [written_over(lines)])], key=RANKS.__getitem__, default="")


def _without_fields(blocks: list[Block], title: str) -> list[Block]:
    """The first blocks without those that only say what is a field by now: the title, the classification, the day.

    A sentence stays: where a text has no title its first sentence is taken for one, and is still part of the text.
    """
    return [
        block
        for block in blocks
        if (" ".join(block.text.split()) != title or SENTENCE_END.search(title))
        and not MARKED.match(block.text)
        and not (len(block.text) < 30 and find_day(block.text)[0])
    ]


def blocks_of_text(text: str) -> list[Block]:
    """Plain text: paragraphs between empty lines or, where it has long lines, a paragraph to a line."""
    lines = text.split("\n")
    long_lines = sum(len(line) > 160 for line in lines)
    if long_lines * 4 >= sum(bool(line.strip()) for line in lines) or long_lines > 20:
        pieces = [line.strip() for line in lines]
    else:
        pieces = []
        for piece in re.split(r"\n[ \t]*\n", text):
            current: list[str] = []
            for line in piece.split("\n"):
                if current and (POINT.match(line.strip()) or ARTICLE.match(line.strip()) or BULLET.match(line.strip())):
                    pieces.append(" ".join(current))
                    current = []
                current.append(line.strip())
            pieces.append(" ".join(current))
    pieces = [" ".join(piece.split()) for piece in pieces[: 2 * MOST_PARAGRAPHS] if piece.strip()]
    return [
        Block(piece, 2 if at and _is_heading(piece, pieces[at + 1] if at + 1 < len(pieces) else "") else 0)
        for at, piece in enumerate(pieces)
    ]


def _is_heading(piece: str, following: str) -> bool:
    return (
        len(piece) <= 80
        and len(piece.split()) <= 10
        and not re.search(r"[.!?;,،؛]$|\d{4,}|@|https?:", piece)
        and bool(following)
        and (len(following) > 90 or piece.endswith(":"))
        and not BULLET.match(piece)
    )


def _paragraphs(blocks: list[Block]) -> list[Paragraph]:
    found: list[Paragraph] = []
    section = ""
    for block in blocks:
        words = " ".join(block.text.split())
        if block.level:
            section = words[:300]
            found.append(Paragraph(words, kind=HEADING))
            continue
        label = ""
        if match := ARTICLE.match(words):
            label = match[1]
        elif match := POINT.match(words) or LETTER_POINT.match(words):
            label, words = match[1], words[match.end() :]
        elif match := BULLET.match(words):
            words = words[match.end() :]
        found.append(Paragraph(words, label=label, section=section))
    return found


def _head_of(blocks: list[Block]) -> tuple[str, str]:
    """(publisher, title) of a text without a title of its own: a first line that begins a later one as well names who publishes."""
    lines = [
        block.text for block in blocks if len(block.text) > 3 and "›" not in block.text and " > " not in block.text
    ][:400]
    if not lines:
        return "", ""
    first = " ".join(lines[0].split())
    if 3 < len(first) < 80 and len(lines) > 3 and any(line.startswith(f"{first} ") for line in lines[3:]):
        return first, lines[1][:200]
    return "", lines[0][:200]


def _kind(text: str, title: str) -> str:
    start = f"{title}\n{text[:3000]}".lower()
    if PAGE_WORDS.search(text):
        return "web_page"
    for kind, pattern in KIND_WORDS:
        if re.search(pattern, start, re.MULTILINE):
            return kind
    return "report"


def language_of(text: str) -> str:
    """en, ru, tg or fa, by the letters and a few words that only one of them has."""
    sample = text[:20_000].lower()
    arabic = len(re.findall("[\u0600-\u06ff]", sample))
    cyrillic = len(re.findall("[\u0400-\u04ff]", sample))
    latin = len(re.findall("[a-z]", sample))
    if arabic > max(cyrillic, latin):
        return "fa"
    if cyrillic > max(arabic, latin):
        own = len(re.findall("[ӣӯғқҳҷ]", sample)) + 3 * len(
            re.findall(r"\b(?:ва|аз|дар|ки|барои|ба|ҷумҳурии)\b", sample)
        )
        return "tg" if own * 60 > cyrillic else "ru"
    return "en" if latin else ""
