"""The public check as a phone meets it: with the camera's text, with the network gone, without JavaScript, in Dari."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from panoh.access.context import acting_as_system
from panoh.kernel.written_days import format_day
from panoh.ledger import configuration
from panoh.ledger.operations import record
from panoh.papers import keys
from panoh.papers.models import Withdrawal
from panoh.papers.token import PHOTO_BYTES, PaperToken, sign
from tests.papers.conftest import picture

pytestmark = pytest.mark.browser

PHOTO = picture(99)


def square(days: int = 30, photo: bytes = PHOTO) -> str:
    key_id, key = keys.signing_key()
    today = timezone.localdate()
    token = PaperToken(
        issuer=configuration.origin(),
        kind="ASYLUM_SEEKER_CERTIFICATE",
        number="PJ-0000001",
        valid_from=today - timedelta(days=60),
        valid_until=today + timedelta(days=days),
        issued_at=datetime.now(UTC),
        photo=hashlib.sha256(photo).digest()[:PHOTO_BYTES],
    )
    return sign(token, key, key_id, ZoneInfo("Asia/Dushanbe"))


@pytest.fixture
def visit_check(visit_public):
    """Visits to the page without a database: the browser does the work; what the register would add is answered here."""

    def open_page(**how):
        page = visit_public("/check", **how)
        page.route("**/check/standing", lambda route: route.fulfill(json={"outcome": "genuine", "withdrawn": ""}))
        return page

    return open_page


def answer(page, text: str) -> str:
    page.fill("textarea[name=text]", text)
    page.click("#check-form button[type=submit]")
    page.wait_for_selector(".check-answer")
    return page.inner_text("#check-result")


def told_all(page) -> None:
    """Wait for the last line, which comes from the register: whether the paper was withdrawn."""
    page.locator(".check-answer p").nth(3).wait_for()


@pytest.mark.parametrize("language", ["en", "prs"])
def test_the_browser_itself_tells_genuine_from_forged(visit_check, language):
    page = visit_check(language=language, width=390)
    genuine = {
        "en": "Genuine",
        "prs": page.evaluate("JSON.parse(document.getElementById('check-facts').textContent).texts.genuine"),
    }
    assert genuine[language] in answer(page, square())
    told_all(page)
    text = square()
    assert "check-bad" in (answer(page, text[:-3]) and page.locator(".check-answer").get_attribute("class"))
    assert answer(page, square(days=-1))
    assert "check-unsure" in page.locator(".check-answer").get_attribute("class")


def test_days_are_written_as_on_the_other_pages(visit_check):
    last = timezone.localdate() + timedelta(days=30)
    for language in ("en", "ru", "tg", "prs"):
        page = visit_check(language=language)
        assert format_day(last, language) in answer(page, square())
        told_all(page)


def test_a_browser_without_ed25519_checks_with_the_library_beside_the_page(visit_check):
    page = visit_check()
    page.evaluate("Object.defineProperty(crypto, 'subtle', { value: undefined })")
    assert "Genuine" in answer(page, square())
    fetched = page.evaluate("performance.getEntriesByType('resource').map(r => r.name.split('/').pop())")
    assert any(name.startswith("noble-ed25519") for name in fetched)
    assert "Not genuine" in answer(page, square()[:-3])


def test_it_works_without_a_network_once_it_was_opened(visit_public):
    page = visit_public("/check")
    page.evaluate(
        "new Promise(done => navigator.serviceWorker.controller ? done() "
        ": navigator.serviceWorker.addEventListener('controllerchange', () => done()))"
    )
    page.context.set_offline(True)
    page.reload()
    shown = answer(page, square())
    assert "Genuine" in shown
    page.get_by_text("cannot be told without a network").wait_for()
    assert "Not genuine" in answer(page, square()[:-3])
    page.context.set_offline(False)
    # The browser complains of every address that it could not reach: that is what this test is about.
    visit_public.complaints.clear()


def test_a_photo_file_is_compared_on_the_phone(visit_check, tmp_path):
    page = visit_check()
    answer(page, square())
    told_all(page)
    for name, content, words in (("same.jpg", PHOTO, "is the one"), ("other.jpg", picture(10), "is another one")):
        (tmp_path / name).write_bytes(content)
        page.set_input_files("#check-photo", tmp_path / name)
        page.get_by_text(words).wait_for()


def test_with_a_network_the_register_adds_whether_a_paper_was_withdrawn(visit):
    page = visit("/check")
    text = square()
    answer(page, text)
    page.get_by_text("Not withdrawn, as of now").wait_for()
    today = timezone.localdate()
    with acting_as_system("a paper withdrawn in a test", records=["papers.paper.revoked"]):
        gone = Withdrawal.objects.create(paper_id=uuid4(), number="PJ-0000001", state="revoked", withdrawn_on=today)
        record(by=None, kind="papers.paper.revoked", subjects=[gone.paper_id], payload={}, occurred_on=today)
    answer(page, text)
    page.get_by_text("Revoked: no longer good").wait_for()
    assert "check-bad" in page.locator(".check-answer").get_attribute("class")


def test_without_javascript_the_server_checks(visit):
    page = visit("/check", script=False)
    assert "Genuine" in answer(page, square())
    assert "Not genuine" in answer(page, square()[:-3])


@pytest.mark.parametrize("language", ["en", "prs"])
def test_axe_finds_nothing(visit_check, violations, language):
    page = visit_check(language=language, width=390)
    answer(page, square())
    told_all(page)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_page_is_light(visit_check):
    page = visit_check()
    page.wait_for_load_state("networkidle")
    sizes = page.evaluate(
        "performance.getEntriesByType('resource').map(r => [r.name.split('/').pop(), r.decodedBodySize])"
    )
    assert not [name for name, _size in sizes if name.startswith("noble")], (
        "fetched only where it is needed, or to be kept"
    )
    assert sum(size for name, size in sizes if name.startswith(("check", "square"))) < 30_000
