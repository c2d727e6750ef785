"""A large agenda is a light page: one line for each item, each item a page of its own."""

from __future__ import annotations

import gzip

import pytest

from panoh.procedures.queries.agenda import list_agenda
from panoh.procedures.views import items as item_pages
from panoh.procedures.views import sittings as sitting_pages
from tests.procedures.stories import Story
from tests.procedures.test_sittings import bring_before_the_commission
from tests.signing_in import client_of

LATER_PAGE = 30 * 1024
ITEMS = 38


@pytest.fixture
def sitting(story) -> Story:
    bring_before_the_commission(story)
    story.convene()
    story.open_sitting()
    return story


def weights(client, address: str) -> tuple[int, int]:
    """Over the wire, and unpacked."""
    answer = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    return len(answer.content), len(gzip.decompress(answer.content))


@pytest.mark.parametrize("language", ["en", "prs"])
def test_a_sitting_of_38_items_and_each_of_its_items_are_light(sitting, monkeypatch, language):
    """Every line stands there 38 times, as it is drawn. Packed, equal lines would weigh too little: the page itself is limited too."""

    def many(actor, found, **more):
        return list_agenda(actor, found, **more) * ITEMS

    monkeypatch.setattr(sitting_pages, "list_agenda", many)
    monkeypatch.setattr(item_pages, "list_agenda", many)
    client = client_of(sitting.world.members["commission_secretary"])
    client.cookies["language"] = language
    for address in (f"/sittings/{sitting.sitting.number}", f"/sittings/{sitting.sitting.number}/items/1"):
        packed, unpacked = weights(client, address)
        assert packed <= LATER_PAGE / 3
        assert unpacked <= 2 * LATER_PAGE, address


def test_the_pages_of_a_sitting_take_a_bounded_number_of_queries(sitting, django_assert_max_num_queries):
    client = client_of(sitting.world.members["commission_secretary"])
    for address, limit in (
        (f"/sittings/{sitting.sitting.number}", 16),
        (f"/sittings/{sitting.sitting.number}/items/1", 24),
    ):
        client.get(address)
        with django_assert_max_num_queries(limit):
            client.get(address)
