"""The browser of the tests: the system's Chromium, driven by Playwright, looking at the live server.

`visit("/look", language="prs", width=390)` opens a page as a reader of that language sees it and fails on anything that the
browser complains of: a script error, a refused resource, a breach of the Content-Security-Policy.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

import pytest
from pytest_django.live_server_helper import LiveServer

from panoh.kernel.calendars import persian_digits, to_solar_hijri

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """One browser for the whole run; each visit has a context of its own."""
    path = os.environ.get("PANOH_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip("no Chromium on this machine: install it, or name one with PANOH_CHROMIUM")
    from playwright.sync_api import sync_playwright

    # Playwright's loop makes Django think that the test is asynchronous; it is not.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Visits:
    """Opens pages and keeps what the browser complained of."""

    browser: object
    address: str
    complaints: list[str] = field(default_factory=list)
    contexts: list[object] = field(default_factory=list)

    def __call__(
        self, path: str, *, language: str = "en", width: int = 1280, script: bool = True, cookies: dict | None = None
    ):
        context = self.browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=script, locale="en-GB"
        )
        self.contexts.append(context)
        wanted = {"language": language, **(cookies or {})}
        context.add_cookies([{"name": name, "value": value, "url": self.address} for name, value in wanted.items()])
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on("console", lambda told: self.complaints.append(told.text) if told.type == "error" else None)
        # What was still on its way when the visitor went on to the next page is no fault of the page.
        page.on(
            "requestfailed",
            lambda request: (
                None
                if request.failure == "net::ERR_ABORTED"
                else self.complaints.append(f"not loaded: {request.url} ({request.failure})")
            ),
        )
        page.goto(self.address + path)
        return page


def type_day(form: object, name: str, day: str) -> bool:
    """Type a day (ISO 8601) in the calendar in which the page asks for it; False where it asks in the browser's own field."""
    if not form.locator(f'[name="{name}_calendar"]').count():  # type: ignore[attr-defined]
        return False
    year, month, day_ = to_solar_hijri(date.fromisoformat(day))
    form.locator(f'[name="{name}_day"]').fill(persian_digits(str(day_)))  # type: ignore[attr-defined]
    form.locator(f'[name="{name}_month"]').select_option(str(month))  # type: ignore[attr-defined]
    form.locator(f'[name="{name}_year"]').fill(persian_digits(str(year)))  # type: ignore[attr-defined]
    return True


def follow(place: object) -> None:
    """Press a link or a button and wait for the page it leads to; a click alone comes back while the old page still stands."""
    with place.page.expect_navigation():
        place.click()


@pytest.fixture
def visit(chromium, live_server) -> Iterator[Visits]:
    """Visits to the site with its database."""
    yield from visits_to(chromium, live_server.url)


@pytest.fixture(scope="session")
def public_site() -> Iterator[LiveServer]:
    """The site without a database: a page that asks for one fails. Quick, since nothing has to be renewed after a test."""
    server = LiveServer("localhost")
    yield server
    server.stop()


@pytest.fixture
def visit_public(chromium, public_site) -> Iterator[Visits]:
    """Visits to public pages, which must do without the database."""
    yield from visits_to(chromium, public_site.url)


def visits_to(browser: object, address: str) -> Iterator[Visits]:
    visits = Visits(browser, address)
    yield visits
    for context in visits.contexts:
        context.close()
    assert not visits.complaints, visits.complaints


@pytest.fixture
def violations() -> Callable[[object], list[str]]:
    """What axe-core finds against WCAG 2.2 A and AA on the page as it stands: rule, help and the first place of each."""
    from axe_playwright_python.sync_playwright import Axe

    def find(page: object) -> list[str]:
        rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        found = Axe().run(page, options={"runOnly": {"type": "tag", "values": rules}})
        return [
            f"{each['id']}: {each['help']} — {each['nodes'][0]['html'][:160]} {each['nodes'][0].get('failureSummary', '')[:200]}"
            for each in found.response["violations"]
        ]

    return find


def faults_of(page: object, violations: Callable[[object], list[str]], picture: str = "") -> list[str]:
    """What is wrong with a page as it stands: what axe-core finds, and whether it must be scrolled sideways on a screen or a phone.

    Where PANOH_PICTURES names a folder, the page is kept there as `picture` at both widths, for somebody to look at.
    """
    found = violations(page)
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            found.append(f"wider than a screen of {width}")
        if picture and (folder := os.environ.get("PANOH_PICTURES")):
            page.screenshot(path=f"{folder}/{picture}-{width}.png", full_page=True)
    return found
