"""Refusals and faults as pages and as JSON: status, words, language; never a word of the inside."""

import json
import logging

import pytest
from django.test import Client, RequestFactory
from django.urls import path

from panoh.access.pages import public
from panoh.kernel.problems import Problem, Problems, catalogue
from panoh.web import problems, reader

SECRET = "the inside of the program"


@public
def breaks(request):
    raise RuntimeError(SECRET)


@public
def refuses(request):
    raise Problems([Problem("web.page.not_found", field="number"), Problem("web.form.from_elsewhere")])


@pytest.fixture
def site(settings):
    """The site with two more pages: one that refuses, one that breaks."""
    from panoh.project import urls

    class WithBadPages:
        urlpatterns = [*urls.urlpatterns, path("breaks", breaks), path("refuses", refuses)]
        handler400, handler403 = urls.handler400, urls.handler403
        handler404, handler500 = urls.handler404, urls.handler500

    settings.ROOT_URLCONF = WithBadPages
    return Client(raise_request_exception=False)


def test_a_refusal_is_a_page_that_says_what_why_and_what_next(site):
    answer = site.get("/refuses")
    text = answer.content.decode()
    assert answer.status_code == 404
    for part in ("happened", "why", "next"):
        assert str(getattr(problems.CATALOGUE["web.page.not_found"], part)) in text
        assert str(getattr(problems.CATALOGUE["web.form.from_elsewhere"], part)) in text
    assert "web.page.not_found" in text


def test_a_refusal_is_json_for_a_program(site):
    answer = site.get("/refuses", headers={"Accept": "application/json"})
    body = json.loads(answer.content)
    assert answer.status_code == 404
    assert [each["code"] for each in body["problems"]] == ["web.page.not_found", "web.form.from_elsewhere"]
    assert body["problems"][0]["field"] == "number"
    assert set(body["problems"][0]) == {"code", "field", "happened", "why", "next"}


def test_a_browser_gets_a_page_even_if_it_would_take_json(site):
    answer = site.get("/refuses", headers={"Accept": "text/html,application/json;q=0.9"})
    assert answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_a_fault_shows_nothing_of_the_inside_but_a_reference_that_the_log_has(site, caplog, accept):
    with caplog.at_level(logging.ERROR, logger="panoh.web.problems"):
        answer = site.get("/breaks", headers={"Accept": accept})
    text = answer.content.decode()
    assert answer.status_code == 500
    assert SECRET not in text
    assert "RuntimeError" not in text
    assert "Traceback" not in text
    logged = [record.getMessage() for record in caplog.records if record.name == "panoh.web.problems"]
    reference = logged[0].split()[1].rstrip(":")
    assert reference in text
    assert "RuntimeError" in logged[0]
    assert any(record.exc_info for record in caplog.records if record.name == "django.request")


def test_a_fault_speaks_the_readers_language(site):
    site.cookies["language"] = "prs"
    assert 'dir="rtl"' in site.get("/breaks").content.decode()


def test_an_unknown_address_is_the_page_of_a_hidden_thing(client):
    answer = client.get("/no/such/page")
    assert answer.status_code == 404
    assert str(problems.CATALOGUE["web.page.not_found"].happened) in answer.content.decode()


def test_a_form_without_its_token_says_how_to_go_on():
    answer = Client(enforce_csrf_checks=True).post("/reader/language", {"language": "tg"})
    assert answer.status_code == 403
    assert str(problems.CATALOGUE["web.form.from_elsewhere"].next) in answer.content.decode()


@pytest.mark.parametrize("language", list(reader.LANGUAGES))
@pytest.mark.parametrize("code", list(problems.CATALOGUE))
def test_every_problem_of_this_room_can_be_shown_in_every_language(code, language):
    with reader.reading_as(language):
        request = RequestFactory().get("/")
        request.actor = None
        request.session = {}
        request._messages = ()
        answer = problems.answer_problem(request, Problem(code))
    assert answer.status_code == catalogue()[code].status


def test_every_room_wrote_all_three_sentences_of_each_problem():
    """A catalogue may leave out no part: a refusal without a next step is a wall."""
    lacking = [
        code for code, text in catalogue().items() if not (str(text.happened) and str(text.why) and str(text.next))
    ]
    assert lacking == []


def test_the_lockout_answers_with_its_own_page(rf):
    request = rf.post("/account/login/")
    request.actor = None
    request.session = {}
    request._messages = ()
    answer = problems.locked_out(request, {"username": "x"})
    assert answer.status_code == 429
    assert str(problems.CATALOGUE["web.sign_in.locked"].next) in answer.content.decode()
