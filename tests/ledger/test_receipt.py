"""The receipt holds what it promises, fits a QR code, and breaks when a letter is changed."""

from __future__ import annotations

from datetime import UTC, datetime

import base45
import cbor2
import pytest
import segno
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cwt import COSE, COSEKey
from hypothesis import given
from hypothesis import strategies as st

from panoh.kernel.ids import new_id
from panoh.ledger import operations, receipt
from panoh.ledger.receipt import NotAReceipt

KEY, KEY_ID = Ed25519PrivateKey.from_private_bytes(bytes(range(32))), b"panoh-01"
KEYS = {KEY_ID: KEY.public_key()}
ENTRY_ID = new_id()
GIVEN = {
    "entry_id": ENTRY_ID,
    "leaf_hash": b"\x05" * 32,
    "kind": "asylum.lodged",
    "office": "TJ-DU-01",
    "number": "TJ-2025-000417",
    "recorded_at": datetime(2025, 6, 2, 9, 30, 15, 123457, UTC),
    "issued_at": datetime(2025, 6, 2, 9, 30, 16, 999999, UTC),
    "issuer": "panoh.tj/ledger",
}
RECEIPT = receipt.issue(**GIVEN, key=KEY, key_id=KEY_ID)


def test_what_is_read_is_what_was_signed():
    assert receipt.read(RECEIPT.text, KEYS) == RECEIPT
    for name, value in GIVEN.items():
        if name != "issued_at":  # a CWT counts seconds
            assert getattr(RECEIPT, name) == value, name
    assert RECEIPT.issued_at == datetime(2025, 6, 2, 9, 30, 16, tzinfo=UTC)


def test_it_is_a_cbor_web_token_that_other_software_reads():
    envelope = base45.b45decode(RECEIPT.text.removeprefix(receipt.PREFIX))
    message = cbor2.loads(envelope)
    assert message.tag == 18 and cbor2.loads(message.value[0]) == {1: -8, 4: KEY_ID}
    raw_key = {1: 1, -1: 6, -2: bytes(receipt_public()), 3: -8, 2: KEY_ID}
    claims = cbor2.loads(COSE.new().decode(envelope, COSEKey.new(raw_key)))
    assert claims[1] == "panoh.tj/ledger" and claims[6] == 1748856616 and claims[7] == ENTRY_ID.bytes


def receipt_public() -> bytes:
    from panoh.ledger.note import raw

    return raw(KEY.public_key())


def test_it_fits_a_small_qr_code_in_the_densest_mode():
    code = segno.make_qr(RECEIPT.text, error="m")
    assert code.mode == "alphanumeric"
    assert code.version <= 13, "69 modules a side still scan from cheap paper"


def test_line_breaks_of_a_mail_do_not_hurt():
    broken = "\r\n".join(RECEIPT.text[i : i + 60] for i in range(0, len(RECEIPT.text), 60))
    assert receipt.read(f"  {broken}\n", KEYS).entry_id == ENTRY_ID


@given(st.integers(0, len(RECEIPT.text) - 1), st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:aж"))
def test_no_letter_can_be_changed(at, letter):
    changed = RECEIPT.text[:at] + letter + RECEIPT.text[at + 1 :]
    if changed == RECEIPT.text:
        return
    with pytest.raises(NotAReceipt):
        receipt.read(changed, KEYS)


@given(st.text(max_size=100) | st.binary(max_size=100).map(lambda raw: receipt.PREFIX + base45.b45encode(raw).decode()))
def test_any_text_is_refused_in_words(text):
    with pytest.raises(NotAReceipt):
        receipt.read(text, KEYS)


@given(
    st.recursive(
        st.none() | st.integers() | st.binary() | st.text(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.integers(-9, 9), inner, max_size=3),
        max_leaves=8,
    )
)
def test_any_cbor_is_refused_in_words(value):
    for given_ in (value, cbor2.CBORTag(18, value), cbor2.CBORTag(18, [value, value, value, value])):
        with pytest.raises(NotAReceipt):
            receipt.read(receipt.PREFIX + base45.b45encode(cbor2.dumps(given_)).decode(), KEYS)


def reason(text: str, keys=KEYS) -> str:
    with pytest.raises(NotAReceipt) as refusal:
        receipt.read(text, keys)
    return refusal.value.reason


def test_the_reason_tells_a_forgery_from_a_mistake():
    message = cbor2.loads(base45.b45decode(RECEIPT.text.removeprefix(receipt.PREFIX)))
    protected, unprotected, payload, signature = message.value

    def text_of(*parts) -> str:
        return receipt.PREFIX + base45.b45encode(cbor2.dumps(cbor2.CBORTag(18, list(parts)))).decode()

    assert reason("HC1:ABC") == "form"
    assert reason(RECEIPT.text[:-9]) == "form"
    assert reason(RECEIPT.text, {}) == "key"
    claims = cbor2.loads(payload) | {receipt.RECORDED_AT: 0}
    assert reason(text_of(protected, unprotected, cbor2.dumps(claims), signature)) == "signature"
    for headers in ({1: -7, 4: KEY_ID}, {1: -8}, {1: -8, 4: 7}, {1: -8, 4: KEY_ID, 5: b""}, {}, [], [1] * 9, 7, None):
        assert reason(text_of(cbor2.dumps(headers), unprotected, payload, signature)) == "form", headers
    assert reason(text_of(protected, {1: "note"}, payload, signature)) == "form"
    other = COSE.new().encode_and_sign(
        cbor2.dumps({1: "x"}), receipt._cose_key(KEY, KEY_ID), protected={1: -8, 4: KEY_ID}
    )
    assert reason(receipt.PREFIX + base45.b45encode(other).decode()) == "claims"
    assert reason("PANOH1:" + "A" * 5000) == "form"


@pytest.mark.django_db(transaction=True)
def test_a_receipt_of_an_entry_names_it_and_its_hash(record):
    from panoh.ledger import configuration

    entry = record(kind="asylum.lodged")
    given_out = operations.sign_receipt(entry, office="TJ-DU-01", number="TJ-2025-000417")
    read = receipt.read(given_out.text, configuration.receipt_verifiers())
    assert (read.entry_id, read.leaf_hash, read.kind) == (entry.id, entry.leaf_hash, "asylum.lodged")
    assert read.recorded_at == entry.recorded_at, "to the microsecond"
    assert (read.office, read.number) == ("TJ-DU-01", "TJ-2025-000417")
