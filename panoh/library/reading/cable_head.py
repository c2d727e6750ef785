"""The first two parts of a cable: the transmission lines (from whom, to whom, when) and the opening of the text
(classification, captions, E.O., TAGS, SUBJECT, REF)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time

from panoh.library.reading.document import Reference
from panoh.library.reading.posts import post_of_head, post_of_line, squeeze

MONTHS = {
    name: number
    for number, name in enumerate(
        ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"], 1
    )
}
REFID = re.compile(r"\b(\d{2})([A-Z][A-Z]{2,24})(\d{1,6})\b")
SENT = re.compile(r"\b([0-3]\d)([0-2]\d)([0-5]\d)Z\s+([A-Z]{3})\s+(\d{2})\b", re.IGNORECASE)
STATION = re.compile(r"^DE\s+(\w+)\s+#\s*(\d+)", re.MULTILINE)
FROM = re.compile(r"^FM\s+(.+)$", re.MULTILINE)
# UNCLAS SECTION 01 OF 02 THE HAGUE 001695; letters of old transmissions are misread (GF for OF, trailing rubbish).
HEAD = re.compile(
    r"^[ \t]*(UNCLAS(?:SIFIED)?|C ?O ?N ?F ?I ?D ?E ?N ?T ?I ?A ?L|S ?E ?C ?R ?E ?T|T ?O ?P ?S ?E ?C ?R ?E ?T)\b"
    r"(?://\w+)?(?:[ \t]+(?:SECTION[ \t]+\d+[ \t]+\w{2}[ \t]+\d+))?(?:[ \t]+([A-Z][A-Z .'-]*?))[ \t]+0*(\d{1,6})(?!\d)(?=\D|$)(.*)$",
    re.MULTILINE,
)
PAGE = re.compile(
    r"^[ \t]*[A-Z][A-Z .'-]{2,30}[ \t]+\d{6,8}[ \t]+\d{3}(?:[. ]\d)?[ \t]+OF[ \t]+\d{2,3}[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
SECTION_START = re.compile(
    r"^[ \t]*(?:UNCLAS\w*|CONFIDENTIAL|SECRET)[ \t]+(?:FINAL[ \t]+)?SECTION[ \t]+\d+[ \t]+OF[ \t]+\d+", re.MULTILINE
)
KEY = re.compile(
    r"^[ \t]*(E\.?O\.?[ \t]?1\d{4}|TAGS?|SUBJECT|SUBJ|REFS?|REFTELS?|CLASSIFIED BY|DECLASSIFY|DERIVED FROM|REASONS?)\b[ \t]*[:;.]?[ \t]*(.*)$",
    re.MULTILINE | re.IGNORECASE,
)
# Where the text begins: a numbered or marked paragraph, a rule of dashes, the word summary.
BODY = re.compile(
    r"^[ \t]*(?:¶[ \t]*(?:\d{1,3}(?!\d)|[A-Z(])|\(?\d{1,2}[.)][ \t]*(?:\(|[A-Z¶])|\((?:U|SBU|C|S|LOU)(?:/\w+)?\)|[-=_*]{4,}|SUMMARY\b|BEGIN SUMMARY|INTRODUCTION\b|COMMENT\b)",
    re.IGNORECASE,
)
# A reference names a post and a number, perhaps a year before: 05 SAN JOSE 0508, STATE 864011, 08 STATE 123907, SECSTATE 1466.
REFERRED = re.compile(
    r"(?:\b(?:19|20)?(\d{2})[ \t]+)?\b([A-Z][A-Za-z]+(?:[ \t]+[A-Z][A-Za-z]+){0,3})[ \t]+#?0*(\d{2,6})\b(?![-/])"
)
PROTECT = re.compile(r"(?i)^(?:\d+ )?(?:this (?:message|cable) is )?sensitive but unclassified\b.{0,120}$")
# A sentence, where a reference was expected: "On October 29, we passed …".
PROSE = re.compile(r"^(?:\((?:U|SBU|C|S)\)|[A-Z][a-z]+,? (?:[a-z]+ |[A-Z][a-z]+ \d)).{20}")
LETTERED = re.compile(r"(?:(?<=[\s;,:])|^)¶?\(?([A-Z])[.)]\s*|\bREF\s+([A-Z])\b\s*:?", re.MULTILINE)


# Keys that a transmission has run together with the line before: "E.O. 12958: N/A TAGS: OECD", "… OF GOODS REF: STATE 43120 (U) …".
RUN_TOGETHER = re.compile(r"(?<=\S)[ \t]+(?=(?:E\.O\. ?1\d{4}|TAGS|SUBJECT)[ \t]*:)")
REFERENCES_WITHIN = re.compile(r"(?m)[ \t]+(REFS?|REFTELS?)[ \t]*:[ \t]*(?=\S)")
# What only the body has: a paragraph's mark with words after it, a sentence, or more than references ever need.
BODY_WITHIN = re.compile(r"\((?:U|SBU|C|S)\)[ \t]+\w|(?:\b[a-z]+[ \t]+){3}|.{200}")
AFTER_REFERENCES = re.compile(
    r"(?m)^([ \t]*REFS?\b.{0,200}?\d{2,6})\b[ \t]+(?=\((?:U|SBU|C|S)\)|[A-Z][a-z]+ (?:[a-z]+|REFTEL))"
)


def set_apart(text: str) -> str:
    """Each key of the opening on a line of its own; only where the opening can be, so no sentence of the body is touched."""
    body = re.search(r"^[ \t]*(?:¶[ \t]*1|1[.)])", text, re.MULTILINE)
    until = body.start() if body else 6000
    opening = "\n".join(_references_apart(line) for line in RUN_TOGETHER.sub("\n", text[:until]).split("\n"))
    return AFTER_REFERENCES.sub(r"\1\n\n", opening) + text[until:]


def _references_apart(line: str) -> str:
    """A line in which references and the body itself follow the subject; references alone stay where they were transmitted."""
    within = REFERENCES_WITHIN.search(line)
    return (
        f"{line[: within.start()]}\n{within[1]}: {line[within.end() :]}"
        if within and BODY_WITHIN.search(line, within.end())
        else line
    )


@dataclass(slots=True)
class Transmission:
    """What the transmission lines say."""

    origin: str = ""
    post: str = ""
    number: str = ""
    sent_at: datetime | None = None
    impossible: str = ""
    to: list[str] = field(default_factory=list)
    info: list[str] = field(default_factory=list)


def read_transmission(header: str) -> Transmission:
    found = Transmission()
    if match := FROM.search(header):
        found.origin, found.post = post_of_line(match[1])
    if match := STATION.search(header):
        found.number = match[2]
    found.sent_at, found.impossible = sent_at(header)
    target: list[str] | None = None
    for line in header.splitlines():
        line = line.strip()
        if line.startswith("TO "):
            target, line = found.to, line[3:]
        elif line.startswith("INFO "):
            target, line = found.info, line[5:]
        elif re.match(r"^(?:XMT|BT|UNCLAS|CONFIDENTIAL|SECRET|TAGS|-{4,})\b|^-{4,}", line):
            break
        if target is not None and line and not re.match(r"^(?:FM|DE|ZNR|ZNY)\s", line):
            target.append(addressee(line))
    return found


def addressee(line: str) -> str:
    """The office without its routing letters and the number of its copy: RUEHBUL/AMEMBASSY KABUL 0232."""
    return re.sub(r"\s+\d{3,4}$", "", re.sub(r"^R[A-Z]{3,7}/", "", line))


def sent_at(text: str) -> tuple[datetime | None, str]:
    """The first date and time group that can be; and the first that cannot (310261Z FEB 09), to be told."""
    impossible = ""
    for match in SENT.finditer(text):
        year = int(match[5])
        try:
            day = date(year + (1900 if year > 65 else 2000), MONTHS[match[4].upper()], int(match[1]))
            return datetime.combine(day, time(int(match[2]), int(match[3]))), ""
        except (KeyError, ValueError):
            impossible = impossible or match[0]
    return None, impossible


def head_of(text: str) -> re.Match[str] | None:
    """The head line of the telegram. Where a dump shows an extract before the whole, the last one is the whole."""
    found = [one for one in HEAD.finditer(text) if one.start() < 6000 and not re.match(r"(?i)section", one[2].strip())]
    if not found:
        return None
    first = found[0]
    same = [one for one in found if one[3] == first[3] and squeeze(one[2]) == squeeze(first[2])]
    return same[-1]


def post_of(head: re.Match[str]) -> tuple[str, str, str]:
    """(origin, letters, number) of a head line."""
    origin, letters = post_of_head(_post_in(head))
    return origin, letters, head[3]


def page_name_of(head: re.Match[str]) -> str:
    """The post as headings of pages name it: cut after ten letters (USUN NEW Y)."""
    return _post_in(head)[:10].strip()


def _post_in(head: re.Match[str]) -> str:
    return re.sub(r"^(?:SECTION\s+\d+\s+\w{2}\s+\d+\s+|FINAL\s+)", "", head[2].strip())


@dataclass(slots=True)
class Opening:
    """What stands between the head line and the first paragraph; `end` is where the body begins."""

    tags: list[str] = field(default_factory=list)
    subject: str = ""
    references: str = ""
    declassify: str = ""
    captions: list[str] = field(default_factory=list)
    end: int = 0


def read_opening(text: str, captions: tuple[str, ...]) -> Opening:
    """Go line by line: a key begins a field, lines after it continue it until an empty line, another key or the body.

    The subject is kept as it was transmitted: references right under it, without an empty line, are part of it (its title has none).
    """
    found = Opening()
    key, seen_subject, under_subject, quiet = "", False, False, 0
    fields: dict[str, list[str]] = {}
    position = 0
    for line in text.splitlines(keepends=True):
        bare = line.strip()
        match = KEY.match(line.rstrip("\n"))
        if match and seen_subject and _name(match[1]) == "SUBJECT" and _same_words(match[2], fields["SUBJECT"]):
            key, quiet = "AGAIN", 0
            fields.setdefault(key, [])
        elif match and not (seen_subject and _name(match[1]) == "SUBJECT"):
            under_subject = quiet == 0 and _name(match[1]) == "REF" and (key == "SUBJECT" or under_subject)
            key = _name(match[1])
            if key == "TAGS" and fields.get("TAGS"):
                fields["TAGS"] = []  # printed twice: the second stands with the subject
            if key == "SUBJECT":
                seen_subject = True
            fields.setdefault(key, []).append(match[2].strip())
            if under_subject and any(fields["SUBJECT"]):
                fields["SUBJECT"].append(bare)
            quiet = 0
        elif not bare:
            quiet += 1
            under_subject = False
            key = key if key == "REF" or (key == "SUBJECT" and not any(fields.get("SUBJECT", []))) else ""
        elif PAGE.match(line):
            pass
        elif PROTECT.match(bare):
            found.captions.append("SBU")
            key, quiet = ("" if bare.endswith(".") else "HANDLING"), 0
            fields.setdefault("HANDLING", [])
        elif BODY.match(line) and not (
            key == "REF"
            and LETTERED.match(bare)
            and not re.match(r"¶?\d", bare)
            and (quiet == 0 or REFERRED.search(bare))
        ):
            if seen_subject or not _more_to_come(text[position:]):
                found.end = position
                break
            key = ""
        elif key == "REF" and PROSE.match(bare):
            found.end = position
            break
        elif key and (
            quiet == 0
            or (key == "REF" and (LETTERED.match(bare) or REFERRED.match(bare)) and len(bare) < 120)
            or (key == "SUBJECT" and not any(fields["SUBJECT"]))
        ):
            fields[key].append(bare)
            if under_subject:
                fields["SUBJECT"].append(bare)
            quiet = 0
        elif bare.upper() in captions:
            found.captions.append(bare.upper())
        elif seen_subject and not _more_to_come(text[position:], r"REF(?:S|TELS?)?[ \t]*:", 400):
            found.end = position
            break
        position += len(line)
    else:
        found.end = position if seen_subject or fields else 0
    found.tags = [
        tag
        for tag in re.split(r"[\s,;/]+", " ".join(fields.get("TAGS", [])))
        if re.fullmatch(r"[A-Z][A-Z0-9-]{1,24}", tag.upper())
    ]
    found.tags = [tag.upper() for tag in found.tags]
    found.subject = " ".join(" ".join(fields.get("SUBJECT", [])).split()).lstrip(": ").strip()
    found.references = "\n".join(fields.get("REF", [])).strip()
    if not found.references and (within := REFERENCES_WITHIN.search(found.subject)):
        found.references = found.subject[within.end() :]
    found.declassify = " ".join(" ".join(fields.get("EO", [])).split()).lstrip(": ")
    return found


def _name(key: str) -> str:
    upper = key.upper()
    if upper.startswith(("TAG", "SUB", "REF")):
        return {"TAG": "TAGS", "SUB": "SUBJECT", "REF": "REF"}[upper[:3]]
    return "EO" if upper.startswith("E") else "CLASS"


def _more_to_come(rest: str, key: str = r"SUBJ(?:ECT)?\b", within: int = 2500) -> bool:
    """Whether a field still follows soon, before any number: dashes under a caption, or an office named late, are not the body yet."""
    found = re.search(rf"(?mi)^[ \t]*{key}", rest[:within])
    return found is not None and re.search(r"(?m)^[ \t]*(?:¶|\(?\d{1,2}[.)])", rest[: found.start()]) is None


def _same_words(line: str, lines: list[str]) -> bool:
    """Whether a subject is the one that was printed before."""
    begun = squeeze(line)[:30]
    return len(begun) > 8 and squeeze(" ".join(lines)).startswith(begun)


def read_references(text: str, year: int | None, post: str, number: str) -> tuple[list[Reference], bool]:
    """What REF names, each with the reference id that follows from it; and whether a year had to be supposed.

    A reference without a year is of the telegram's own; one of the own post with a higher number must be of the year before.
    """
    found: list[Reference] = []
    supposed = False
    for label, words in _lettered(text):
        match = next(
            (
                one
                for one in REFERRED.finditer(words)
                if one[2].upper() not in ("PARA", "EMAIL", "E-MAIL", "PAGE", "SECTION")
            ),
            None,
        )
        refid = ""
        if match and (match[1] or year is not None):
            letters = squeeze(match[2])
            letters = {"SECSTATE": "STATE", "DEPT": "STATE"}.get(letters, letters)
            years = int(match[1]) if match[1] else year
            if (
                not match[1]
                and letters == post
                and number.isdigit()
                and int(match[3]) > int(number)
                and years is not None
            ):
                years, supposed = years - 1, True
            refid = f"{(years or 0) % 100:02}{letters}{int(match[3])}"
        found.append(Reference(text=" ".join(words.split())[:300], label=label, refid=refid))
    return found, supposed


def _lettered(text: str) -> list[tuple[str, str]]:
    """("A", "MEXICO 3747"), …; one piece without a letter where none is lettered."""
    pieces: list[tuple[str, str]] = []
    at, label = 0, ""
    for match in LETTERED.finditer(text):
        before = text[at : match.start()].strip(" ;,.\n")
        if before:
            pieces.append((label, before))
        at, label = match.end(), match[1] or match[2]
    rest = text[at:].strip(" ;,.\n")
    if rest:
        pieces.append((label, rest))
    return pieces
