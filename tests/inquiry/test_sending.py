"""Sending a code: only the code, only where she agreed, seldom, and with an entry for each; a channel that fails is told."""

from __future__ import annotations

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.db import connection as database

from panoh.access.context import acting_as_system
from panoh.inquiry import channels as seam
from panoh.inquiry.channels import NotSent
from panoh.inquiry.models import CaseCode, Contact, Sending
from panoh.inquiry.operations import MOST_SENDINGS, add_contact, end_contact, make_code, send_code
from panoh.inquiry.queries import ask
from panoh.ledger.models import Entry
from tests.procedures.stories import Story, refused
from tests.signing_in import client_of

ADDRESS = "zarina@example.org"


class Deaf(seam.Mail):
    """A channel whose gateway is down."""

    def send(self, address: str, code: str, language: str) -> None:
        raise NotSent("gateway down")


@pytest.fixture
def story(world, settings) -> Story:
    settings.INQUIRY_CHANNELS = ["panoh.inquiry.channels.Mail"]
    found = Story(world)
    found.register()
    found.open("asylum", "government", "registration_clerk")
    return found


def contact_of(story: Story, **changes) -> Contact:
    given = {"channel": "mail", "address": ADDRESS, "language": "prs", "agreed": True, **changes}
    with story.acting("registration_clerk") as clerk:
        return add_contact(by=clerk, case=story.case, **given)


def send(story: Story, contact: Contact, run) -> Sending:
    with run(execute=True), story.acting("eligibility_officer") as officer:
        return send_code(by=officer, case=story.case, contact=contact.pk)


def kinds() -> list[str]:
    with acting_as_system("test"):
        return list(
            Entry.objects.filter(kind__startswith="inquiry.")
            .order_by("recorded_at", "id")
            .values_list("kind", flat=True)
        )


def test_the_code_and_nothing_else_is_sent_and_opens_the_case(story, django_capture_on_commit_callbacks):
    sending = send(story, contact_of(story), django_capture_on_commit_callbacks)
    assert [one.to for one in mail.outbox] == [[ADDRESS]]
    code = mail.outbox[0].body
    assert ask(story.case.number, code, "en").number == story.case.number
    with acting_as_system("test"):
        told = [
            story.case.number,
            story.household.number,
            *(form.given for p in story.persons for form in p.names.all()),
        ]
        assert Sending.objects.get(pk=sending.pk).state == Sending.HANDED_OVER
        assert not any(code.encode() in bytes(one.digest) for one in CaseCode.objects.all())
        bodies = list(Entry.objects.filter(kind__startswith="inquiry.").values_list("body", flat=True))
    assert not any(word in mail.outbox[0].body + mail.outbox[0].subject for word in told)
    assert not any(code in body or ADDRESS in body for body in bodies)
    assert kinds() == ["inquiry.contact.added", "inquiry.code.sent", "inquiry.sending.handed_over"]


def test_nothing_is_sent_before_the_act_is_kept(story, django_capture_on_commit_callbacks):
    contact = contact_of(story)
    with (
        pytest.raises(RuntimeError),
        django_capture_on_commit_callbacks(execute=True),
        story.acting("eligibility_officer") as officer,
    ):
        send_code(by=officer, case=story.case, contact=contact.pk)
        raise RuntimeError("the page failed afterwards")
    assert mail.outbox == []


def test_without_her_word_no_contact_and_without_a_contact_no_sending(story, django_capture_on_commit_callbacks):
    with refused("inquiry.contact.no_consent", "agreed"):
        contact_of(story, agreed=False)
    with refused("inquiry.contact.address_wrong", "address"):
        contact_of(story, address="zarina at example")
    with refused("inquiry.channel.unknown", "channel"):
        contact_of(story, channel="pigeon")
    with refused("inquiry.contact.language", "language"):
        contact_of(story, language="xx")
    contact = contact_of(story)
    with refused("inquiry.contact.known", "address"):
        contact_of(story)
    with story.acting("registration_clerk") as clerk:
        end_contact(by=clerk, case=story.case, contact=contact.pk)
    with refused("inquiry.contact.not_found"):
        send(story, contact, django_capture_on_commit_callbacks)
    assert mail.outbox == []


def test_a_contact_of_another_case_takes_no_code(story, world, django_capture_on_commit_callbacks):
    other = Story(world)
    other.register()
    other.open("asylum", "government", "registration_clerk")
    with refused("inquiry.contact.not_found"):
        send(story, contact_of(other), django_capture_on_commit_callbacks)


def test_a_channel_that_fails_is_told_and_the_code_is_nobodys(story, monkeypatch, django_capture_on_commit_callbacks):
    contact = contact_of(story)
    monkeypatch.setattr(seam, "_channels", lambda paths: {"mail": Deaf()})
    sending = send(story, contact, django_capture_on_commit_callbacks)
    with acting_as_system("test"):
        assert Sending.objects.get(pk=sending.pk).state == Sending.FAILED
    assert kinds()[-1] == "inquiry.sending.failed"
    page = client_of(story.world.members["eligibility_officer"]).get(f"/own-case/{story.case.number}").content.decode()
    assert "not taken: print the slip" in page


def test_only_so_many_codes_are_sent_in_a_day(story, django_capture_on_commit_callbacks):
    contact = contact_of(story)
    for _ in range(MOST_SENDINGS):
        send(story, contact, django_capture_on_commit_callbacks)
    with refused("inquiry.code.sent_often"):
        send(story, contact, django_capture_on_commit_callbacks)
    assert len(mail.outbox) == MOST_SENDINGS
    with story.acting("eligibility_officer") as officer:
        assert make_code(by=officer, case=story.case)  # on paper, always


def test_who_may_not_make_a_code_may_not_send_one(story):
    contact = contact_of(story)
    for role in ("auditor", "head_of_office"):
        with story.acting(role) as other, refused("access.verb.refused_role"):
            send_code(by=other, case=story.case, contact=contact.pk)


def test_the_address_stands_in_the_committed_detail_and_not_in_the_body(story):
    contact = contact_of(story)
    with acting_as_system("test"):
        entry = Entry.objects.get(pk=contact.entry_id)
        assert ADDRESS not in entry.body
        assert entry.facts["detail_commitment"]


def test_raw_sql_of_who_does_not_see_the_case_finds_no_contact(story):
    contact_of(story)
    with story.acting("auditor"), database.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM inquiry_contact")
        assert cursor.fetchone() == (0,)
    with story.acting("registration_clerk"), database.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM inquiry_contact")
        assert cursor.fetchone() == (1,)
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute("DELETE FROM inquiry_contact")


def test_where_there_is_no_channel_the_page_says_to_print(story, settings):
    settings.INQUIRY_CHANNELS = []
    page = client_of(story.world.members["eligibility_officer"]).get(f"/own-case/{story.case.number}").content.decode()
    assert "Nothing is sent here" in page and 'name="address"' not in page
