"""The project's own files, for the tests that read the code as text."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

from panoh.project.installation import ROOT

NOT_TEXT = {".png", ".jpg", ".jpeg", ".woff2", ".ttf", ".otf", ".ico", ".pdf", ".xlsx", ".gz", ".webp", ".mo"}


@cache
def tracked_files() -> tuple[Path, ...]:
    """Every file that belongs to the project, committed or about to be; without git (an export), all that lie here."""
    done = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if done.returncode == 0:
        names = [name for name in done.stdout.decode().split("\0") if name]
        return tuple(sorted(path for name in names if (path := ROOT / name).is_file()))
    hidden = {".panoh", ".git", "__pycache__"}
    return tuple(sorted(p for p in ROOT.rglob("*") if p.is_file() and not hidden & set(p.relative_to(ROOT).parts)))


def python_files(*folders: str) -> list[Path]:
    return [path for path in tracked_files() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in folders]


def text_files() -> list[Path]:
    return [path for path in tracked_files() if path.suffix not in NOT_TEXT]


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))
