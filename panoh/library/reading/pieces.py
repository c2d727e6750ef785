"""What lies under a path, a source at a time: files of a folder, letters of a mailbox, lines of a dump."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from pathlib import Path

from panoh.library.reading import dumps, mail
from panoh.library.reading.document import Reading
from panoh.library.reading.files import LARGEST_FILE, read_file

MAILBOX_ENDINGS = (".mbox", ".mbx")
Piece = tuple[str, bytes, str]


def read_piece(piece: Piece) -> Reading:
    name, content, how = piece
    return dumps.read_record(name, content) if how == "record" else read_file(name, content)


def pieces_of(path: Path, refused: list[tuple[str, str]]) -> Iterator[Piece]:
    """Each source under a path with its bytes: files in the order of their names, letters of mailboxes, lines of dumps."""
    if path.is_dir():
        for folder, folders, names in os.walk(path):
            folders.sort()
            for name in sorted(names):
                if not name.startswith("."):
                    yield from pieces_of(Path(folder) / name, refused)
        return
    if dumps.is_dump(path):
        try:
            yield from ((name, line, "record") for name, line in dumps.records_of(path))
        except (EOFError, OSError, zlib.error):
            refused.append((path.name, "damaged"))
    elif path.name.lower().endswith(MAILBOX_ENDINGS):
        yield from ((name, letter, "file") for name, letter in mail.letters_of(path))
    elif path.stat().st_size > LARGEST_FILE:
        refused.append((path.name, f"{path.stat().st_size >> 20} MB"))
    else:
        yield path.name, path.read_bytes(), "file"
