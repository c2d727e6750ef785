"""What the rooms hand over, in the value types of canonical JSON; and commitments that hold only for what was said."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from types import MappingProxyType

from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from panoh.ledger.canonical import NotCanonical, canonical_text
from panoh.ledger.composition import commitment, plain, state_commitment, written_instant

ID = uuid.UUID("014a9e75-1631-7000-a920-acb03bdbc98b")


class Sex(StrEnum):
    FEMALE = "F"


def test_each_kind_of_value_becomes_one_of_canonical_json():
    value = {
        "id": ID,
        ID: 1,
        "day": date(2025, 6, 2),
        "at": datetime(2025, 6, 2, 14, 30, tzinfo=timezone(timedelta(hours=5))),
        "sex": Sex.FEMALE,
        Sex.FEMALE: None,
        "set": {"b", "a"},
        "frozen": frozenset([ID]),
        "tuple": (1, (True, "x")),
        "view": MappingProxyType({ID: [ID]}),
    }
    made = plain(value)
    assert made == {
        "id": str(ID),
        str(ID): 1,
        "day": "2025-06-02",
        "at": "2025-06-02T09:30:00.000000Z",
        "sex": "F",
        "F": None,
        "set": ["a", "b"],
        "frozen": [str(ID)],
        "tuple": [1, [True, "x"]],
        "view": {str(ID): [str(ID)]},
    }
    assert type(made["sex"]) is str and all(type(key) is str for key in made)
    canonical_text(made)


def test_what_is_none_of_these_is_left_for_the_canonical_form_to_refuse():
    for value in (1.5, b"bytes", object(), gettext_lazy("Household")):
        try:
            canonical_text(plain({"value": value}))
        except NotCanonical as refusal:
            assert refusal.place == "value"
        else:
            raise AssertionError(f"{value!r} was let through")


@given(
    st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=4),
    st.binary(min_size=16, max_size=16),
)
def test_a_commitment_holds_for_one_state_and_one_salt(state, salt):
    try:
        made = state_commitment(salt, state)
    except NotCanonical:
        return
    assert made == commitment(salt, canonical_text(plain(state)))
    assert made != state_commitment(salt, state | {"one more": 1})
    assert made != state_commitment(bytes(16) if any(salt) else b"x" * 16, state)


@given(st.datetimes(timezones=st.just(UTC)))
def test_an_instant_is_written_so_that_it_reads_back(instant):
    assert datetime.fromisoformat(written_instant(instant)) == instant
