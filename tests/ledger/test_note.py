"""Signed checkpoints: the form that witnesses know, and nothing that was changed passes."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from panoh.ledger import note
from panoh.ledger.note import Checkpoint, NotACheckpoint, VerifierKey

NAME = "panoh.tj/ledger"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
VERIFIER = VerifierKey(NAME, KEY.public_key())
CHECKPOINT = Checkpoint(NAME, 20852163, b"\x07" * 32, datetime(2025, 6, 2, 9, 30, 15, 250, UTC))
SIGNED = note.sign(CHECKPOINT, name=NAME, key=KEY)


def test_the_form_is_that_of_transparency_logs():
    text, signature = SIGNED.split("\n\n")
    root = base64.b64encode(b"\x07" * 32).decode()
    assert text.split("\n") == [NAME, "20852163", root, "time 2025-06-02T09:30:15.000250Z"]
    dash, name, blob = signature.removesuffix("\n").split(" ")
    assert (dash, name) == ("—", NAME)
    assert base64.b64decode(blob)[:4] == VERIFIER.key_id and len(base64.b64decode(blob)) == 68


def test_the_known_example_of_signed_notes():
    """The example of golang.org/x/mod/sumdb/note, on which C2SP signed-note stands."""
    key = VerifierKey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    assert (key.name, key.key_id.hex()) == ("PeterNeumann", "c74f20a3")
    text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    blob = base64.b64decode(
        "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    )
    assert blob[:4] == key.key_id
    key.public.verify(blob[4:], text.encode())
    with pytest.raises(InvalidSignature):
        key.public.verify(blob[4:], text.encode() + b" ")


def test_a_signed_checkpoint_opens_with_its_key():
    assert note.open_note(SIGNED, [VERIFIER]) == CHECKPOINT
    assert VerifierKey.parse(VERIFIER.text()).key_id == VERIFIER.key_id


def test_a_countersignature_of_a_witness_is_no_hindrance():
    other = Ed25519PrivateKey.generate()
    blob = note.key_id("unhcr.example/witness", other.public_key()) + other.sign(CHECKPOINT.text().encode())
    both = f"{SIGNED}— unhcr.example/witness {base64.b64encode(blob).decode()}\n"
    assert note.open_note(both, [VERIFIER]) == CHECKPOINT
    assert note.open_note(both, [VerifierKey("unhcr.example/witness", other.public_key())]) == CHECKPOINT


def test_a_checkpoint_of_another_key_names_that_key():
    other = Ed25519PrivateKey.generate()
    forged = note.sign(CHECKPOINT, name=NAME, key=other)
    with pytest.raises(NotACheckpoint, match=note.key_id(NAME, other.public_key()).hex()):
        note.open_note(forged, [VERIFIER])


def test_another_key_under_the_right_name_and_id_is_found_out():
    other = Ed25519PrivateKey.generate()
    blob = VERIFIER.key_id + other.sign(CHECKPOINT.text().encode())
    forged = f"{CHECKPOINT.text()}\n— {NAME} {base64.b64encode(blob).decode()}\n"
    with pytest.raises(NotACheckpoint, match="does not hold"):
        note.open_note(forged, [VERIFIER])


@given(st.integers(0, len(SIGNED) - 1), st.characters(exclude_categories=["Cs"]))
def test_no_letter_can_be_changed(at, letter):
    changed = SIGNED[:at] + letter + SIGNED[at + 1 :]
    if changed == SIGNED:
        return
    with pytest.raises(NotACheckpoint):
        note.open_note(changed, [VERIFIER])


@given(st.integers(0, len(SIGNED) - 1))
def test_nothing_can_be_cut_off(length):
    with pytest.raises(NotACheckpoint):
        note.open_note(SIGNED[:length], [VERIFIER])


@given(st.text(max_size=300))
def test_any_text_is_refused_in_words(text):
    with pytest.raises(NotACheckpoint):
        note.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        SIGNED.replace("20852163", "020852163"),
        SIGNED.replace("20852163", "-1"),
        SIGNED.replace(".000250Z", "Z"),
        SIGNED.replace("time ", "note "),
        SIGNED.replace("Z\n\n", "Z\nmore\n\n"),
        SIGNED + "\n",
        SIGNED + "hello\n",
    ],
)
def test_other_spellings_of_the_same_are_refused(text):
    with pytest.raises(NotACheckpoint):
        note.parse(text)


@pytest.mark.parametrize(
    "text", ["", "a+b+c", "a+00000000+AAAA", VERIFIER.text().replace("ledger+", "other+"), VERIFIER.text()[:-4]]
)
def test_a_verifier_key_that_is_none_is_refused(text):
    with pytest.raises(NotACheckpoint):
        VerifierKey.parse(text)


def test_names_that_would_break_the_note_are_mistakes_of_the_caller():
    for name in ("two words", "a+b", ""):
        with pytest.raises(ValueError, match="no space"):
            note.sign(CHECKPOINT, name=name, key=KEY)
