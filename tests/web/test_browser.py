"""The public pages as a browser meets them: accessible, quiet, whole without JavaScript, no wider than the screen."""

import pytest

pytestmark = pytest.mark.browser

PAGES = ("/look", "/welcome", "/help", "/account/login/")


@pytest.mark.parametrize("language", ["en", "prs"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(visit_public, violations, path, language):
    assert violations(visit_public(path, language=language)) == []


def test_axe_finds_nothing_in_the_demonstration(visit_public, violations, monkeypatch):
    monkeypatch.setattr("django.conf.settings.MODE", "demo")
    page = visit_public("/help")
    assert page.locator(".site-strip p").count() == 1
    assert violations(page) == []


@pytest.mark.parametrize("language", ["en", "ru", "tg", "prs"])
def test_no_page_is_wider_than_a_phone(visit_public, language):
    for path in PAGES:
        page = visit_public(path, language=language, width=360)
        wide = page.evaluate(
            "[...document.querySelectorAll('body *')].filter(e => !e.closest('.visually-hidden, .skip, .fold thead, .table-scroll, .site-nav')"
            " && (e.getBoundingClientRect().right > innerWidth + 1 || e.getBoundingClientRect().left < -1)).map(e => e.outerHTML.slice(0, 90))"
        )
        assert wide == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_dari_reads_from_the_right_in_its_own_typeface(visit_public):
    page = visit_public("/look", language="prs")
    assert page.evaluate("document.documentElement.dir") == "rtl"
    page.wait_for_function("document.fonts.status === 'loaded'")
    loaded = page.evaluate("[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)")
    assert "Vazirmatn" in loaded
    # The path runs leftwards: its first stage stands to the right of its second.
    first, second = (page.locator(".path-stage").nth(index).bounding_box() for index in (0, 1))
    assert first["x"] > second["x"]


def test_the_path_runs_rightwards_in_english(visit_public):
    page = visit_public("/look", language="en")
    first, second = (page.locator(".path-stage").nth(index).bounding_box() for index in (0, 1))
    assert first["x"] < second["x"]


def test_only_the_scripts_of_the_page_are_fetched(visit_public):
    page = visit_public("/welcome", language="en")
    page.wait_for_load_state("networkidle")
    fetched = page.evaluate("performance.getEntriesByType('resource').map(r => r.name.split('/').pop())")
    assert "noto-cyrillic.woff2" not in fetched
    assert "vazirmatn-arabic.woff2" not in fetched
    assert "noto-latin.woff2" in fetched


def test_the_language_changes_without_javascript_and_the_page_stays(visit_public):
    page = visit_public("/help?x=1", script=False)
    page.get_by_role("button", name="Тоҷикӣ").click()
    assert page.url.endswith("/help?x=1")
    assert page.locator("html").get_attribute("lang") == "tg"


def test_everything_to_press_is_large_enough(visit_public):
    """44 px, but for links within a sentence, which WCAG exempts."""
    page = visit_public("/look", width=390)
    small = page.evaluate(
        "[...document.querySelectorAll('button, .button, input:not([type=checkbox],[type=radio],[type=hidden]), select, summary, .site-nav a, .site-foot a')]"
        ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 43.9 && !e.closest('.visually-hidden')).map(e => e.outerHTML.slice(0, 90))"
    )
    assert small == []


def test_a_table_folds_into_cards_on_a_phone(visit_public):
    wide = visit_public("/look", width=1280).locator("#table tbody tr").first.bounding_box()
    narrow = visit_public("/look", width=390).locator("#table tbody tr").first.bounding_box()
    assert narrow["height"] > 2 * wide["height"]


def test_paper_shows_the_reasoning_and_no_navigation(visit_public):
    page = visit_public("/look")
    page.emulate_media(media="print")
    assert not page.locator(".site-strip").is_visible()
    assert not page.locator(".site-foot").is_visible()
    assert page.locator(".site-head .print-only").is_visible()
    assert page.locator(".reasoning ol").is_visible()


def test_a_day_is_typed_in_the_calendar_of_the_reader(visit_public):
    """Day, month and year by keyboard, without script; who reads in the Gregorian calendar has the browser's own field."""
    page = visit_public("/look", language="prs")
    place = page.locator(".day-input").first
    place.locator("input[inputmode]").first.focus()
    page.keyboard.type("۱۵")
    page.keyboard.press("Tab")
    place.locator("select").select_option(label="حمل")
    page.keyboard.press("Tab")
    page.keyboard.type("۱۴۰۴")
    assert place.locator("input[inputmode]").last.input_value() == "۱۴۰۴"
    assert page.locator("input[type=date]").count() == 0
    assert visit_public("/look", language="en").locator("input[type=date]").count() >= 1
