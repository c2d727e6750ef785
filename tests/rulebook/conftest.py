"""What the tests of the rulebook share: the two countries, and a copy of the small one that can be broken."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from panoh.rulebook import RulebookError, load
from panoh.rulebook.book import Rulebook

CHESS = Path(__file__).parent / "countries" / "chess"


@pytest.fixture(scope="session")
def chess() -> Rulebook:
    return load(CHESS)


@pytest.fixture(scope="session")
def tajikistan() -> Rulebook:
    return load("tj")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CHESS, tmp_path / "chess"))


@pytest.fixture
def faults_of(copy: Path) -> Callable[[str, str, str], list[str]]:
    """Replaces one text in one file of the chess country, loads it, and gives the errors as text."""

    def change(file: str, old: str, new: str) -> list[str]:
        path = copy / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) >= 1, f"{old!r} does not stand in {file}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        try:
            load(copy)
        except RulebookError as error:
            return [str(fault) for fault in error.faults]
        return []

    return change
