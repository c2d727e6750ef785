"""Bytes to text. Sources come in UTF-8, and in whatever an office of 1998 wrote: Windows and DOS pages, KOI8."""

from __future__ import annotations

import codecs
import re
import unicodedata

from panoh.library.reading.document import Doubt

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Latin first: where nothing speaks for another, it is Latin.
PAGES = ("cp1252", "cp1251", "koi8-r", "cp866", "cp1256")
FREQUENT = {
    "cp1252": set("éèêëàâäáãåçíîïñóôöõúûüßœæø’“”–—¶§°£€«» "),
    "cp1251": set("оеаинтсрвлкмдпуяызбгчй"),
    "koi8-r": set("оеаинтсрвлкмдпуяызбгчй"),
    "cp866": set("оеаинтсрвлкмдпуяызбгчй"),
    "cp1256": set("ايمنرلتوهدبسشعقكفحجخطزصپگچ،"),
}
TWICE = re.compile("[ÂÃâÐÑØÙ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œ]")
LINE_ENDS = re.compile("\r\n?|\x0b|\x0c|\x85|\u2028|\u2029")
UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufeff\u200e\u200f\u202a-\u202e\u2066-\u2069\u00ad]")


def decode(content: bytes, declared: str = "") -> tuple[str, str, list[Doubt]]:
    """The text, the encoding that it was read in, and what was doubtful about it."""
    doubts: list[Doubt] = []
    for mark, name in MARKS:
        if content.startswith(mark):
            return _clean(content.decode(name, "replace"), name.removesuffix("-sig"), doubts)
    if name := _of_two_bytes(content[:2000]):
        return _clean(content.decode(name, "replace"), name, [Doubt("encoding_guessed", name)])
    try:
        return _clean(content.decode("utf-8"), "utf-8", doubts)
    except UnicodeDecodeError as error:
        # One broken letter at the end of a file that was cut, or here and there, does not make it another encoding.
        read = content.decode("utf-8", "replace")
        lost = read.count("\ufffd")
        if error.start > len(content) - 4 or lost * 50 < sum(letter > "\x7f" for letter in read):
            return _clean(read, "utf-8", [Doubt("letters_lost", str(lost))])
    if _known(declared) and declared.lower().replace("_", "-") not in ("utf-8", "utf8", "us-ascii", "ascii"):
        return _clean(content.decode(declared, "replace"), declared.lower(), doubts)
    name = max(PAGES, key=lambda page: _likeness(content, page))
    return _clean(content.decode(name, "replace"), name, [Doubt("encoding_guessed", name)])


def _of_two_bytes(start: bytes) -> str:
    """UTF-16 without its mark: each second byte is that of a script (0 Latin, 4 Cyrillic, 6 Arabic), the others are not."""
    if len(start) < 8:
        return ""
    low, high = (sum(byte < 7 for byte in part) / len(part) for part in (start[::2], start[1::2]))
    if high > 0.95 and low < 0.5:
        return "utf-16-le"
    return "utf-16-be" if low > 0.95 and high < 0.5 else ""


def _known(name: str) -> bool:
    try:
        return bool(name) and codecs.lookup(name)._is_text_encoding
    except (LookupError, ValueError):
        return False


def _likeness(content: bytes, page: str) -> float:
    """How much the letters beyond ASCII look like a language of that page: frequent letters, and small after small."""
    letters = [letter for letter in content[:200_000].decode(page, "replace") if letter > "\x7f"]
    if not letters:
        return 0.0
    frequent = sum(letter in FREQUENT[page] for letter in letters)
    odd = sum(unicodedata.category(letter) in ("Cc", "Cn", "Co", "So") or letter == "\ufffd" for letter in letters)
    return (frequent - 2 * odd) / len(letters)


def _byte(letter: str) -> bytes:
    """The byte behind a letter of cp1252, whose five holes are read as Latin-1 by whoever encodes twice."""
    return letter.encode("latin-1") if letter in "\x81\x8d\x8f\x90\x9d" else letter.encode("cp1252")


def _clean(text: str, name: str, doubts: list[Doubt]) -> tuple[str, str, list[Doubt]]:
    """One kind of line end, nothing unseen; text that was encoded twice (Â¶ for ¶) is read once more."""
    if len(TWICE.findall(text)) > 2 and not re.search("[\u0400-\u04ff\u0600-\u06ff]", text):
        try:
            text = b"".join(_byte(letter) for letter in text).decode("utf-8")
            doubts = [*doubts, Doubt("encoding_guessed", f"{name}, twice")]
        except (UnicodeEncodeError, UnicodeDecodeError):
            text = text.replace("Â¶", "¶").replace("â€™", "’")
    text = LINE_ENDS.sub("\n", text)
    return unicodedata.normalize("NFC", UNSEEN.sub("", text)), name, doubts
