"""The header's links: gathered from the rooms, shown to roles that hold the verb, every one of them real."""

from dataclasses import dataclass, replace
from types import SimpleNamespace

import pytest
from django.urls import reverse

from panoh.access import verbs
from panoh.access.roles import ROLES
from panoh.web import guides, navigation


@dataclass(frozen=True)
class Entry:
    label: str
    url_name: str
    verb: str
    order: int


@pytest.fixture
def entries(monkeypatch):
    shown = [Entry("Help", "help", "web.start.read", 2), Entry("Look", "look", "web.start.read", 1)]
    navigation.list_entries.cache_clear()
    monkeypatch.setattr(navigation, "_gather", lambda: iter(shown))
    yield shown
    navigation.list_entries.cache_clear()


def links(rf, path="/", role="lawyer"):
    return navigation.list_links(rf.get(path), SimpleNamespace(role=role))


def test_links_stand_in_their_order_and_mark_where_the_reader_is(rf, entries):
    assert [(link.label, link.here) for link in links(rf, "/help/lawyer")] == [("Look", False), ("Help", True)]


def test_a_link_needs_the_verb(rf, entries, monkeypatch):
    before = verbs.get_verb("web.start.read")
    monkeypatch.setitem(verbs._verbs, "web.start.read", replace(before, roles=frozenset({"auditor"})))
    assert links(rf, role="lawyer") == []
    assert len(links(rf, role="auditor")) == 2


def test_nobody_signed_in_sees_no_links(rf, entries):
    assert navigation.list_links(rf.get("/"), None) == []


def test_many_links_stay_one_line_and_the_rest_stands_behind_more():
    def arranged(many, here):
        return navigation.arrange([navigation.Link(f"{n}", f"/{n}", n == here) for n in range(many)])

    few = arranged(navigation.MOST_IN_LINE, 0)
    assert (len(few.line), few.more) == (navigation.MOST_IN_LINE, ())
    many = arranged(11, 9)
    assert len(many.line) + 1 == navigation.MOST_IN_LINE
    assert len(many.line) + len(many.more) == 11
    assert many.here_in_more.label == "9"
    assert arranged(11, 0).here_in_more is None
    assert not arranged(0, 0)


def test_every_entry_of_every_room_has_a_declared_verb_and_a_page():
    navigation.list_entries.cache_clear()
    found = navigation.list_entries()
    assert found
    for entry in found:
        assert verbs.get_verb(entry.verb), entry.url_name
        assert reverse(entry.url_name)


def test_every_role_has_its_help():
    assert set(guides.list_roles()) == {*ROLES, guides.REFUGEE}
