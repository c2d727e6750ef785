"""The third part of a cable: its paragraphs. Page headings that the transmission put into the text are taken out, and
what they tore apart is joined again."""

from __future__ import annotations

import re
from dataclasses import replace

from panoh.library.reading.cable_head import PAGE, SECTION_START
from panoh.library.reading.document import HEADING, PARAGRAPH, SIGNATURE, Paragraph
from panoh.library.reading.marks import split_mark

# ¶1. (SBU) text · 1. text · 1) (U) text · (1) text
NUMBERED = re.compile(r"^[ \t]*(?:¶[ \t]*(\d{1,3})|\(?(\d{1,3}))[ \t]*(?:[.):]|(?=\())[ \t]*(?=\S|$)")
LETTERED = re.compile(r"^[ \t]*(?:¶[ \t]*\(?([A-Za-z])[.)]|\(?([A-Z]|[IVX]{2,4})[.)](?=[ \t]))[ \t]*")
BULLET = re.compile(r"^[ \t]*(?:--?|[•*·o]|[-–—]{1,2})[ \t]+(?=\S)")
RULE = re.compile(r"^[ \t]*[-=_*~.]{3,}(?:[ \t]+[-=_*~]+)*[ \t]*$")
RULE_AT_END = re.compile(r"(?m)(?<=\w)[ \t]+([-=]{6,}(?:[ \t]+[-=]+)*)[ \t]*$")
CAPTION_ALONE = re.compile(r"^[ \t]*(?:SIPDIS|SENSITIVE SIPDIS)[ \t]*$")
SIGNED = re.compile(r"^(.*[.!?)\"'”*-])\s+([A-Z]{3,}(?:[ -][A-Z]+)?)$", re.DOTALL)
STOPPED = re.compile(r"[.!?:;)\"'”*]$")
NO_NAMES = {"END", "TEXT", "SUMMARY", "COMMENT", "END TEXT", "END SUMMARY", "END COMMENT", "NNNN", "NOTE"}
END = re.compile(r"^[ \t]*(?:NNNN|BT|#?\d{4})[ \t]*$")
TORN = re.compile(r"[\w,;:'’\"-]$")


def read_body(text: str) -> list[Paragraph]:
    """Paragraphs in their order, headings among them; each knows under which heading it stands."""
    found: list[Paragraph] = []
    section = ""
    for kind, block in _blocks(_without_pages(text)):
        if kind == HEADING:
            section = block
            found.append(Paragraph(block, kind=HEADING, section=""))
            continue
        label, mark, words = _peel(block)
        if not words and not label:
            continue
        found.append(Paragraph(words, label=label, mark=mark, section=section, kind=PARAGRAPH))
    return _with_signature(found)


def numbers_of(paragraphs: list[Paragraph]) -> list[int]:
    return [int(one.label) for one in paragraphs if one.label.isdigit()]


def _without_pages(text: str) -> str:
    """Take out page headings and what belongs to a new transmission section; join a sentence that one tore apart."""
    lines: list[str] = []
    torn = False
    skipping = False
    for line in RULE_AT_END.sub("\n\\1", text).split("\n"):
        line = line.rstrip()
        if CAPTION_ALONE.match(line):
            continue
        if PAGE.match(line) or SECTION_START.match(line):
            torn, skipping = True, bool(SECTION_START.match(line))
            while lines and not lines[-1].strip():
                lines.pop()
            continue
        if torn:
            bare = line.strip()
            # after UNCLAS SECTION 02 OF 03 the captions and the subject are printed again
            if not bare or (
                skipping
                and re.match(r"^(?:SIPDIS|SENSITIVE|NOFORN|E\.?O\.?\s?1\d{4}|TAGS|SUBJECT|DEPT|STATE FOR)\b", bare)
            ):
                continue
            torn = skipping = False
            if not (
                lines
                and TORN.search(lines[-1])
                and (bare[0].islower() or (TORN.search(lines[-1][-1:]) and not _begins(line)))
            ):
                lines.append("")
        lines.append(line)
    return "\n".join(lines)


def _begins(line: str) -> bool:
    return bool(NUMBERED.match(line) or LETTERED.match(line) or BULLET.match(line) or RULE.match(line))


