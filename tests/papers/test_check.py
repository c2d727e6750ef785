"""The public check: genuine or not, in force or not, and not a word about anybody."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from panoh.ledger.models import Entry
from panoh.ledger.operations import sign_receipt
from panoh.papers import keys
from panoh.papers.operations import confirm_paper, revoke_paper
from tests.papers.conftest import certificate

STATIC = Path(__file__).resolve().parents[2] / "panoh" / "papers" / "static" / "papers"


@pytest.fixture
def issued(world, family, stock):
    with world.as_role("registration_clerk") as clerk:
        paper = certificate(clerk, family.mother)
    with world.as_role("registration_supervisor") as supervisor:
        return confirm_paper(by=supervisor, paper=paper)


def posted(text: str) -> str:
    answer = Client().post(reverse("check"), {"text": text})
    assert answer.status_code == 200
    page = answer.content.decode()
    return page[page.index('id="check-result"') : page.index('id="check-picture"')]


def test_without_javascript_the_form_tells_genuine_and_until_when(issued):
    shown = posted(issued.qr)
    assert "Genuine" in shown
    assert "Not withdrawn" in shown
    assert "In force until" in shown


def test_the_answer_says_nothing_about_the_person(issued, family):
    shown = posted(issued.qr)
    for secret in ("Maryam", "مریم", "Rahimi", family.mother.number, family.household.number, issued.number, "102-"):
        assert secret not in shown


def test_a_changed_square_is_not_genuine(issued):
    assert "Not genuine" in posted(issued.qr[:60] + ("A" if issued.qr[60] != "A" else "B") + issued.qr[61:])
    assert "Not genuine" in posted("https://example.org/")
    assert "Genuine</h2>" in posted(issued.qr)


def test_a_revoked_paper_is_told(world, issued):
    assert "Revoked" not in posted(issued.qr)
    with world.as_role("registration_supervisor") as supervisor:
        revoke_paper(by=supervisor, paper=issued, reason="fraud")
    shown = posted(issued.qr)
    assert "Revoked" in shown
    assert "check-good" not in shown


def test_an_expired_paper_is_genuine_and_no_longer_in_force(issued, monkeypatch):
    from datetime import timedelta

    from panoh.papers import check_views

    later = issued.valid_until + timedelta(days=1)
    monkeypatch.setattr(check_views.timezone, "localdate", lambda: later)
    assert "Expired" in posted(issued.qr)
    monkeypatch.setattr(check_views.timezone, "localdate", lambda: issued.valid_until)
    assert "In force until" in posted(issued.qr)


def test_a_receipt_is_checked_by_the_same_page(issued):
    entry = Entry.objects.get(kind="papers.paper.issued")
    shown = posted(sign_receipt(entry, office="panji_poyon", number="102-26C00001").text)
    assert "Genuine" in shown
    assert entry.leaf_hash.hex()[:4].upper() in shown
    assert "102-26C00001" not in shown


def test_standing_answers_only_to_whoever_holds_a_genuine_square(world, issued):
    ask = Client().post
    assert ask(reverse("check_standing"), {"text": issued.qr}).json() == {"outcome": "genuine", "withdrawn": ""}
    assert ask(reverse("check_standing"), {"text": issued.number}).json() == {"outcome": "not_genuine", "withdrawn": ""}
    assert ask(reverse("check_standing"), {"text": "A" * 5000}).status_code == 422
    assert ask(reverse("check_standing")).json()["outcome"] == "not_genuine"


def test_the_key_list_is_enough_to_check_a_paper(issued):
    published = Client().get(reverse("check_keys")).json()
    assert published == json.loads(json.dumps(keys.published()))
    assert {key["for"] for key in published["keys"]} == {"paper", "receipt"}


def test_the_page_is_open_to_anybody_and_carries_its_own_keys_and_words(db):
    answer = Client().get(reverse("check"))
    assert answer.status_code == 200
    page = answer.content.decode()
    assert keys.signing_key()[0].hex() in page
    assert "style=" not in page
    assert Client().get(reverse("check_worker"))["Service-Worker-Allowed"] == reverse("check")
    assert Client().get(reverse("check_manifest")).json()["start_url"] == reverse("check")


@pytest.mark.parametrize(
    "text", ["", " ", "\x00", "PANOHP1:", "PANOH1:", "PANOHP1:" + "0" * 900, "PANOHP1:\ud83d", "ب" * 400]
)
def test_no_input_breaks_the_page(db, text):
    answer = Client().post(reverse("check"), {"text": text.encode("utf-8", "replace")})
    assert answer.status_code in (200, 422)


# -- the same in the browser's own words --------------------------------------------------------------------------------------

NODE = shutil.which("node")

RUN = """
const square = require(process.argv[1]);
const { text, published, noble, withoutWebCrypto } = JSON.parse(require("fs").readFileSync(0, "utf8"));
if (withoutWebCrypto) Object.defineProperty(globalThis, "crypto", { value: undefined });
square.read(text, published, noble).then(
  (found) => console.log(JSON.stringify({ kind: found.kind, until: found.until, photo: found.photo ? square.mark(found.photo, "-") : null })),
  (error) => console.log(JSON.stringify({ reason: error.reason, message: error.message })),
);
"""


def in_javascript(text: str, *, without_webcrypto: bool = False) -> dict:
    given = {
        "text": text,
        "published": keys.published(),
        "noble": (STATIC / "noble-ed25519-2.4.0.min.js").as_uri(),
        "withoutWebCrypto": without_webcrypto,
    }
    done = subprocess.run(
        [NODE, "-e", RUN, str(STATIC / "square.js")],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


@pytest.mark.skipif(NODE is None, reason="Node.js is not installed; the browser tests run the same script in Chromium")
@pytest.mark.parametrize("without_webcrypto", [False, True], ids=["webcrypto", "noble"])
def test_the_script_and_the_server_agree(issued, without_webcrypto):
    from panoh.papers.printing import photo_mark

    found = in_javascript(issued.qr, without_webcrypto=without_webcrypto)
    assert found["kind"] == issued.kind
    assert found["photo"] == photo_mark(issued.photo_sha256)
    changed = issued.qr[:-5] + ("A" if issued.qr[-5] != "A" else "B") + issued.qr[-4:]
    assert in_javascript(changed, without_webcrypto=without_webcrypto)["reason"] in {"signature", "form"}
    assert in_javascript("hello", without_webcrypto=without_webcrypto)["reason"] == "form"
    assert timezone.localdate() <= issued.valid_until
