"""Kept parts of the frame show what belongs to the request: its token, its address, its actor, its language."""

import re

from django.conf import settings

from tests.signing_in import client_of

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def header_of(page: str) -> str:
    return page[: page.index("<main")]


def test_each_reader_sees_himself_and_his_sections(world):
    world.add_member("registration_clerk", "second_clerk", office="panji_poyon")
    pages = {
        name: header_of(client_of(world.members[name]).get("/start", follow=True).content.decode())
        for name in ("registration_clerk", "second_clerk", "administrator", "registration_clerk")
    }
    assert "Second Clerk" in pages["second_clerk"]
    assert "Second Clerk" not in pages["registration_clerk"] + pages["administrator"]
    assert "/households/register" in pages["registration_clerk"]
    assert "/households/register" not in pages["administrator"]


def test_the_same_part_in_another_language_and_calendar(world):
    client = client_of(world.members["registration_clerk"])
    english = header_of(client.get("/households/register").content.decode())
    client.cookies["language"] = "prs"
    dari = client.get("/households/register").content.decode()
    assert "Search" in english
    assert "Search" not in header_of(dari)
    assert 'name="calendar" value="gregorian"' in dari
    client.cookies["calendar"] = "gregorian"
    assert 'name="calendar" value="solar_hijri"' in client.get("/households/register").content.decode()


def test_a_part_kept_for_the_demonstration_is_not_shown_elsewhere(world, monkeypatch):
    client = client_of(world.members["registration_clerk"])
    told = "Every person here is invented"
    for mode, shown in (("demo", True), ("production", False), ("demo", True)):
        monkeypatch.setattr(settings, "MODE", mode)
        assert (told in header_of(client.get("/households/register").content.decode())) is shown


def test_tokens_and_addresses_are_the_requests_own(world):
    client = client_of(world.members["registration_clerk"])
    first = client.get("/search?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E%26").content.decode()
    second = client.get("/households/register?x=1").content.decode()
    assert "<script>alert" not in first
    assert "q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E%26" in first
    assert "/households/register?x=1" in second
    assert "/search?q" not in second
    tokens = [set(TOKEN.findall(page)) for page in (first, second)]
    assert all(tokens)
    assert not tokens[0] & tokens[1], "masked anew for each answer"
    assert not re.search("[\ue000-\uf8ff]", first + second), "a place was left unfilled"
    client.handler.enforce_csrf_checks = True
    for token, status in ((tokens[0].pop(), 302), ("x" * 64, 403)):
        sent = client.post("/reader/language", {"language": "ru", "next": "/search", "csrfmiddlewaretoken": token})
        assert sent.status_code == status
