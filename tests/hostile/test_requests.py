"""Requests that no page would send: broken bodies, wrong types, wrong charsets, heavy cookies, hostile addresses.

Each is sent to every address that an operation has; the answer is never a fault, and a refusal has a code.
"""

from __future__ import annotations

import json

import pytest
from django.db import transaction
from django.test import Client

from panoh.kernel.problems import catalogue
from tests.hostile.operation import make_operation
from tests.hostile.site import is_html
from tests.hostile.test_forms import client_for, forms_of
from tests.hostile.values import BOUNDARY
from tests.signing_in import client_of

pytestmark = pytest.mark.django_db(databases=["default", "reader"])

MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
FORM = "application/x-www-form-urlencoded"
PART = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="given"'.encode()

BODIES = {
    "not UTF-8": (b"given=%ff%fe&family=%c3%28&on=\xff", FORM),
    "no pairs": (b"&&&===&;%%%zz", FORM),
    "too many fields": (b"&".join(b"f%d=1" % n for n in range(4001)), FORM),
    "too much": (b"given=" + b"x" * (13 * 1024 * 1024), FORM),
    "many of one": (b"&".join([b"persons=x"] * 3000), FORM),
    "as many persons as a number holds": (b"person_count=999999999999&persons.99999.given=x", FORM),
    "multipart without an end": (PART + b"\r\n\r\nx", MULTIPART),
    "multipart without a boundary": (PART + b"\r\n\r\nx", "multipart/form-data"),
    "multipart with a wrong boundary": (PART + b"\r\n\r\nx\r\n--other--", "multipart/form-data; boundary=other"),
    "multipart of nothing": (b"", MULTIPART),
    "multipart with a broken name": (
        f"--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"a\xff\0\"; filename*=UTF-8''%ff%00\r\n\r\nx\r\n--{BOUNDARY}--".encode(),
        MULTIPART,
    ),
    "multipart in base64 that is none": (
        PART + b'; filename="a"\r\nContent-Transfer-Encoding: base64\r\n\r\n\xff!!!=\r\n--' + BOUNDARY.encode() + b"--",
        MULTIPART,
    ),
    "a form called multipart": (b"given=x", MULTIPART),
    "JSON": (json.dumps({"given": ["x", None, {"y": 1e300}]}).encode(), "application/json"),
    "broken JSON": (b'{"given": [', "application/json"),
    "deep JSON": (b"[" * 50_000, "application/json"),
    "another charset": (b"given=x", f"{FORM}; charset=utf-7"),
    "no such charset": (b"given=x", f"{FORM}; charset=nonsense"),
    "no such type": (b"\0\1\2", "x/\xe9; =;;"),
    "XML that grows": (b'<!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>', "application/xml"),
}
QUERIES = (
    "%",
    "%00",
    "q=%ff%fe",
    "q=%ed%a0%80",
    "q=" + "x" * 5000,
    "&".join(["q=a"] * 1000),
    "after=[]&year=1e9&kind=%00",
)
HEADERS = {
    "cookies of another world": {"Cookie": "sessionid=\x7f%00; language=xx; calendar=../../; csrftoken=" + "z" * 100},
    "heavy cookie": {"Cookie": "a=" + "x" * 20_000},
    "languages": {"Accept-Language": "xx-" + "y" * 2000 + ";q=0.0.1,*;q=nan"},
    "from nowhere": {"Referer": "\x01//[::1", "Host": "testserver", "Origin": "null"},
    "htmx": {"HX-Request": "true", "HX-Current-URL": "\xff", "HX-Target": "x" * 500},
    "a range": {"Range": "bytes=9-1", "If-Modified-Since": "yesterday", "If-None-Match": "\x80"},
    "compressed": {"Content-Encoding": "gzip", "Accept-Encoding": "br;q=x"},
}


@pytest.fixture
def addresses(world) -> tuple[Client, list[str]]:
    operation = make_operation(world)
    client, found = forms_of(operation, "registration_supervisor")
    taken = {form.action.split("?")[0] for form in found.forms.values()} | {
        a.split("?")[0] for a in found.addresses.values()
    }
    taken = {address.split("#")[0] for address in taken}
    client.raise_request_exception = False
    assert len(taken) > 60
    return client, sorted(taken)


def complaint(answer, what: str) -> list[str]:
    if answer.status_code >= 500:
        return [f"{what}: {answer.status_code}"]
    if answer.status_code < 400 or not is_html(answer):
        return []
    return (
        []
        if any(code in answer.content.decode() for code in catalogue()) or b"data-code" in answer.content
        else [f"{what}: {answer.status_code} without a code"]
    )


def undone(act):
    with transaction.atomic():
        answer = act()
        transaction.set_rollback(True)
    return answer


def test_broken_bodies_are_refused_or_read(addresses) -> None:
    client, taken = addresses
    wrong = []
    for turn, (name, (body, kind)) in enumerate(BODIES.items()):
        heavy = len(body) > 10_000
        for address in taken[turn % 7 :: 7] if heavy else taken[turn % 2 :: 2]:
            answer = undone(lambda a=address, b=body, k=kind: client.generic("POST", a, b, content_type=k))
            wrong += complaint(answer, f"{name} to {address}")
    assert not wrong, "\n".join(wrong)


def test_hostile_queries_and_headers_are_no_fault(addresses) -> None:
    client, taken = addresses
    kept = {name: morsel.value for name, morsel in client.cookies.items()}
    wrong = []
    for turn, query in enumerate(QUERIES):
        for address in taken[turn % 3 :: 3]:
            wrong += complaint(
                undone(lambda a=address, q=query: client.get(a, QUERY_STRING=q)), f"{address}?{query[:40]}"
            )
    for turn, (name, headers) in enumerate(HEADERS.items()):
        for address in taken[turn % 3 :: 3]:
            answer = undone(lambda a=address, h=headers: client.get(a, headers=h))
            wrong += complaint(answer, f"{name} at {address}")
            for key, value in kept.items():
                client.cookies[key] = value
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("token", ["", "x", "\0", "é" * 64, "z" * 10_000])
def test_a_form_with_a_bad_token_changes_nothing_and_says_so(world, token: str) -> None:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.cookies["csrftoken"] = "a" * 32
    answer = client.post("/reader/language", {"language": "tg", "csrfmiddlewaretoken": token})
    assert answer.status_code == 403
    assert "web.form.from_elsewhere" in answer.content.decode()


def test_a_program_gets_codes_as_json(world) -> None:
    operation = make_operation(world)
    accepts = {"Accept": "application/json"}
    stranger = Client().get("/work", headers=accepts)
    assert (stranger.status_code, code_of(stranger)) == (401, "access.account.not_signed_in")
    auditor = client_for(operation, "auditor")
    assert code_of(auditor.get("/households/register", headers=accepts)) == "access.verb.refused_role"
    clerk = client_for(operation, "registration_clerk")
    missing = clerk.get("/households/102-26H9999999", headers=accepts)
    assert missing.status_code in (404, 422) and code_of(missing) in catalogue()


def code_of(answer) -> str:
    return json.loads(answer.content)["problems"][0]["code"]


def test_a_question_that_no_text_can_hold_is_refused_with_its_reason(world) -> None:
    client = client_of(world.members["registration_supervisor"])
    answer = client.get("/search?q=%00")
    assert answer.status_code == 422
    assert "access.question.unreadable" in answer.content.decode()
    assert client.get("/search?q=Ahmad").status_code == 200
