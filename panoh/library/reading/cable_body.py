"""The third part of a cable: its paragraphs, with their numbers, marks and headings, and who signed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from panoh.library.reading.cable_lines import (
    BULLET,
    LETTERED,
    NUMBERED,
    RULE,
    STOPPED,
    TORN,
    Wrapping,
    begins,
    lines_of,
    without_end,
)
from panoh.library.reading.document import HEADING, PARAGRAPH, SIGNATURE, Paragraph
from panoh.library.reading.marks import split_mark

# A number that lost its point, at the head of a block and of the line that it should have.
NUMBER_ALONE = re.compile(r"^[ \t]*(\d{1,2})[ \t]+(?=[A-Z][a-z]*[ \t]+\S.{30})")
REFERRED_PARAGRAPH = re.compile(r"\bpara(?:graph)?s?\.?$", re.IGNORECASE)
# The last word of a cable: GROSS, Wolfe; alone on its line, or run into the line before.
SIGNED_ALONE = re.compile(r"^[ \t]*([A-Z][A-Z'’-]+(?: [A-Z][A-Z'’-]+){0,2}|[A-Z][a-z]+(?: [A-Z][a-z]+)?)[ \t]*$")
SIGNED_WITHIN = (
    re.compile(r"(?:[.!?\])\"'”*-]\s*|X{6,}\s+|END (?:TEXT|COMMENT|SUMMARY)\s+)([A-Z]{3,}(?:[ -][A-Z]+)?)$"),
    re.compile(r"(?:[.!?\])\"”]|X{6,})\s+([A-Z][a-z]{2,})$"),
)
NO_NAMES = {"END", "TEXT", "SUMMARY", "COMMENT", "END TEXT", "END SUMMARY", "END COMMENT", "NNNN", "NOTE", "MISSING"}
# Capitals behind the last stop of a paragraph, before the next number: the heading of what follows, run into the line.
HEADING_WITHIN = re.compile(r"[.!?\])\"”]\s+([A-Z][A-Z]+(?:[ ,&/'’-]+[A-Z]+)*)$")
LONGEST_HEADING = 90
# END SUMMARY belongs to the paragraph that it ends.
CLOSING = re.compile(r"\(?END (?:OF )?(?:SUMMARY|COMMENT|NOTE|TEXT)\b", re.IGNORECASE)


@dataclass
class Block:
    """Lines that belong together; `numbered` where a number of the cable's own count begins them, `ruled` where a rule stands above."""

    lines: list[str]
    kind: str = PARAGRAPH
    numbered: bool = False
    ruled: bool = False

    @cached_property
    def words(self) -> str:
        return " ".join(" ".join(self.lines).split())


def read_body(text: str, page_name: str = "") -> list[Paragraph]:
    """Paragraphs in their order, headings among them; each knows under which heading it stands."""
    lines, wrapping = lines_of(text, page_name)
    lines, signed = _signed(without_end(lines))
    found: list[Paragraph] = []
    section = ""
    for block in _with_headings(_joined(_blocks(lines, wrapping), wrapping)):
        if block.kind == HEADING:
            section = block.words
            found.append(Paragraph(section, kind=HEADING, section=""))
            continue
        label, mark, words = _peel(block)
        if words or label:
            found.append(Paragraph(words, label=label, mark=mark, section=section, kind=PARAGRAPH))
    found = _with_missing_numbers(found)
    return [*found, Paragraph(signed, kind=SIGNATURE)] if signed else _signed_within(found)


def numbers_of(paragraphs: list[Paragraph]) -> list[int]:
    return [int(one.label) for one in paragraphs if one.label.isdigit()]


def _with_missing_numbers(found: list[Paragraph]) -> list[Paragraph]:
    """Where a number is missing between two, it may stand within a line: "… is ready. 6. The office …"."""
    numbered = [(at, int(one.label)) for at, one in enumerate(found) if one.label.isdigit()]
    for (at, number), (until, following) in reversed(list(pairwise(numbered))):
        if following != number + 2:
            continue
        pattern = re.compile(rf"(?<=[.!?\])\"”])\s+{number + 1}\.\s+(?=[A-Z(])")
        seen = [(place, match) for place in range(at, until) for match in pattern.finditer(found[place].text)]
        if len(seen) == 1 and found[seen[0][0]].kind == PARAGRAPH:
            place, match = seen[0]
            whole = found[place]
            mark, words = split_mark(whole.text[match.end() :])
            first = replace(whole, text=whole.text[: match.start()])
            found[place : place + 1] = [first, replace(whole, text=words, label=str(number + 1), mark=mark)]
    return found


