"""What lies under a path, a source at a time: files of a folder or a ZIP, letters of a mailbox, lines of a dump."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from pathlib import Path

from panoh.library.reading import archives, dumps, mail
from panoh.library.reading.document import Reading
from panoh.library.reading.files import LARGEST_FILE, read_file

MAILBOX_ENDINGS = (".mbox", ".mbx")
Piece = tuple[str, bytes, str]
Refused = list[tuple[str, str]]


def read_piece(piece: Piece) -> Reading:
    name, content, how = piece
    return dumps.read_record(name, content) if how == "record" else read_file(name, content)


def pieces_of(path: Path, refused: Refused, within: str = "") -> Iterator[Piece]:
    """Each source under a path with its bytes, always in the same order: files by their names, letters of mailboxes, lines of dumps.

    `within` names the archive that a file was unpacked from; an archive in an archive stays closed.
    """
    if path.is_dir():
        for folder, folders, names in os.walk(path):
            folders.sort()
            for name in sorted(names):
                if not name.startswith("."):
                    yield from pieces_of(Path(folder) / name, refused)
        return
    name = within or path.name
    if dumps.is_dump(path):
        try:
            yield from ((f"{name}#{number}", line, "record") for number, line in dumps.records_of(path))
        except (EOFError, OSError, zlib.error):
            refused.append((name, "damaged"))
    elif path.name.lower().endswith(MAILBOX_ENDINGS):
        yield from ((f"{name}#{number}", letter, "file") for number, letter in mail.letters_of(path))
    elif archives.is_archive(path) and not within:
        for inner, shown in archives.files_of(path, refused):
            yield from pieces_of(inner, refused, shown)
    elif path.stat().st_size > LARGEST_FILE:
        refused.append((name, f"{path.stat().st_size >> 20} MB"))
    else:
        yield name, path.read_bytes(), "file"
