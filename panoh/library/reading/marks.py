"""Classifications and handling marks: what they are called, and which of two is higher.

A document carries the highest mark inside it: one paragraph marked (C) in a telegram sent UNCLASSIFIED makes it CONFIDENTIAL.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# The rank decides who may read (library.policy): 0 anybody with the verb, 1 within the organisation, 2 and more by a verb of its own.
OPEN, SENSITIVE, CONFIDENTIAL, SECRET, TOP_SECRET = 0, 1, 2, 3, 4
RANKS = {
    "PUBLIC": OPEN,
    "UNCLASSIFIED": OPEN,
    "UNCLASSIFIED//FOR OFFICIAL USE ONLY": SENSITIVE,
    "RESTRICTED": SENSITIVE,
    "INTERNAL": SENSITIVE,
    "CONFIDENTIAL": CONFIDENTIAL,
    "CONFIDENTIAL//NOFORN": CONFIDENTIAL,
    "STRICTLY CONFIDENTIAL": SECRET,
    "SECRET": SECRET,
    "SECRET//NOFORN": SECRET,
    "TOP SECRET": TOP_SECRET,
}
# A classification nobody has heard of is kept close until a person has settled it.
UNKNOWN = CONFIDENTIAL
# One that bears none stays within the organisation until then.
UNMARKED = SENSITIVE
LONGEST_MARKING = 160
# Handling marks that narrow the circle though the document is unclassified.
HANDLING_RANKS = {
    "SENSITIVE": SENSITIVE,
    "SBU": SENSITIVE,
    "FOUO": SENSITIVE,
    "NOFORN": CONFIDENTIAL,
    "LIMDIS": SENSITIVE,
    "EXDIS": CONFIDENTIAL,
    "NODIS": SECRET,
}
CAPTIONS = ("SENSITIVE", "SIPDIS", "NOFORN", "EXDIS", "NODIS", "LIMDIS", "STADIS", "TERREP", "ROGER CHANNEL", "CODEL")
PARAGRAPH_RANKS = {
    "U": OPEN,
    "SBU": SENSITIVE,
    "U/FOUO": SENSITIVE,
    "SBU/NF": SENSITIVE,
    "LOU": SENSITIVE,
    "R": SENSITIVE,
    "C": CONFIDENTIAL,
    "C/NF": CONFIDENTIAL,
    "S": SECRET,
    "S/NF": SECRET,
    "TS": TOP_SECRET,
    "TS/NF": TOP_SECRET,
}
NAMES = {
    SENSITIVE: "UNCLASSIFIED//FOR OFFICIAL USE ONLY",
    CONFIDENTIAL: "CONFIDENTIAL",
    SECRET: "SECRET",
    TOP_SECRET: "TOP SECRET",
}
_SHORT = {"UNCLAS": "UNCLASSIFIED", "UNCLASS": "UNCLASSIFIED", "CONFIDENTIAL": "CONFIDENTIAL", "SECRET": "SECRET", "TOPSECRET": "TOP SECRET"}  # fmt: skip
# What is written over papers that are not for everybody, in the four languages; the longer words first.
_WRITTEN = (
    (r"top secret|совершенно секретно|комилан махфӣ|به کلی سری", "TOP SECRET"),
    (r"strictly confidential|строго конфиденциально", "STRICTLY CONFIDENTIAL"),
    (r"secret|секретно|сиррӣ|سری", "SECRET"),
    (r"confidential|конфиденциально|махфӣ|محرمانه|محرم", "CONFIDENTIAL"),
    (
        r"(?:for )?(?:official|internal)(?: use)? only|internal|restricted|not for (?:distribution|publication)|для служебного пользования|дсп"
        r"|для внутреннего пользования|не для (?:печати|распространения)|барои истифодаи (?:хизматӣ|дохилӣ)|برای استفاد(?:ه|هٔ|ه‌ی) (?:رسمی|داخلی)",
        "RESTRICTED",
    ),
    (r"unclassified|public|открыто|для открытого пользования|кушода|برای همه", "PUBLIC"),
)
# Over a paper, or before what it is about: alone, or with a sign between it and a few more words ("CONFIDENTIAL - do not distribute").
_OVER = re.compile(
    r"^\W*(?:(?:classification|гриф|дараҷаи махфият|درجهٔ محرمیت)\s*:\s*)?(?:"
    + "|".join(f"(?P<w{at}>{words})" for at, (words, _name) in enumerate(_WRITTEN))
    + r")\s*(?:$|[-–—:;,./*!()\[\]|№»”\x22'].{0,80}$)",
    re.IGNORECASE,
)
# Small letters are points of a list, (c), except where no list has them.
_MARK = re.compile(r"^\(\s*((?i:U|SBU|LOU|U//?FOUO)|R|C|S|TS|(?:SBU|C|S|TS)[-/ ]{1,2}(?:NF|NOFORN))\s*\)")


def classification_of(text: str) -> str:
    """The classification as it is named in full, or "" where the text names none that is known."""
    read = re.sub(r"\s+", " ", text.strip().upper()).replace(" // ", "//")
    if read in RANKS:
        return read
    read = _SHORT.get(read.replace(" ", ""), read)
    if read in RANKS:
        return read
    if re.fullmatch(
        r"(?:UNCLAS\w*|SBU)\s*(?://?\s*)?(?:FOUO|FOR OFFICIAL USE ONLY|SENSITIVE)|SBU|SENSITIVE BUT UNCLASSIFIED", read
    ):
        return NAMES[SENSITIVE]
    found = re.fullmatch(r"(CONFIDENTIAL|SECRET)\s*(?://?|\s)\s*(?:NF|NOFORN)", read)
    return f"{found[1]}//NOFORN" if found else ""


def written_over(texts: Iterable[str]) -> str:
    """The highest classification that one of these lines gives in words; "" where none does."""
    found = [
        _WRITTEN[int(match.lastgroup[1:])][1]
        for text in texts
        if len(text) < LONGEST_MARKING and (match := _OVER.match(" ".join(text.split()))) and match.lastgroup
    ]
    return max(found, key=RANKS.__getitem__, default="")


def split_mark(text: str) -> tuple[str, str]:
    """("SBU", "the text") from "(SBU) the text"; an empty mark where there is none."""
    found = _MARK.match(text)
    if found is None:
        return "", text
    mark = re.sub(r"[-/ ]+", "/", found[1].upper()).replace("NOFORN", "NF")
    return mark, text[found.end() :].lstrip(" .:-\t")


def rank_of(classification: str, handling: list[str], paragraph_marks: list[str]) -> int:
    """The highest of everything that the document says about itself."""
    base = RANKS.get(classification, UNKNOWN if classification else UNMARKED)
    return max(
        base,
        *(HANDLING_RANKS.get(mark, OPEN) for mark in handling),
        *(PARAGRAPH_RANKS.get(mark, OPEN) for mark in paragraph_marks),
        OPEN,
    )
