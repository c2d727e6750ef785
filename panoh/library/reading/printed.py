"""PDF to blocks. The file is read by pypdf in a process of its own with limits of time and memory: a hostile file can cost
no more than that. Called as a program it reads standard input and prints JSON."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from typing import Any

from panoh.library.reading.document import Doubt
from panoh.library.reading.office import Unreadable
from panoh.library.reading.prose import Block, blocks_of_text

LONGEST_SECONDS = 60
MOST_MEMORY = 1536 * 1024 * 1024
MOST_PAGES = 3_000
MOST_LETTERS = 20_000_000


def read_pdf(content: bytes) -> tuple[list[Block], str, list[Doubt]]:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "panoh.library.reading.printed"],
            input=content,
            capture_output=True,
            timeout=LONGEST_SECONDS,
            check=False,
            env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": os.pathsep.join(sys.path)},
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable("damaged") from error
    if done.returncode != 0:
        raise Unreadable("damaged")
    answer = json.loads(done.stdout)
    if answer.get("refused"):
        raise Unreadable(answer["refused"])
    doubts = [Doubt(code) for code in answer["doubts"]]
    return blocks_of_text(answer["text"]), answer["title"], doubts


def _limit() -> None:
    try:
        import resource
    except ImportError:  # no such limits on Windows; the time still is
        return
    resource.setrlimit(resource.RLIMIT_CPU, (LONGEST_SECONDS, LONGEST_SECONDS))
    with contextlib.suppress(ValueError, OSError):  # macOS knows this limit and refuses to set it
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


def _read(content: bytes) -> dict[str, Any]:
    import io

    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        return {"refused": "encrypted"}
    pieces: list[str] = []
    doubts: list[str] = []
    letters = 0
    for number, page in enumerate(reader.pages):
        if number >= MOST_PAGES or letters > MOST_LETTERS:
            doubts.append("cut_short")
            break
        text = page.extract_text() or ""
        letters += len(text.strip())
        pieces.append(text)
    if letters < 20 * max(len(pieces), 1):
        doubts.append("no_text_layer")
    if reader.attachments:
        doubts.append("attachments_left_out")
    root: Any = reader.trailer["/Root"]
    names: Any = root.get("/Names") or {}
    if "/OpenAction" in root or "/AA" in root or "/JavaScript" in names:
        doubts.append("scripts_left_out")
    named: Any = reader.metadata or {}
    return {"text": "\n\n".join(pieces), "title": str(named.get("/Title") or ""), "doubts": doubts}


if __name__ == "__main__":
    _limit()
    try:
        answer = _read(sys.stdin.buffer.read())
    except MemoryError:
        answer = {"refused": "too_large_inside"}
    except Exception as error:  # whatever a damaged file makes of the reader, it is damaged
        print(type(error).__name__, file=sys.stderr)
        answer = {"refused": "damaged"}
    json.dump(answer, sys.stdout)
