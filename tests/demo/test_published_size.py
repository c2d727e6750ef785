"""The whole claim, at its own size: the register of the demo adds up to UNHCR's published tables, cell by cell and year by year."""

from __future__ import annotations

import pytest

from panoh.demo.figures import YEARS, published
from tests.demo.checking import check_cells, check_year

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("loaded_at_published_size")]


@pytest.mark.parametrize("year", YEARS)
def test_every_year_equals_the_published_figures(year: int) -> None:
    check_year(year, published())


def test_every_cell_of_2025_equals_the_published_figures() -> None:
    check_cells(published())


def test_the_size_is_what_the_published_tables_need(loaded_at_published_size) -> None:
    assert 50_000 < loaded_at_published_size.persons < 60_000
    assert loaded_at_published_size.entries > 100_000
