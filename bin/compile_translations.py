"""Compiles the translations (locale/*/LC_MESSAGES/*.po → *.mo) that are newer than what stands beside them.

Called by bin/environment.sh in the environment it made. With Babel, so that no gettext tools are needed.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def main() -> int:
    failed = 0
    for source in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        try:
            compile_catalogue(source, target)
        except PoFileError as error:
            print(f"{source}: {error}", file=sys.stderr)
            failed += 1
    return 1 if failed else 0


def compile_catalogue(source: Path, target: Path) -> None:
    """Write the compiled form in one step, so that a reader never meets half a file; fuzzy translations stay out."""
    stamp = source.stat().st_mtime_ns
    with open(source, "rb") as file:
        catalogue = read_po(file, abort_invalid=True)
    pending = target.with_name(f"{target.name}.{os.getpid()}")
    with open(pending, "wb") as file:
        write_mo(file, catalogue)
    os.utime(pending, ns=(stamp, stamp))
    pending.replace(target)


if __name__ == "__main__":
    sys.exit(main())
