"""Names, births and needs of single persons."""

from __future__ import annotations

import random
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from panoh.demo.naming import FullName, family_name, given_name
from panoh.demo.people import LAST_DAY, birth_as_known
from panoh.kernel.births import BirthDate
from panoh.kernel.names import check_name


@given(st.sampled_from(["AFG", "XXA", "IRN", "PAK", "UNK"]), st.sampled_from("MFU"), st.integers(0, 2**32))
def test_every_drawn_name_is_one_the_register_takes(nationality: str, sex: str, seed: int) -> None:
    rng = random.Random(seed)
    family, tribal = family_name(nationality, rng)
    name = FullName(given_name(nationality, sex, rng), given_name(nationality, "M", rng), family=family, tribal=tribal)
    for script in ("Arab", "Cyrl", "Latn"):
        for spelling in range(4):
            written = name.written(script, spelling)
            assert check_name(written) == written


@given(st.dates(date(1935, 1, 1), date(2025, 12, 30)), st.integers(1, 4_000), st.integers(0, 2**32))
def test_a_birth_as_known_keeps_its_person_in_the_same_age_band(born_on: date, days: int, seed: int) -> None:
    told_on = min(born_on + timedelta(days=days), date(2026, 6, 1))
    birth = birth_as_known(born_on, told_on, "AFG", random.Random(seed))
    exact = BirthDate(born_on, born_on, "day")
    assert birth.age_band_on(LAST_DAY) == exact.age_band_on(LAST_DAY)
    assert birth.earliest <= born_on <= birth.latest or birth.precision in ("age", "year", "month")
    assert birth.earliest <= told_on