def _signed(lines: list[str]) -> tuple[list[str], str]:
    """Who signed stands alone on the last line; a word in small letters only where the line before is ended."""
    match = SIGNED_ALONE.match(lines[-1]) if len(lines) > 1 else None
    if match is None or match[1] in NO_NAMES or len(match[1]) > 25:
        return lines, ""
    while len(lines) > 2 and lines[-2].strip() == match[1]:  # printed once more at the end of a page
        lines = lines[:-1]
    before = next((line.rstrip() for line in reversed(lines[:-1]) if line.strip()), "")
    if match[1].isupper() or STOPPED.search(before) or not lines[-2].strip() or re.search(r"X{6,}$|\.\w{2,4}$", before):
        return lines[:-1], match[1]
    return lines, ""


def _signed_within(found: list[Paragraph]) -> list[Paragraph]:
    if not found or found[-1].kind != PARAGRAPH:
        return found
    last = found[-1].text
    for pattern in SIGNED_WITHIN:
        match = pattern.search(last, max(0, len(last) - LONGEST_HEADING))
        if match and match[1] not in NO_NAMES and match.start(1) > 20:
            text = last[: match.start(1)].strip()
            return [*found[:-1], replace(found[-1], text=text), Paragraph(match[1], kind=SIGNATURE)]
    return found


def _blocks(lines: list[str], wrapping: Wrapping) -> list[Block]:
    """Cut at empty lines, at numbers, at letters, at lines that end before they are full, and at headings with their rules."""
    found: list[Block] = []
    current: list[str] = []
    numbered = ruled = False
    expected = 0

    def flush() -> None:
        nonlocal current, numbered, ruled
        if any(line.strip() for line in current):
            found.append(Block(current, numbered=numbered, ruled=ruled))
            ruled = False
        current, numbered = [], False

    def title(last: int) -> None:
        """The last lines are a heading."""
        nonlocal current
        current, words = current[:-last], current[-last:]
        flush()
        found.append(Block([" ".join(words).strip("-=_* ")], HEADING))

    for at, line in enumerate(lines):
        bare = line.strip()
        if not bare:
            flush()
            continue
        if RULE.match(line):
            # a rule under a line that stands alone makes it a heading; so does one above and one below
            if 1 <= len(current) <= 3 and not NUMBERED.match(current[0]) and _is_title(" ".join(current)):
                title(len(current))
            elif not current and found and found[-1].ruled and not found[-1].numbered and _is_title(found[-1].words):
                found[-1] = Block([found[-1].words], HEADING)
            else:
                flush()
            ruled = True
            continue
        number = NUMBERED.match(line)
        told = int(number[1] or number[2]) if number else 0
        if not number and not current and (alone := NUMBER_ALONE.match(line)) and int(alone[1]) == expected > 1:
            told = expected if _goes_before_the_next(expected, lines[at + 1 :]) else 0
        if told and (not number or _plausible(number, lines, at, expected, current)):
            if len(current) > 1 and current[-1].isupper() and len(current[-1]) < 70 and STOPPED.search(current[-2]):
                title(1)  # at the foot of a paragraph without an empty line, before the next number
            flush()
            expected, numbered = told + 1, True
        elif current and (
            (LETTERED.match(line) and _new_letter(line, current[-1]))
            or (BULLET.match(line) and _new_point(bare, current[-1]))
            or (
                wrapping.ended(current[-1], bare)
                and (bare[0].isupper() or bare[0] in "\"'“(")
                and not CLOSING.match(bare)
                and (
                    re.search(r"[.!?][\"”)]?$", current[-1]) or (len(current) == 1 and re.match(r"--[A-Z]", current[0]))
                )
            )
        ):
            flush()
        current.append(bare.removeprefix("¶") if current else bare)
        if at + 1 == len(lines):
            flush()
    flush()
    return found


def _goes_before_the_next(number: int, rest: list[str]) -> bool:
    """Whether the next number that follows is the one after it."""
    following = next((match for line in rest if (match := NUMBERED.match(line))), None)
    return following is not None and int(following[1] or following[2]) == number + 1


def _plausible(number: re.Match[str], lines: list[str], at: int, expected: int, within: list[str]) -> bool:
    """Whether a number begins a paragraph: marked ¶, or in sequence; "1992." at the start of a broken line is none."""
    if within and REFERRED_PARAGRAPH.search(within[-1]):
        return False
    value = int(number[1] or number[2])
    if number[1]:  # what the archive marked ¶ at the start of a line may be the day of a date
        return value in (expected, 1) or not (within and re.search(r"[a-z,]$", within[-1]))
    follows = lines[at][number.end() :]
    return (
        value == expected
        or (expected == 0 and value in (1, 2))
        or (follows.startswith("(") and 0 < value < 200)
        or (not within and (0 < value <= expected + 3 or _goes_before_the_next(value, lines[at + 1 :])))
    )


