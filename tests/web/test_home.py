"""The first page: what Panoh is, the ways in, and in the demo one card for each role."""

import pytest
from django.urls import reverse

from panoh.web import home
from panoh.web.landing import LANDINGS
from tests.signing_in import client_of

CARD = home.RoleCard("Clerk", "Border post", "Safar <b>", "/demo/step", (("member", "clerk"),), ("Search a name",))


@pytest.fixture
def cards(monkeypatch):
    monkeypatch.setattr(home, "_providers_of_rooms", lambda: ())
    monkeypatch.setattr(home, "PROVIDERS", [lambda request: [CARD]])


def test_the_first_page_offers_the_ways_in(client):
    text = client.get("/").content.decode()
    assert 'href="/account/login/"' in text
    assert 'class="path' in text


def test_a_role_card_is_a_form_that_posts_with_its_token(client, cards):
    text = client.get("/welcome").content.decode()
    assert 'action="/demo/step"' in text
    assert '<input type="hidden" name="member" value="clerk">' in text
    assert "csrfmiddlewaretoken" in text
    assert "Search a name" in text
    assert "Safar &lt;b&gt;" in text


def test_without_providers_nobody_can_step_in(client, monkeypatch):
    monkeypatch.setattr(home, "_providers_of_rooms", lambda: ())
    monkeypatch.setattr(home, "PROVIDERS", [])
    assert "Step into a role" not in client.get("/welcome").content.decode()


def test_what_rooms_provide_has_all_that_a_card_shows(rf):
    home._providers_of_rooms.cache_clear()
    for card in home.list_role_cards(rf.get("/")):
        for name in ("title", "organisation", "name", "url", "fields", "tries"):
            assert (card.get(name) if isinstance(card, dict) else getattr(card, name)) is not None


def test_search_engines_are_told_to_stay_out(client):
    assert "Disallow: /" in client.get("/robots.txt").content.decode()


def test_a_signed_in_member_begins_to_work_at_once(world):
    from tests.signing_in import client_of

    client = client_of(world.members["registration_clerk"])
    assert client.get("/").headers["Location"] == "/start"
    assert client.get("/start").status_code == 302


def test_every_role_has_a_beginning(world):
    from tests.signing_in import client_of

    for role, member in world.members.items():
        assert client_of(member).get("/start").status_code == 302, role


def test_what_an_actor_saw_is_kept_in_no_cache(world):
    from tests.signing_in import client_of

    client = client_of(world.members["registration_clerk"])
    assert client.get("/search").headers["Cache-Control"] == "private, no-store"
    assert "Cache-Control" not in client.get("/help").headers


@pytest.mark.parametrize(
    ("role", "address"),
    [
        ("head_of_office", "/statistics"),
        ("administrator", "/members"),
        ("auditor", "/readings"),
        ("programme_officer", "/files"),
        ("eligibility_officer", "/work"),
        ("registration_clerk", "/work"),
    ],
)
def test_each_role_begins_on_what_it_has_to_do(world, role, address) -> None:
    assert client_of(world.members[role]).get("/start").headers["Location"] == address


@pytest.mark.django_db(databases=["default", "reader"])  # statistics reads through a connection of its own
@pytest.mark.parametrize("role", sorted(LANDINGS))
def test_every_landing_is_a_page_that_the_role_may_open(world, role) -> None:
    assert client_of(world.members[role]).get(reverse(LANDINGS[role])).status_code == 200
