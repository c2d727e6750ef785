"""The lines of a cable's body, before they are paragraphs: headings of pages are taken out and what they tore apart is joined;
how wide the sender wrapped his lines is found out, because a line that ends before it is full ends of its own will."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from panoh.library.reading.cable_head import PAGE, SECTION_START

# ¶1. (SBU) text · 1. text · 1) (U) text · (1) text; "12.39 countries" is the end of a sentence, not a number of a paragraph.
NUMBERED = re.compile(r"^[ \t]*(?:¶[ \t]*(\d{1,3})|\(?(\d{1,3}))[ \t]*(?:[):]|\.(?!\d)|(?=\())[ \t]*(?=\S|$)")
LETTERED = re.compile(r"^[ \t]*(?:¶[ \t]*\(?([A-Za-z])[.)]|\(?([A-Z]|[IVX]{2,4})[.)](?=[ \t]))[ \t]*")
BULLET = re.compile(r"^[ \t]*(?:(?:--?|[•*·o]|[-–—]{1,2})[ \t]+(?=\S)|-(?=[A-Z])|--(?=[(A-Z\d]))")
RULE = re.compile(r"^[ \t]*(?:[-=_*~.]{3,}(?:[ \t]+[-=_*~]+)*|(?:[-=_*~][ \t]){5,}[-=_*~]?)[ \t]*$")
RULE_AT_END = re.compile(r"(?m)(?<=\S)[ \t]+([-=]{6,}(?:[ \t]+[-=]+)*)[ \t]*$")
# What both of them begin with, sooner found to be nowhere in a text.
RULE_WITHIN = re.compile(r"[ \t][-=]{6}")
# What a dump has run into one line: a heading between its rules, and a number with its mark after the sentence before.
RULED_WITHIN = re.compile(
    r"(?m)(?<!¶\d\.)(?<!¶\d\d\.)[ \t]-{6,}(?:[ \t]+-+)*[ \t]+([^\s-].{2,110}?)[ \t]+-{6,}(?:[ \t]+-+)*(?=[ \t]|$)"
)
NUMBER_WITHIN = re.compile(r"(?<=[.!?\])\"”])[ \t]+(?=\d{1,2}\.[ \t]?\((?:U|SBU|C|S)\)[ \t])")
STOPPED = re.compile(r"[.!?:;)\]\"'”*]$")
TORN = re.compile(r"[\w,;:'’\"-]$")
# What the archive's marks did to a year that began a line.
MARKED_YEAR = re.compile(r"¶(?=(?:19|20)\d\d\b)")
CAPTION_ALONE = re.compile(r"^[ \t]*(?:SIPDIS|SENSITIVE SIPDIS)[ \t]*$")
REPEATED = re.compile(r"^(?:SIPDIS|SENSITIVE|NOFORN|E\.?O\.?\s?1\d{4}|TAGS|SUBJECT|DEPT|STATE FOR)\b")
LAST_LINES = re.compile(r"^[ \t]*(?:NNNN|BT|#?\d{4}|[-=*#]{3,}[ \t]*(?:CABLE ENDS?|END (?:OF )?CABLE)[ \t]*[-=*#]{3,})[ \t]*$")  # fmt: skip
LEAST_PAIRS, SHARE_OF_WRAPPED = 6, 0.8
TO_SPARE = 3
NARROWEST, WIDEST = 45, 100


@dataclass(frozen=True, slots=True)
class Wrapping:
    """How many letters a line may have; 0 where lines are as long as their paragraphs, or follow no rule."""

    width: int = 0

    def ended(self, line: str, following: str) -> bool:
        """The first word of the next line would have had room, and some to spare: whoever wrote it ended the line there."""
        return bool(self.width) and _needed(line, following) + TO_SPARE <= self.width

    def ran_on(self, line: str, following: str) -> bool:
        """The next word had no room: the line was wrapped, and says nothing about where a paragraph ends."""
        return bool(self.width) and _needed(line, following) > self.width


def _needed(line: str, following: str) -> int:
    """The length of the line with the next word on it; behind a sentence stand two blanks."""
    line = line.strip()
    return len(line) + (2 if line.endswith((".", "?", "!", ":")) else 1) + len(following.split(maxsplit=1)[0])


def wrapping_of(lines: Sequence[str]) -> Wrapping:
    """The width that explains most ends of lines; none where it explains too few of them."""
    many = 0
    change = [0] * (WIDEST + 2)  # at each width, how many more lines it explains than the width before
    for one, two in pairwise(lines):
        length = len(one.strip())
        if length >= NARROWEST // 2 and two.strip():
            many += 1
            change[min(max(length, NARROWEST), WIDEST + 1)] += 1
            change[min(max(_needed(one, two), NARROWEST), WIDEST + 1)] -= 1
    explained = list(accumulate(change[: WIDEST + 1]))
    best = max(range(NARROWEST, WIDEST + 1), key=explained.__getitem__)
    return Wrapping(best) if many >= LEAST_PAIRS and explained[best] >= SHARE_OF_WRAPPED * many else Wrapping()


def begins(line: str) -> bool:
    return bool(NUMBERED.match(line) or LETTERED.match(line) or BULLET.match(line) or RULE.match(line))


def lines_of(text: str, page_name: str = "") -> tuple[list[str], Wrapping]:
    """The lines without headings of pages and of transmission sections; a sentence or paragraph that one tore apart is joined.

    `page_name` is the post as headings of pages name it, to find those that a dump has run into a line.
    """
    raw = _single_spaced([line.rstrip() for line in _set_apart(text, page_name).split("\n")])
    pages = {line for line in raw if line[-1:].isdigit() and PAGE.match(line)}
    wrapping = wrapping_of([line for line in raw if line not in pages])
    lines: list[str] = []
    torn = skipping = False
    for line in raw:
        caption = "SIPDIS" in line and CAPTION_ALONE.match(line)
        if line in pages or ("SECTION" in line and SECTION_START.match(line)) or (caption and any(lines)):
            torn, skipping = True, skipping or bool(SECTION_START.match(line))
            while lines and not lines[-1].strip():
                lines.pop()
            continue
        if caption:
            continue
        if torn:
            bare = line.strip()
            # after UNCLAS SECTION 02 OF 03 the captions and the subject are printed again
            if not bare or (skipping and REPEATED.match(bare)):
                continue
            torn = skipping = False
            if not (lines and _same_paragraph(lines[-1], line, wrapping)):
                lines.append("")
        lines.append(line)
    return lines, wrapping


def _set_apart(text: str, page_name: str) -> str:
    """On lines of their own again: rules, and what a dump has run into the lines of the text."""
    text = MARKED_YEAR.sub("", text)
    if page_name:
        text = _without_page_headings(text, page_name)
    if RULE_WITHIN.search(text):
        text = RULED_WITHIN.sub(r"\n\n\1\n------\n\n", text)
    text = NUMBER_WITHIN.sub("\n\n", text)
    return RULE_AT_END.sub("\n\\1", text) if RULE_WITHIN.search(text) else text


def _without_page_headings(text: str, page_name: str) -> str:
    """The text without headings of pages that a dump has run into the line before or after them."""
    heading = re.compile(rf"{re.escape(page_name)}\w*[ \t]+\d{{8}}[ \t]+\d{{3}}(?:[. ]\d)?[ \t]+OF[ \t]+\d{{3}}\b")
    pieces: list[str] = []
    at = 0
    for match in heading.finditer(text):
        begin = len(text[at : match.start()].rstrip(" \t")) + at
        begins_line = begin == 0 or text[begin - 1] == "\n"
        run_on = begin < match.start() and begin > 0 and not text[begin - 1].isspace()
        run_into = begins_line and re.match(r"[ \t]+\S", text[match.end() : match.end() + 40])
        if run_on or run_into:
            pieces += [text[at:begin], " "]
            at = match.end()
    return "".join([*pieces, text[at:]])


def _single_spaced(lines: list[str]) -> list[str]:
    """A text with an empty line behind each line has none; more than one of them end a paragraph."""
    written = [at for at, line in enumerate(lines) if line.strip()]
    followed = sum(at + 1 == len(lines) or not lines[at + 1].strip() for at in written)
    if len(written) < LEAST_PAIRS or followed < 0.95 * len(written) or max(len(lines[at]) for at in written) > WIDEST:
        return lines
    found: list[str] = []
    for before, at in zip([None, *written], written, strict=False):
        if before is not None and at - before > 2:
            found.append("")
        found.append(lines[at])
    return found


def _same_paragraph(before: str, line: str, wrapping: Wrapping) -> bool:
    """Whether a page was turned within a paragraph."""
    bare = line.strip()
    if (begins(line) and not bare[0].islower()) or (bare[0].isupper() and wrapping.ended(before, bare)):
        return False
    return bool(TORN.search(before)) or wrapping.ran_on(before, line)


def without_end(lines: list[str]) -> list[str]:
    """The lines without what only closes the transmission."""
    last = len(lines)
    while last and (not lines[last - 1].strip() or (last > len(lines) - 8 and LAST_LINES.match(lines[last - 1]))):
        last -= 1
    return lines[:last]