def _new_letter(line: str, before: str) -> bool:
    """A letter begins a point where the line before is ended, or the letter is marked; "J. Harman" after "and" is none."""
    return line.lstrip().startswith("¶") or not TORN.search(before) or before.rstrip().endswith((":", ";"))


def _new_point(bare: str, before: str) -> bool:
    """A dash begins a point, unless it goes on with a sentence: nothing ended before it, and small letters follow."""
    follows = bare.lstrip("-–—•*·o \t")[:1]
    return not follows.islower() or bool(re.search(r"[.!?:;,]$|\b(?:and|or)$", before))


def _joined(blocks: list[Block], wrapping: Wrapping) -> list[Block]:
    """Blocks that an empty line tore out of one paragraph are joined again.

    Where a text has empty lines here and there between its lines, many blocks end within a sentence.
    """
    pairs = [(one, two) for one, two in pairwise(blocks) if one.kind == two.kind == PARAGRAPH and len(one.words) > 40]
    torn = sum(
        not STOPPED.search(one.words) and not wrapping.ended(one.lines[-1], two.lines[0]) and not begins(two.lines[0])
        for one, two in pairs
    )
    spaced = torn >= 5 and torn * 3 >= len(pairs)
    found: list[Block] = []
    for block in blocks:
        before = found[-1] if found else None
        if before and before.kind == block.kind == PARAGRAPH and _one(before, block, spaced, wrapping):
            found[-1] = Block([*before.lines, *block.lines], numbered=before.numbered)
        else:
            found.append(block)
    return found


def _one(before: Block, after: Block, spaced: bool, wrapping: Wrapping) -> bool:
    words, follows = before.words, after.words
    if begins(after.lines[0]):
        return False
    if len(words) > 60 and re.search(r"[a-z,]$", words) and re.match(r"[a-z]", follows):
        return True
    full = len(before.lines) > 1 and wrapping.ran_on(before.lines[-1], after.lines[0])
    if full and re.search(r"[a-z]$", words) and not follows.isupper():
        return True
    if not spaced or len(words) <= 40 or follows.isupper() or wrapping.ended(before.lines[-1], after.lines[0]):
        return False
    return wrapping.ran_on(before.lines[-1], after.lines[0]) or not STOPPED.search(words)


def _peel(block: Block) -> tuple[str, str, str]:
    """(label, mark, words) of a block: ¶3. (SBU) words; the letter of a point is a label too."""
    label = ""
    words = block.words
    if block.numbered and (match := NUMBERED.match(words)):
        label, words = match[1] or match[2], words[match.end() :]
    elif block.numbered and (match := NUMBER_ALONE.match(words)):
        label, words = match[1], words[match.end() :]
    elif match := LETTERED.match(words):
        label, words = (match[1] or match[2]).upper(), words[match.end() :]
    mark, words = split_mark(words.lstrip())
    words = words.strip()
    return label, mark, re.sub(r"^[-=]{6,}\s+|\s+[-=]{6,}$", "", words) if "---" in words or "===" in words else words


def _is_title(text: str) -> bool:
    return (
        len(text) < 160
        and not text.rstrip().endswith((",", ";"))
        and not BULLET.match(text)
        and not CLOSING.match(text)
    )


def _with_headings(blocks: list[Block]) -> list[Block]:
    """A short line that ends without a stop and stands before a paragraph is a heading; so are capitals at a paragraph's end."""
    found: list[Block] = []
    for block, following in zip(blocks, [*blocks[1:], None], strict=False):
        numbered = following is not None and following.numbered
        if block.kind == PARAGRAPH and following is not None and _heads(block.words, following.words, numbered):
            found.append(Block([block.words.strip("-=_* ")], HEADING))
        elif (
            block.kind == PARAGRAPH
            and numbered
            and (match := HEADING_WITHIN.search(block.words, max(0, len(block.words) - LONGEST_HEADING)))
            and match[1] not in NO_NAMES
            and not CLOSING.match(match[1])
            and not block.words.isupper()
        ):
            found += [Block([block.words[: match.start(1)]], numbered=block.numbered), Block([match[1]], HEADING)]
        else:
            found.append(block)
    return found


def _heads(words: str, following: str, numbered: bool) -> bool:
    dashed = bool(re.match(r"--[A-Z]", words))
    if NUMBERED.match(words) or LETTERED.match(words) or (BULLET.match(words) and not dashed):
        return False
    bare = re.sub(r"^\((?:U|SBU|C|S)\)\s*", "", words)
    short = (
        len(bare) <= LONGEST_HEADING
        and len(bare.split()) <= 12
        and not re.search(r"[.!?;,:]$", bare)
        and not re.search(r"\d{3,}", bare)
    )
    alone = (bare.isupper() or dashed) and len(following) > 90 and not following.startswith("--")
    return short and (numbered or alone) and bool(bare.strip("-=_* "))