def _blocks(text: str) -> list[tuple[str, str]]:
    """Cut at empty lines, at numbers, at letters, and at headings with their rules."""
    lines = text.split("\n")
    found: list[tuple[str, str]] = []
    current: list[str] = []
    expected = 0

    def flush(before_number: bool = False) -> None:
        nonlocal current
        title = ""
        # A heading that stands at the foot of a paragraph without an empty line, before the next number.
        if (
            before_number
            and len(current) > 1
            and current[-1].isupper()
            and len(current[-1]) < 70
            and re.search(r"[.!?)\"”]$", current[-2])
        ):
            title = current.pop()
        words = " ".join(" ".join(current).split())
        if words:
            if found and found[-1][0] == PARAGRAPH and _goes_on(found[-1][1], words):
                found[-1] = (PARAGRAPH, f"{found[-1][1]} {words}")
            else:
                found.append((PARAGRAPH, words))
        if title:
            found.append((HEADING, title))
        current = []

    for at, line in enumerate(lines):
        bare = line.strip()
        if not bare:
            flush()
        elif RULE.match(line):
            # a rule under a line that stands alone makes it a heading; so does one above and one below
            if (
                len(current) in (1, 2, 3)
                and not NUMBERED.match(current[0])
                and sum(map(len, current)) < 160
                and _is_title(" ".join(current))
            ):
                found.append((HEADING, " ".join(" ".join(current).split()).strip("-=_* ")))
                current = []
            else:
                flush()
        elif END.match(line) and at > len(lines) - 6:
            flush()
        else:
            number = NUMBERED.match(line)
            if number and _plausible(number, line, expected, bool(current)):
                flush(before_number=True)
                expected = int(number[1] or number[2]) + 1
            elif current and ((LETTERED.match(line) and _new_letter(line, current)) or BULLET.match(line)):
                flush()
            current.append(bare)
    flush()
    found = _mended(found)
    return [_heading_or_not(block, following) for block, following in zip(found, [*found[1:], None], strict=False)]


def _goes_on(before: str, after: str) -> bool:
    """Whether an empty line tore one sentence in two."""
    return (
        len(before) > 60
        and bool(re.search(r"[a-z,]$", before))
        and bool(re.match(r"[a-z]", after))
        and not _begins(after)
    )


def _mended(blocks: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """A text with empty lines between its lines: where many blocks end in the middle of a sentence, they are joined."""
    long = [words for kind, words in blocks if kind == PARAGRAPH and len(words) > 40]
    open_ended = sum(not STOPPED.search(words) for words in long)
    if open_ended < 5 or open_ended * 3 < len(long):
        return blocks
    found: list[tuple[str, str]] = []
    for kind, words in blocks:
        if (
            found
            and kind == PARAGRAPH == found[-1][0]
            and len(found[-1][1]) > 40
            and not STOPPED.search(found[-1][1])
            and not _begins(words)
            and not words.isupper()
        ):
            found[-1] = (PARAGRAPH, f"{found[-1][1]} {words}")
        else:
            found.append((kind, words))
    return found


def _plausible(number: re.Match[str], line: str, expected: int, within: bool) -> bool:
    """Whether a number begins a paragraph: marked ¶, or in sequence; "1992." at the start of a broken line is none."""
    if number[1]:
        return True
    value = int(number[2])
    follows = line[number.end() :]
    return (
        value == expected
        or (expected == 0 and value in (1, 2))
        or (follows.startswith("(") and 0 < value < 200)
        or (not within and 0 < value <= expected + 3)
    )


def _new_letter(line: str, current: list[str]) -> bool:
    """A letter begins a point where the line before is ended, or the letter is marked; "J. Harman" after "and" is none."""
    return line.lstrip().startswith("¶") or not TORN.search(current[-1]) or current[-1].rstrip().endswith((":", ";"))


def _peel(block: str) -> tuple[str, str, str]:
    """(label, mark, words) of a block: ¶3. (SBU) words; the letter of a point is a label too."""
    label = ""
    words = block
    if match := NUMBERED.match(block):
        label, words = match[1] or match[2], block[match.end() :]
    elif match := LETTERED.match(block):
        label, words = (match[1] or match[2]).upper(), block[match.end() :]
    mark, words = split_mark(words.lstrip())
    return label, mark, words.strip()


def _is_title(text: str) -> bool:
    return len(text) < 160 and not text.rstrip().endswith((",", ";")) and not BULLET.match(text)


def _heading_or_not(block: tuple[str, str], following: tuple[str, str] | None) -> tuple[str, str]:
    """A short line that ends without a stop and stands before a paragraph is a heading."""
    kind, words = block
    if kind == HEADING or following is None or NUMBERED.match(words) or LETTERED.match(words) or BULLET.match(words):
        return block
    bare = re.sub(r"^\((?:U|SBU|C|S)\)\s*", "", words)
    short = (
        len(bare) <= 90
        and len(bare.split()) <= 12
        and not re.search(r"[.!?;,:]$", bare)
        and not re.search(r"\d{3,}", bare)
    )
    begins = bool(NUMBERED.match(following[1])) or (bare.isupper() and len(following[1]) > 90)
    return (HEADING, bare.strip("-=_* ")) if short and begins and bare.strip("-=_* ") else block


def _with_signature(found: list[Paragraph]) -> list[Paragraph]:
    """The name under a cable, alone and in capitals (GROSS), is who signed it."""
    if found and (signed := SIGNED.match(found[-1].text)) and signed[2] not in NO_NAMES and len(signed[1]) > 20:
        found[-1:] = [replace(found[-1], text=signed[1].strip()), Paragraph(signed[2], kind=SIGNATURE)]
    if len(found) > 1:
        last = found[-1]
        if not last.label and re.fullmatch(r"[A-Z][A-Za-z' -]{1,24}", last.text) and len(last.text.split()) <= 3:
            found[-1] = Paragraph(last.text, kind=SIGNATURE)
    return found
