"""Sends a form and says what is wrong with the answer. Nothing that is sent stays: each request is undone.

What must hold: no fault; a refusal has a stable code and speaks the reader's language; what was typed is still there.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.db import connection, transaction
from django.test import Client

from panoh.access.days import typed_day
from panoh.kernel.problems import Problem, catalogue
from panoh.ledger.guard import refusals
from panoh.web import reader
from tests.hostile.site import Form, is_html, place_of, read_page
from tests.hostile.values import BOUNDARY, as_received, encode_multipart, encode_pairs

LETTERS_OF = {
    "prs": re.compile("[\u0600-\u06ff]"),
    "ru": re.compile("[а-яё]"),
    "tg": re.compile("[а-яёӣӯғқҳҷ]"),
    "en": re.compile("[a-z]"),
}
REFUSAL = re.compile(r'role="alert".*?</div>|class="field-error".*?</div>', re.S)
CODE = re.compile(r'<code>([a-z_]+\.[a-z_.]+)</code>|data-code="([a-z_.]+)"')
TYPED = ("text", "search", "textarea", "date", "number", "email", "tel")


@dataclass
class Sending:
    """One way to send a form."""

    form: Form
    pairs: list[tuple[str, str]]
    files: list[tuple[str, str, bytes]] = field(default_factory=list)
    language: str = "en"

    def changed(self) -> list[str]:
        before = self.form.sent()
        return sorted({name for name, value in self.pairs if (name, value) not in before})


def send(client: Client, sending: Sending) -> tuple[Any, list[str]]:
    """The answer, and what is wrong with it. All that the request did is taken back."""
    form = sending.form
    kept = {name: morsel.value for name, morsel in client.cookies.items()}
    client.cookies["language"] = sending.language
    try:
        with transaction.atomic():
            try:
                answer = request(client, sending)
                if form.method == "post" and answer.status_code < 400:
                    settle()
            finally:
                transaction.set_rollback(True)
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)
        ours = [frame for frame in where if "/panoh/" in frame.filename] or where
        at = f"{ours[-1].filename.rsplit('/panoh/', 1)[-1]}:{ours[-1].lineno}"
        return None, [f"fault {type(error).__name__} at {at}: {str(error)[:200]!r}"]
    finally:  # the session in the database is what it was before, so must be the one in the cookie
        client.cookies.clear()
        for name, value in kept.items():
            client.cookies[name] = value
    return answer, judge(answer, sending)


def request(client: Client, sending: Sending) -> Any:
    form = sending.form
    if form.method == "get":
        path = urlsplit(form.action).path
        return client.generic("GET", path, QUERY_STRING=encode_pairs(sending.pairs).decode())
    if form.upload or sending.files:
        body = encode_multipart(sending.pairs, sending.files)
        return client.generic("POST", form.action, body, content_type=f"multipart/form-data; boundary={BOUNDARY}")
    return client.generic(
        "POST", form.action, encode_pairs(sending.pairs), content_type="application/x-www-form-urlencoded"
    )


def settle() -> None:
    """What the database checks at COMMIT, checked now. A refusal of the ledger's guard would be a Problem for the reader."""
    try:
        with refusals(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except Problem:
        pass


def judge(answer: Any, sending: Sending) -> list[str]:
    wrong = []
    if answer.status_code >= 500:
        wrong.append(f"status {answer.status_code}")
    if "/account/login" in answer.headers.get("Location", "") and "/account/" not in sending.form.page:
        wrong.append("signed out")
    if not is_html(answer) or answer.status_code in (301, 302):
        return wrong
    text = answer.content.decode()
    page = read_page(sending.form.page, text)
    if page.language != reader.LANGUAGES[sending.language][0]:
        wrong.append(f"page in {page.language}, asked for {sending.language}")
    if answer.status_code >= 400:
        codes = [one or other for one, other in CODE.findall(text)]
        if not codes:
            wrong.append(f"{answer.status_code} without a code")
        refusal = " ".join(REFUSAL.findall(text)) if "problem-parts" not in text else text
        if not LETTERS_OF[sending.language].search(re.sub(r"<[^>]+>", " ", refusal).lower()):
            wrong.append(f"{answer.status_code} says nothing in {sending.language}")
        unknown = [code for code in codes if "." in code and code not in catalogue()]
        if unknown:
            wrong.append(f"codes in no catalogue: {unknown}")
    if sending.form.method == "post" and answer.status_code not in (403, 404, 405, 413):
        wrong += lost(page.forms, sending, answer.status_code)
    return wrong


def lost(forms: list[Form], sending: Sending, status: int) -> list[str]:
    """Text fields whose text is not in the form that came back."""
    kinds = {one.name: one.kind for one in sending.form.fields}
    last = dict(sending.pairs)  # a text field that comes twice has the text of the last
    typed = [(name, value) for name, value in last.items() if kinds.get(name) in TYPED and value.strip()]
    if not typed or any(name == "remove" for name, _value in sending.pairs):
        return []
    same = [form for form in forms if place_of(form.action) == place_of(sending.form.action) and form.method == "post"]
    if not same:
        return [f"{status} without the form: typed text is lost"] if status >= 400 else []
    kept = {(one.name, comparable(one.value)) for form in same for one in form.fields}
    kept |= {(name, comparable(text)) for form in same for name, text in days_of(form)}
    gone = sorted({name for name, value in typed if (name, comparable(as_received(value))) not in kept})
    return [f"{status} and no longer there: {gone}"] if gone else []


def days_of(form: Form) -> Iterator[tuple[str, str]]:
    """A day typed into one field comes back in three where the page is now read in another calendar."""
    told = {one.name: one.value for one in form.fields}
    for name in [name.removesuffix("_calendar") for name in told if name.endswith("_calendar")]:
        yield name, typed_day(told, name)
        yield name, told.get(f"{name}_day", "")


def comparable(text: str) -> str:
    """Text but for what a form may rightly change: blanks at the ends, kinds of line ends, what no page can carry."""
    return re.sub(r"[\0\ufffd\r]", "", text).replace("\r\n", "\n").strip()
