"""Scoring in a browser: the member's own sheet, the keeper's page before and after closing; accessible, no wider than a phone."""

from __future__ import annotations

import pytest

from tests.browser import faults_of, follow
from tests.procedures.panels import KEEPER, Panel
from tests.signing_in import client_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases="__all__")]


@pytest.fixture
def panel(committed_world) -> Panel:
    return Panel.of(committed_world, cases=4)


@pytest.mark.parametrize("language", ["en", "prs"])
def test_a_panel_scores_and_ranks_on_its_pages(panel, visit, violations, language):
    def at(role: str, path: str):
        cookies = {"sessionid": client_of(panel.world.members[role]).cookies["sessionid"].value}
        return visit(path, language=language, cookies=cookies)

    address = f"/sittings/{panel.sitting.number}"
    member = at("protection_officer", f"{address}/items/1")
    for name in ("academic", "vulnerability", "motivation"):
        member.locator(f"#mark-{name}").fill("9")
    follow(member.locator("#own-score form button"))
    assert member.url.endswith("/items/2"), "on to the next case that she has yet to score"
    follow(member.locator("a[rel=prev]"))
    assert faults_of(member, violations, f"score-own-{language}") == []
    panel.score_all({0: (9, 7), 1: (7, 7), 2: (7, 7), 3: (3, 4)})
    keeper = at(KEEPER, address)
    assert faults_of(keeper, violations, f"score-open-{language}") == []
    keeper.locator("#places-selected").fill("2")
    keeper.locator("#places-waiting_list").fill("1")
    follow(keeper.locator("form[action$='/close-scores'] button"))
    assert keeper.locator("table.ranking tbody tr").count() == 4
    assert faults_of(keeper, violations, f"score-ranking-{language}") == []
    follow(keeper.locator("form[action$='/decide-ranking'] button"))
    assert keeper.locator("form[action$='/decide-ranking']").count() == 0
