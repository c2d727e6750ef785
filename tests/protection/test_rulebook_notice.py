"""Whoever supervises the law sees which one is in force: the page says with file and line what is wrong with the rulebook on disk."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from panoh import rulebook
from panoh.rulebook import in_force
from tests.browser import faults_of
from tests.signing_in import client_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases="__all__")]


@pytest.fixture
def on_disk(tmp_path: Path, monkeypatch) -> Path:
    """The country's files in a folder of their own; the rulebook they make is in force, and kept."""
    folder = Path(shutil.copytree(rulebook.current().directory, tmp_path / "countries" / "tj"))
    monkeypatch.setenv("PANOH_COUNTRIES", str(folder.parent))
    monkeypatch.setattr(in_force, "_copies", [tmp_path / "rulebooks"])
    monkeypatch.setattr(in_force, "_looked", {})
    kept = in_force.keeping().keep(rulebook.load(folder), datetime(2026, 3, 2, 9, tzinfo=UTC))
    monkeypatch.setenv(in_force.NAMED_BY_SERVER, kept.fingerprint)
    return folder


def write(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    in_force.look_at_disk()  # a busy machine reads a rulebook for seconds, and the browser waits for a page no longer than some


def test_the_page_says_what_is_wrong_on_disk_and_that_a_mended_rulebook_waits(
    committed_world, visit, violations, on_disk
):
    asylum = on_disk / "procedures" / "asylum.yaml"
    assert in_force.look_at_disk().state == "in_force"
    cookies = {"sessionid": client_of(committed_world.members["protection_officer"]).cookies["sessionid"].value}

    def shown(language: str):
        page = visit("/supervision", language=language, cookies=cookies)
        assert faults_of(page, violations, f"supervision-{language}") == []
        return page

    assert shown("en").locator("main .notice").count() == 0
    write(asylum, "from: [lodged, accepted,", "from: [lodged, acepted,")
    for language, heading in (
        ("en", "The rulebook on disk has errors and is not used"),
        ("prs", "مجموعهٔ قواعد روی دیسک خطا دارد و به کار نمی‌رود"),
    ):
        told = shown(language).locator("main .notice").inner_text()
        assert heading in told
        assert (
            "procedures/asylum.yaml:" in told
            and "unknown state 'acepted'" in told
            and "did you mean 'accepted'?" in told
        )
    write(asylum, "from: [lodged, acepted,", "from: [lodged, accepted, ")
    assert "A changed rulebook waits" in shown("en").locator("main .notice").inner_text()
