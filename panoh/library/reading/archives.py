"""Archives of files: unpacked one file at a time, each up to a limit, under a name of our own; nothing of them chooses where it is written."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

MOST_FILES = 20_000
LARGEST_INSIDE = 64 * 1024 * 1024
LARGEST_TOGETHER = 2 * 1024 * 1024 * 1024
LONGEST_ENDING = 12
# What a system puts into archives for itself.
NOT_MEANT = ("__MACOSX", "Thumbs.db", "desktop.ini")


def is_archive(path: Path) -> bool:
    """A ZIP by its name and its content: documents that are packed the same way (DOCX, ODT) are none."""
    return path.name.lower().endswith(".zip") and zipfile.is_zipfile(path)


def files_of(path: Path, refused: list[tuple[str, str]]) -> Iterator[tuple[Path, str]]:
    """Each file in the order of the archive's own list, unpacked for as long as it is looked at, with the name to show."""
    together = 0
    with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory() as folder:
        for number, one in enumerate(archive.infolist()):
            name = PurePosixPath(one.filename)
            if one.is_dir() or name.name.startswith(".") or set(name.parts) & set(NOT_MEANT):
                continue
            shown = f"{path.name}/{one.filename}"
            together += one.file_size
            if number >= MOST_FILES or one.file_size > LARGEST_INSIDE or together > LARGEST_TOGETHER:
                refused.append((shown, "too_large_inside"))
            elif one.flag_bits & 1:
                refused.append((shown, "encrypted"))
            else:
                # What it begins with is the archive's, how it ends tells what it is.
                inner = Path(folder) / f"{number}{''.join(name.suffixes[-2:])[-LONGEST_ENDING:]}"
                try:
                    # Where an archive lies about a size, the reading of the file ends at the size that it names.
                    with archive.open(one) as packed, inner.open("wb") as out:
                        shutil.copyfileobj(packed, out)
                except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, zlib.error):
                    refused.append((shown, "damaged"))
                else:
                    yield inner, shown
                inner.unlink(missing_ok=True)
