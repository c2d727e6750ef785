"""Pages of events: each form opens, each refusal keeps what was typed, and the acts of a family's life go through."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from panoh.access.context import acting_as_system
from panoh.registry.events import HOUSEHOLD_EVENTS, PERSON_EVENTS
from panoh.registry.models import Household, Judgement, Person
from tests.registry.test_register_page import FATHER, MOTHER, typed
from tests.signing_in import client_of

TODAY = timezone.localdate().isoformat()
YESTERDAY = (timezone.localdate() - timedelta(days=1)).isoformat()


@pytest.fixture
def clerk(world):
    return client_of(world.members["registration_clerk"])


@pytest.fixture
def supervisor(world):
    return client_of(world.members["registration_supervisor"])


def register(client, *persons: dict, **household) -> Household:
    answer = client.post("/households/register", typed(*persons, **household))
    assert answer.status_code == 200, answer.content.decode()[:2000]
    number = re.search(r"/households/([0-9A-Z-]+)\"", answer.content.decode())[1]
    with acting_as_system("reading in a test"):
        return Household.objects.get(number=number)


def read(model, **wanted):
    with acting_as_system("reading in a test"):
        return list(model.objects.filter(**wanted).order_by("id"))


def members(household) -> list[Person]:
    return read(Person, household_id=household.pk)


def fresh(household) -> Household:
    return read(Household, pk=household.pk)[0]


def test_every_event_page_opens_and_an_empty_form_is_kept(clerk, supervisor) -> None:
    family = register(clerk, FATHER, MOTHER)
    father, _mother = members(family)
    places = [(f"/households/{family.number}/{e.slug}", e) for e in HOUSEHOLD_EVENTS if e.slug != "reopening"]
    places += [(f"/persons/{father.number}/{e.slug}", e) for e in PERSON_EVENTS if e.slug != "reopening"]
    for address, event in places:
        assert supervisor.get(address).status_code == 200, address
        answer = supervisor.post(address, {})
        assert answer.status_code == 422 and str(event.title) in answer.content.decode(), address
        assert supervisor.post(address, {"base": "x", "submission_id": "x", "on": "99"}).status_code == 422, address
    assert clerk.get(f"/households/{family.number}/nonsense").status_code == 404


def test_a_child_is_born_and_the_file_tells_it(clerk) -> None:
    family = register(clerk, FATHER, MOTHER)
    mother = members(family)[1]
    born = {
        "given": "پروانه", "sex": "F", "relationship": "DAU", "parent": str(mother.pk), "birth_calendar": "gregorian",
        "birth_year": YESTERDAY[:4], "birth_month": YESTERDAY[5:7], "birth_day": YESTERDAY[8:],
    }  # fmt: skip
    answer = clerk.post(f"/households/{family.number}/birth", {**born, "birth_month": "13"})
    assert answer.status_code == 422 and "پروانه" in answer.content.decode()
    recorded = clerk.post(f"/households/{family.number}/birth", born)
    assert recorded.status_code == 302 and len(members(family)) == 3
    answer = clerk.get(recorded["Location"]).content.decode()
    assert "data:image/png" in answer and "Hand this to the family" in answer, "the family leaves with a receipt"
    printed = re.search(r'href="(/households/[^"]+\.pdf)"', answer)[1]
    assert clerk.get(printed).content[:5] == b"%PDF-"
    page = clerk.get(f"/households/{family.number}").content.decode()
    assert "data:image/png" not in page and f"?done={printed.split('/')[-1].removesuffix('.pdf')}" in page
    assert "data:image/png" not in clerk.get(f"/households/{family.number}?done=\x00{'9' * 40}").content.decode()
    assert "پروانه" in page and "Birth recorded" in page


def test_a_form_made_from_an_older_version_is_refused(clerk) -> None:
    family = register(clerk, FATHER)
    sent = {"place": "3509018", "detail": "Street 1", "moved_on": TODAY, "base": family.version}
    assert clerk.post(f"/households/{family.number}/residence", sent).status_code == 302
    answer = clerk.post(f"/households/{family.number}/residence", {**sent, "detail": "Street 2"})
    assert answer.status_code == 409 and "Street 2" in answer.content.decode()


def test_the_principal_applicant_dies_and_his_wife_follows(clerk) -> None:
    family = register(clerk, FATHER, MOTHER)
    father, mother = members(family)
    assert clerk.post(f"/persons/{father.number}/death", {"died_on": TODAY}).status_code == 422
    sent = {"died_on": TODAY, "new_principal": str(mother.pk)}
    assert clerk.post(f"/persons/{father.number}/death", sent).status_code == 302
    father, mother = members(family)
    assert father.closure_reason == "DEATH" and mother.relationship == "PA"


def test_a_household_splits_and_joins_again(clerk) -> None:
    son = {**FATHER, "relationship": "SON", "given": "احمد شاه", "birth_year": "1385"}
    family = register(clerk, FATHER, MOTHER, son)
    _father, mother, boy = members(family)
    sent = {
        "leaving": [str(boy.pk)], "principal": str(boy.pk), "split_on": TODAY,
        f"relationship_{mother.pk}": "WIF", f"relationship_{boy.pk}": "SON",
    }  # fmt: skip
    answer = clerk.post(f"/households/{family.number}/split", sent)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    boy = read(Person, pk=boy.pk)[0]
    assert boy.household_id != family.pk and boy.relationship == "PA"
    other = read(Household, pk=boy.household_id)[0]
    sent = {"number": other.number, "joined_on": TODAY, f"relationship_{boy.pk}": "SON"}
    assert clerk.post(f"/households/{family.number}/join", sent).status_code == 302
    assert read(Person, pk=boy.pk)[0].household_id == family.pk
    assert fresh(other).status == "closed", "its number stays taken"


def test_deportation_is_its_own_reason(clerk, supervisor) -> None:
    family = register(clerk, FATHER)
    sent = {"reason": "DEPORTATION", "closed_on": TODAY}
    assert clerk.post(f"/households/{family.number}/closure", sent).status_code == 302
    assert fresh(family).closure_reason == "DEPORTATION"
    father = members(family)[0]
    sent = {
        "persons": [str(father.pk)],
        "principal": str(father.pk),
        "reopened_on": TODAY,
        "explanation": "He came back.",
    }
    assert clerk.post(f"/households/{family.number}/reopening", sent).status_code == 403
    assert supervisor.post(f"/households/{family.number}/reopening", sent).status_code == 302
    assert fresh(family).status == "open" and fresh(family).number == family.number


def test_consent_opens_the_file_and_its_withdrawal_closes_it(committed_world) -> None:
    """Committed for real: a grant holds from the instant of the act, which a single transaction never leaves behind."""
    world, clerk = committed_world, client_of(committed_world.members["registration_clerk"])
    family = register(clerk, FATHER)
    partner = client_of(world.members["programme_officer"])
    assert partner.get(f"/households/{family.number}").status_code == 404
    sent = {
        "agreement": f"{world.agreements['undp'].pk}:assistance",
        "method": "written",
        "language": "PRS",
        "given_on": TODAY,
    }
    assert clerk.post(f"/households/{family.number}/consent", sent).status_code == 302
    assert partner.get(f"/households/{family.number}").status_code == 200
    page = clerk.get(f"/households/{family.number}/withdrawal").content.decode()
    consent = re.search(r'<option value="([0-9a-f-]{36})"', page)[1]
    sent = {"consent": consent, "withdrawn_on": TODAY}
    assert clerk.post(f"/households/{family.number}/withdrawal", sent).status_code == 302
    assert partner.get(f"/households/{family.number}").status_code == 404


def picture(size=(300, 400)) -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", size, "#887766").save(out, "JPEG")
    return SimpleUploadedFile("face.jpg", out.getvalue(), "image/jpeg")


def test_a_photo_is_taken_and_a_text_is_no_photo(clerk) -> None:
    family = register(clerk, FATHER)
    father = members(family)[0]
    text = SimpleUploadedFile("face.jpg", b"not a picture", "image/jpeg")
    assert clerk.post(f"/persons/{father.number}/photo", {"image": text}).status_code == 422
    assert clerk.get(f"/persons/{father.number}/photo.jpg").status_code == 404
    assert clerk.post(f"/persons/{father.number}/photo", {"image": picture()}).status_code == 302
    assert clerk.get(f"/persons/{father.number}/photo.jpg").content[:2] == b"\xff\xd8"


def test_restricted_needs_are_written_by_many_and_read_by_few(world, clerk) -> None:
    family = register(clerk, FATHER)
    father = members(family)[0]
    sent = {"code": "TR-PI", "since": TODAY, "source": "self"}
    assert clerk.post(f"/persons/{father.number}/need", sent).status_code == 302
    title = "due to torture"
    assert title not in clerk.get(f"/persons/{father.number}").content.decode().lower()
    protection = client_of(world.members["protection_officer"])
    page = protection.get(f"/persons/{father.number}").content.decode()
    told = page[page.lower().index(title) :].partition("</p>")[0]
    clerks = world.members["registration_clerk"]
    assert "told by the person" in told and clerks.account.name in told, "with how it is known, and its author"


def test_a_correction_keeps_the_old_name(clerk) -> None:
    family = register(clerk, FATHER)
    father = members(family)[0]
    sent = {
        "given": "محمد نعیم شاه", "father": "غلام حضرت", "sex": "M", "nationality": "AFG", "birth_calendar": "solar_hijri",
        "birth_year": "1361", "evidence": "Tazkira shown",
    }  # fmt: skip
    assert clerk.post(f"/persons/{father.number}/correction", sent).status_code == 302
    page = clerk.get(f"/persons/{father.number}").content.decode()
    assert "محمد نعیم شاه" in page and page.count("محمد نعیم") >= 2


def test_a_duplicate_is_compared_judged_and_undone(world, clerk, supervisor) -> None:
    one = register(clerk, FATHER)
    sent = typed({**FATHER, "given": "Муҳаммад Наим", "father": "Ғулом Ҳазрат"})
    page = clerk.post("/households/register", sent).content.decode()
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', page)[1]
    assert clerk.post("/households/register", {**sent, "seen": seen}).status_code == 200
    a, b = read(Person)
    assert a.household_id == one.pk
    listed = supervisor.get("/duplicates").content.decode()
    assert a.number in listed and b.number in listed
    address = f"/duplicates/{a.number}/{b.number}"
    assert "sound the same" in supervisor.get(address).content.decode()
    assert clerk.post(address, {"verdict": "same"}).status_code == 403
    assert supervisor.post(address, {"verdict": "perhaps"}).status_code == 422
    assert supervisor.post(address, {"verdict": "same", "remark": "Same tazkira"}).status_code == 302
    assert b.number not in supervisor.get(f"/persons/{a.number}").content.decode()
    assert supervisor.post(f"{address}/confirm").status_code == 409  # not by the one who judged
    officer = client_of(world.members["register_officer"])
    assert "state=to_confirm" in officer.get("/duplicates").content.decode()
    assert a.number in officer.get("/duplicates?state=to_confirm").content.decode()
    assert officer.post(f"{address}/confirm").status_code == 302
    assert b.number in supervisor.get(f"/persons/{a.number}").content.decode()
    assert supervisor.post(address, {"verdict": "different"}).status_code == 409
    assert supervisor.post(f"{address}/undo").status_code == 302
    assert read(Judgement)[0].undone_at is not None
    assert b.number not in supervisor.get(f"/persons/{a.number}").content.decode()
