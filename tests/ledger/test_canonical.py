"""One spelling for each value: the vectors of RFC 8785, and what may not be spelled at all."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panoh.ledger.canonical import LARGEST_NUMBER, NotCanonical, canonical_bytes, canonical_text

letters = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST_NUMBER, LARGEST_NUMBER) | letters,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(letters, inner, max_size=4),
    max_leaves=12,
)


def test_order_of_keys_is_that_of_rfc_8785_section_3_2_3():
    value = json.loads(
        '{"\\u20ac":"Euro Sign","\\r":"Carriage Return","\\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One",'
        '"\\ud83d\\ude00":"Emoji: Grinning Face","\\u0080":"Control","\\u00f6":"Latin Small Letter O With Diaeresis"}'
    )
    assert list(json.loads(canonical_text(value)).values()) == [
        "Carriage Return",
        "One",
        "Control",
        "Latin Small Letter O With Diaeresis",
        "Euro Sign",
        "Emoji: Grinning Face",
        "Hebrew Letter Dalet With Dagesh",
    ]


def test_escapes_are_those_of_rfc_8785_section_3_2_2_2():
    value = json.loads('"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/"')
    assert canonical_text(value) == '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({}, "{}"),
        ([], "[]"),
        (None, "null"),
        ({"b": 1, "a": [True, False, None]}, '{"a":[true,false,null],"b":1}'),
        ({"name": "محمد نعیم"}, '{"name":"محمد نعیم"}'),
        ({"z": {"B": 1, "a": 2}}, '{"z":{"B":1,"a":2}}'),
        ("\x7f\u2028\t", '"\x7f\u2028\\t"'),
        (-LARGEST_NUMBER, "-9007199254740991"),
        (("a", "b"), '["a","b"]'),
    ],
)
def test_vectors(value, text):
    assert canonical_text(value) == text
    assert canonical_bytes(value) == text.encode()


def test_text_stays_letter_for_letter():
    composed, decomposed = "й", "и\u0306"
    assert canonical_text(composed) != canonical_text(decomposed)


@pytest.mark.parametrize(
    ("value", "place"),
    [
        (1.5, "the value"),
        ({"sum": 2.0}, "sum"),
        ({"a": [{"b": float("nan")}]}, "a[0].b"),
        ({"a": 2**53}, "a"),
        ({1: "a"}, "the value"),
        ({"a": {"\ud800": 1}}, "a"),
        ({"a": "\ud800"}, "a"),
        ({"a": "x\0"}, "a"),
        ({"a": "я\0"}, "a"),
        ({"a": b"bytes"}, "a"),
        ({"a": {1, 2}}, "a"),
    ],
)
def test_what_has_no_canonical_form_is_named(value, place):
    with pytest.raises(NotCanonical) as refusal:
        canonical_text(value)
    assert str(refusal.value).startswith(f"{place}:")


@given(values)
def test_canonical_text_reads_back_and_is_its_own_canonical_form(value):
    text = canonical_text(value)
    assert json.loads(text) == value
    assert canonical_text(json.loads(text)) == text


@given(st.dictionaries(letters, values, max_size=6), st.randoms())
def test_the_order_in_which_keys_came_does_not_matter(value, random):
    items = list(value.items())
    random.shuffle(items)
    assert canonical_text(dict(items)) == canonical_text(value)
