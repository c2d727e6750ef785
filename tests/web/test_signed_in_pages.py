"""Every section of the header, for a role that has it: accessible, no wider than a phone, with the frame around it."""

import pytest

from panoh.access.roles import ROLES
from panoh.web import navigation
from tests.browser import faults_of
from tests.signing_in import client_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases="__all__")]


def sessions(world) -> dict[str, str]:
    """Signed-in session of one member for each role."""
    return {role: client_of(world.members[role]).cookies["sessionid"].value for role in ROLES}


def sections() -> dict[str, str]:
    """url name → one role that may open it."""
    navigation.list_entries.cache_clear()
    return {
        entry.url_name: next(role for role in ROLES if role in navigation.get_verb(entry.verb).roles)
        for entry in navigation.list_entries()
    }


@pytest.mark.parametrize("language", ["en", "prs"])
def test_every_section_is_accessible(committed_world, visit, violations, language):
    from django.urls import reverse

    cookies = sessions(committed_world)
    faults = {}
    for url_name, role in sections().items():
        page = visit(reverse(url_name), language=language, cookies={"sessionid": cookies[role]})
        found = faults_of(page, violations)
        if page.locator(".site-nav [aria-current]").count() != 1:
            found.append("the header does not say where the reader stands")
        if found:
            faults[url_name] = found
    assert faults == {}


def test_the_header_says_who_acts_for_whom(committed_world, visit):
    cookies = sessions(committed_world)
    page = visit("/help", cookies={"sessionid": cookies["lawyer"]})
    assert not page.locator(".site-person").count(), "a public page knows nobody"
    page = visit("/start", cookies={"sessionid": cookies["administrator"]})
    page.locator(".site-person summary").click()
    told = page.locator(".site-person .drop").inner_text()
    assert "Un" in told
    assert "Administrator" in told


def test_search_is_offered_only_to_roles_that_may_search(committed_world, visit):
    cookies = sessions(committed_world)
    assert visit("/start", cookies={"sessionid": cookies["registration_clerk"]}).locator("#site-search").count() == 1
    assert visit("/start", cookies={"sessionid": cookies["administrator"]}).locator("#site-search").count() == 0


def test_work_begins_where_the_role_has_something_to_do(committed_world, visit):
    for role, session in sessions(committed_world).items():
        page = visit("/", cookies={"sessionid": session})
        assert page.locator("main h1").count() == 1, role
        assert page.locator("main#main").count() == 1, role


def test_a_public_page_leads_back_to_the_work(committed_world, visit):
    cookies = sessions(committed_world)
    page = visit("/help", cookies={"sessionid": cookies["registration_clerk"]})
    page.get_by_role("link", name="To my work").click()
    assert page.locator("#site-search").count() == 1
    assert visit("/help").get_by_role("link", name="To my work").count() == 0
