"""The text in a paper's square: true to what was signed, and broken by any change. Needs no database."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import base45
import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cwt import COSE, COSEKey
from hypothesis import given, settings
from hypothesis import strategies as st

from panoh.papers.token import PREFIX, NotAPaper, PaperToken, read, sign

ZONE = ZoneInfo("Asia/Dushanbe")
KEY = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"a key of the tests").digest())
KEY_ID = b"\x01\x02\x03\x04\x05\x06\x07\x08"
KEYS = {KEY_ID: KEY.public_key()}
TOKEN = PaperToken(
    issuer="panoh.tj/ledger",
    kind="ASYLUM_SEEKER_CERTIFICATE",
    number="PJ-0000001",
    valid_from=date(2026, 11, 22),
    valid_until=date(2026, 12, 21),
    issued_at=datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
    photo=bytes.fromhex("3fa977c102be91d4"),
)


def test_what_was_signed_is_read_back():
    assert read(sign(TOKEN, KEY, KEY_ID, ZONE), KEYS, ZONE) == TOKEN


@given(
    st.builds(
        PaperToken,
        issuer=st.just("panoh.tj/ledger"),
        kind=st.sampled_from(["ASYLUM_SEEKER_CERTIFICATE", "REFUGEE_CERTIFICATE"]),
        number=st.from_regex(r"[A-Z]{1,4}-[0-9]{7}", fullmatch=True),
        valid_from=st.dates(date(2000, 1, 1), date(2090, 1, 1)),
        valid_until=st.none() | st.dates(date(2000, 1, 1), date(2090, 1, 1)),
        issued_at=st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)).map(
            lambda at: at.replace(microsecond=0)
        ),
        photo=st.binary(min_size=8, max_size=8) | st.just(b""),
    )
)
def test_any_paper_survives_the_way_through_the_square(token):
    text = sign(token, KEY, KEY_ID, ZONE)
    assert read(text, KEYS, ZONE) == token
    assert set(text) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"), "the dense mode of QR codes"


@settings(max_examples=300)
@given(st.data())
def test_no_changed_text_passes(data):
    text = sign(TOKEN, KEY, KEY_ID, ZONE)
    at = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"))
    changed = text[:at] + letter + text[at + 1 :]
    if changed.strip() == text:
        return
    with pytest.raises(NotAPaper):
        read(changed, KEYS, ZONE)


@given(st.text(max_size=300) | st.binary(max_size=120).map(lambda raw: PREFIX + base45.b45encode(raw).decode()))
def test_no_text_breaks_the_reader(text):
    with pytest.raises(NotAPaper):
        read(text, KEYS, ZONE)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda text: text, None),
        (lambda text: f"  {text[:40]}\r\n{text[40:]}\n", None),
        (lambda text: text[:-4], "form"),
        (lambda text: text.replace(PREFIX, "HC1:"), "form"),
        (lambda text: PREFIX, "form"),
        (lambda text: text * 20, "form"),
    ],
)
def test_the_reader_says_what_is_wrong(make, reason):
    text = make(sign(TOKEN, KEY, KEY_ID, ZONE))
    if reason is None:
        assert read(text, KEYS, ZONE) == TOKEN
        return
    with pytest.raises(NotAPaper) as refusal:
        read(text, KEYS, ZONE)
    assert refusal.value.reason == reason


def test_another_key_and_another_purpose_are_refused():
    other = Ed25519PrivateKey.generate()
    with pytest.raises(NotAPaper) as refusal:
        read(sign(TOKEN, other, b"otherkey", ZONE), KEYS, ZONE)
    assert refusal.value.reason == "key"
    with pytest.raises(NotAPaper) as refusal:
        read(sign(TOKEN, other, KEY_ID, ZONE), KEYS, ZONE)
    assert refusal.value.reason == "signature"
    # Signed by our key, but not a paper: a claim is missing.
    protected = cbor2.dumps({1: -8, 4: KEY_ID}, canonical=True)
    payload = cbor2.dumps({1: "panoh.tj/ledger"})
    signature = KEY.sign(cbor2.dumps(["Signature1", protected, b"", payload]))
    text = PREFIX + base45.b45encode(cbor2.dumps(cbor2.CBORTag(18, [protected, {}, payload, signature]))).decode()
    with pytest.raises(NotAPaper) as refusal:
        read(text, KEYS, ZONE)
    assert refusal.value.reason == "claims"


def test_a_library_of_others_reads_the_same_envelope():
    """The square is plain COSE (RFC 9052) and CWT (RFC 8392): whoever has a library needs no code of ours."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    envelope = base45.b45decode(sign(TOKEN, KEY, KEY_ID, ZONE).removeprefix(PREFIX))
    pem = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    claims = cbor2.loads(COSE.new().decode(envelope, COSEKey.from_pem(pem.decode(), kid=KEY_ID)))
    assert claims[1] == TOKEN.issuer
    assert datetime.fromtimestamp(claims[4], ZONE).date() == TOKEN.valid_until + timedelta(days=1)


def test_the_square_is_silent_about_the_person():
    envelope = base45.b45decode(sign(TOKEN, KEY, KEY_ID, ZONE).removeprefix(PREFIX))
    claims = cbor2.loads(cbor2.loads(envelope).value[2])
    assert set(claims) == {1, 4, 5, 6, -70002, -70005, -70006}
    assert len(json.dumps({str(name): str(value) for name, value in claims.items()})) < 300


def test_the_last_day_is_included():
    assert TOKEN.is_in_force(date(2026, 12, 21))
    assert not TOKEN.is_in_force(date(2026, 12, 22))
    assert not TOKEN.is_in_force(date(2026, 11, 21))
