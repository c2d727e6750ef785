"""What no form expects: values that have broken programs before, each with the reason why it is here."""

from __future__ import annotations

import io
from urllib.parse import quote_plus

from hypothesis import strategies as st
from PIL import Image

HOSTILE = (
    "",
    " ",
    "\u00a0\u2003\u3000",  # blanks that are not the blank
    "م" * 10_000,
    "x" * 100_000,
    "a\0b",
    "\0",
    "\x01\x08\x0b\x1b[2J\x7f\x85",
    "\ud800",  # half a character: a browser cannot send it, a program can
    "a\udfff\ud83d",
    "\u202e\u2066نعیم\u2069",  # bidi overrides
    "\u200f\u200d\u200c\ufeff",
    "😀👨‍👩‍👧‍👦",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢",
    "ﾆﾝｼﾞｬ ＡＢＣ１２３",  # half-width and full-width
    "e\u0301" * 500,
    "Z\u0337\u0328\u0353" * 200,
    "%_%\\_[a-z]*(.+)+$^|?{1,9999}",
    "'; DROP TABLE registry_person; --",
    "' OR ''='",
    "\\",
    "<script>alert(1)</script>",
    "{{ 7|add:7 }}{% debug %}${7*7}%(happened)s %s %d {0} {happened}",
    "../../../../etc/passwd",
    "\r\nSet-Cookie: a=b",
    "-1",
    "0",
    "-0",
    "1e400",
    "NaN",
    "Infinity",
    "9" * 400,
    "9223372036854775808",
    "-9223372036854775809",
    "2147483648",
    "32768",
    "1.5",
    "٣٫٥",
    "۱۴۰۲",
    "²³",  # digits that int() refuses
    "१२३",
    "1_000",
    "0x10",
    "true",
    "null",
    "None",
    "[]",
    "2025-02-29",
    "2024-02-29",
    "0001-01-01",
    "0000-00-00",
    "9999-12-31",
    "10000-01-01",
    "1403-12-30",  # a day of a Solar Hijri leap year
    "1402-12-30",  # … and one that does not exist
    "1402-13-01",
    "2026-W10-1",
    "20260310",
    "2026-03-10T25:61",
    "۱۴۰۲-۰۱-۰۱",
    "00000000-0000-0000-0000-000000000000",
    "01890000-0000-7000-8000-000000000000",
    "{01890000-0000-7000-8000-000000000000}",
    "urn:uuid:01890000-0000-7000-8000-000000000000",
    "01890000-0000-7000-8000-00000000000g",
    "XXX",
    "AFG",
    "OTHER",
    "self",
    "PA",
)

LETTERS = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)  # half characters included


def hostile_value() -> st.SearchStrategy[str]:
    return st.one_of(
        st.sampled_from(HOSTILE),
        LETTERS,
        st.integers(-(10**30), 10**30).map(str),
        st.dates().map(str),
        st.uuids().map(str),
    )


def picture(kind: str, size: tuple[int, int] = (4, 4), mode: str = "RGB") -> bytes:
    written = io.BytesIO()
    Image.new(mode, size).save(written, kind)
    return written.getvalue()


FILES = (
    ("empty.jpg", b""),
    ("text.jpg", b"not a picture at all"),
    ("cut.jpg", picture("JPEG", (300, 400))[:200]),
    ("head.png", picture("PNG")[:40]),
    ("page.jpg", b"<html><script>alert(1)</script></html>"),
    ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    ("zeros.jpg", b"\0" * 5000),
    ("moving.gif", picture("GIF")),
    ("wide.png", picture("PNG", (30_000, 2), "1")),
    ("bomb.png", picture("PNG", (12_000, 12_000), "1")),  # few bytes, 144 million points
    ("grey.tiff", picture("TIFF", mode="I;16")),
    ("paper.pdf", b"%PDF-1.7\n%\xff\xff\xff\xff\nnothing of the kind"),
    ("good.jpg", picture("JPEG", (240, 320))),
    ("../../\u202egpj.exe\0.jpg", picture("JPEG", (240, 320))),
)


def as_received(text: str) -> str:
    """The text as a server can read it: what is not UTF-8 comes in as U+FFFD."""
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def encode_pairs(pairs: list[tuple[str, str]]) -> bytes:
    """The body of a form, byte for byte, half characters included."""
    quoted = ((quote_plus(name), quote_plus(value.encode("utf-8", "surrogatepass"))) for name, value in pairs)
    return "&".join(f"{name}={value}" for name, value in quoted).encode()


BOUNDARY = "hostile-boundary"


def encode_multipart(pairs: list[tuple[str, str]], files: list[tuple[str, str, bytes]]) -> bytes:
    parts = []
    for name, value in pairs:
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
        parts.append(head.encode() + value.encode("utf-8", "surrogatepass") + b"\r\n")
    for name, filename, content in files:
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\nContent-Type: image/jpeg\r\n\r\n'
        parts.append(head.encode("utf-8", "surrogatepass") + content + b"\r\n")
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()
