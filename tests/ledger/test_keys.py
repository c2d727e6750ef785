"""Keys are made once, are their owner's alone, and never overwritten."""

from __future__ import annotations

import threading

import pytest

from panoh.ledger import keys
from panoh.ledger.note import VerifierKey, raw


def public(purpose, directory) -> bytes:
    return raw(keys.private_key(purpose, directory).public_key())


def test_a_key_is_made_once_and_read_by_its_owner_alone(tmp_path):
    directory = tmp_path / "keys"
    first = public("checkpoint", directory)
    path = directory / "checkpoint.key"
    written = path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert directory.stat().st_mode & 0o777 == 0o700
    keys._private_key.cache_clear()
    assert public("checkpoint", directory) == first
    assert path.read_bytes() == written
    assert [file.name for file in directory.iterdir()] == ["checkpoint.key"], "nothing half-made is left"


def test_each_purpose_has_a_key_of_its_own(tmp_path):
    assert len({public(purpose, tmp_path) for purpose in keys.PURPOSES}) == len(keys.PURPOSES) == 3
    with pytest.raises(ValueError, match="no key for"):
        keys.private_key("everything", tmp_path)


def test_those_who_come_together_agree_on_one_key(tmp_path):
    found, start = [], threading.Barrier(8)

    def come() -> None:
        start.wait()
        found.append(raw(keys._private_key.__wrapped__("receipt", tmp_path).public_key()))

    threads = [threading.Thread(target=come) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8 and len(set(found)) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["receipt.key"]


def test_a_key_that_others_can_read_is_not_used(tmp_path):
    keys.private_key("papers", tmp_path)
    keys._private_key.cache_clear()
    (tmp_path / "papers.key").chmod(0o640)
    with pytest.raises(keys.KeyNotUsable, match="640"):
        keys.private_key("papers", tmp_path)


def test_a_broken_key_is_not_replaced_by_a_new_one(tmp_path):
    path = tmp_path / "papers.key"
    path.write_text("broken")
    path.chmod(0o600)
    with pytest.raises(keys.KeyNotUsable, match="no private key"):
        keys.private_key("papers", tmp_path)
    assert path.read_text() == "broken"


def test_public_keys_are_listed_for_witnesses(tmp_path):
    listed = keys.list_public_keys(tmp_path, "panoh.tj/ledger")
    assert set(listed) == set(keys.PURPOSES)
    for purpose, text in listed.items():
        assert raw(VerifierKey.parse(text).public) == public(purpose, tmp_path)
