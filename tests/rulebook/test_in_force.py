"""Copies of rulebooks: kept whole or not at all, and used only as they were kept. Real servers: `tests/setup/test_rulebook_in_force.py`."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from panoh.rulebook import RulebookError, in_force, load
from panoh.rulebook.keeping import LAST, ChangedMeanwhile, Keeping

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER = datetime(2026, 3, 3, 12, tzinfo=UTC)


@pytest.fixture
def copies(tmp_path: Path) -> Keeping:
    return Keeping(tmp_path / "rulebooks" / "chess")


@pytest.fixture
def installed(copy: Path, tmp_path: Path, monkeypatch) -> Path:
    """A process of an installation whose country is the copy, and which keeps rulebooks beside it."""
    monkeypatch.setenv("PANOH_COUNTRIES", str(copy.parent))
    monkeypatch.setenv("PANOH_COUNTRY", copy.name)
    monkeypatch.setattr(in_force, "_copies", [tmp_path / "rulebooks"])
    start_anew(monkeypatch)
    return copy


def start_anew(monkeypatch) -> None:
    """What a new process knows: nothing."""
    monkeypatch.setattr(in_force, "_found", {})
    monkeypatch.setattr(in_force, "_looked", {})


def misspell(folder: Path) -> None:
    change(folder / "procedures/membership.yaml", "to: on_hold", "to: on_old")


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_nothing_was_in_force_where_nothing_was_kept(copies: Keeping):
    assert copies.last() is None


def test_a_copy_is_the_rulebook(copies: Keeping, copy: Path):
    book = load(copy)
    kept = copies.keep(book, NOON)
    assert copies.load(kept.fingerprint).fingerprint == book.fingerprint
    assert copies.last() == kept and kept.since == NOON
    assert copies.keep(book, LATER).since == NOON, "it has been in force since then"


def test_the_one_that_was_in_force_last_is_named_also_when_it_comes_back(copies: Keeping, copy: Path):
    first = copies.keep(load(copy), NOON)
    change(copy / "country.yaml", "code: ", "# amended\ncode: ")
    second = copies.keep(load(copy), LATER)
    assert copies.last() == second != first
    change(copy / "country.yaml", "# amended\ncode: ", "code: ")
    assert copies.keep(load(copy), LATER).fingerprint == first.fingerprint
    assert copies.last().fingerprint == first.fingerprint


def test_files_that_change_while_they_are_copied_are_not_kept(copies: Keeping, copy: Path):
    book = load(copy)
    change(copy / "country.yaml", "code: ", "# amended\ncode: ")
    with pytest.raises(ChangedMeanwhile):
        copies.keep(book, NOON)
    assert copies.last() is None
    assert list(copies.root.iterdir()) == []


@pytest.mark.parametrize("file", ["country.yaml", "procedures/membership.yaml"])
def test_an_altered_copy_is_not_used_and_is_written_anew_from_sound_files(copies: Keeping, copy: Path, file: str):
    book = load(copy)
    kept = copies.keep(book, NOON)
    with (kept.directory / file).open("a") as written:
        written.write("# altered\n")
    with pytest.raises(RulebookError, match="this copy was altered"):
        copies.load(kept.fingerprint)
    copies.keep(book, LATER)
    assert copies.load(kept.fingerprint).fingerprint == book.fingerprint


def test_a_note_that_cannot_be_read_is_no_permission_to_guess(copies: Keeping, copy: Path):
    copies.keep(load(copy), NOON)
    for text in ("", "{}", json.dumps({"fingerprint": "x"}), json.dumps(["x"])):
        (copies.root / LAST).write_text(text)
        with pytest.raises(RulebookError, match="which copy was in force last"):
            copies.last()


def test_broken_files_leave_the_last_one_in_force_and_are_told(installed: Path, monkeypatch, caplog):
    sound = in_force.current()
    in_force.keeping().keep(sound, NOON)
    assert in_force.look_at_disk().state == "in_force"
    misspell(installed)
    told = in_force.look_at_disk()
    assert told.state == "broken" and "unknown state 'on_old'" in told.faults[0].message
    start_anew(monkeypatch)
    standing = in_force.standing()
    assert (standing.book.fingerprint, standing.kept.since) == (sound.fingerprint, NOON)
    assert "membership.yaml" in caplog.text and "did you mean 'on_hold'?" in caplog.text
    assert in_force.look_at_disk().state == "broken"


def test_without_a_copy_broken_files_are_refused(installed: Path):
    misspell(installed)
    with pytest.raises(RulebookError, match="on_old"):
        in_force.current()


def test_a_lost_copy_is_told_beside_the_faults_and_no_older_one_is_taken(installed: Path, monkeypatch):
    older = in_force.keeping().keep(in_force.current(), NOON)
    change(installed / "country.yaml", "code: ", "# amended\ncode: ")
    last = in_force.keeping().keep(load(installed), LATER)
    misspell(installed)
    (last.directory / "country.yaml").unlink()
    start_anew(monkeypatch)
    with pytest.raises(RulebookError) as caught:
        in_force.current()
    assert "this copy was altered" in str(caught.value) and "on_old" in str(caught.value)
    assert older.directory.is_dir()


def test_a_process_of_a_server_works_under_the_rulebook_that_the_server_names(installed: Path, monkeypatch):
    named = in_force.keeping().keep(in_force.current(), NOON)
    change(installed / "country.yaml", "code: ", "# amended\ncode: ")
    monkeypatch.setenv(in_force.NAMED_BY_SERVER, named.fingerprint)
    start_anew(monkeypatch)
    assert in_force.current().fingerprint == named.fingerprint
    assert in_force.look_at_disk().state == "waits"
    misspell(installed)
    assert in_force.look_at_disk().state == "broken"


def test_files_are_read_again_only_once_they_have_changed(installed: Path, monkeypatch):
    in_force.current()
    first = in_force.look_at_disk()
    assert in_force.look_at_disk() is first
    misspell(installed)
    assert in_force.look_at_disk() is not first
