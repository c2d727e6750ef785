"""Redacted words are gone wherever they stood, and stay gone whoever reads the source again."""

from __future__ import annotations

import pytest
from django.urls import reverse

from panoh.access.context import acting, acting_as_system
from panoh.library.models import Redaction
from tests.library.conftest import OPEN_CABLE
from tests.library.test_pages import at, paragraph_of
from tests.signing_in import client_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def officer(shelves):
    return client_of(shelves.world.members["protection_officer"])


def test_redacted_words_are_gone_from_page_search_and_new_reading(shelves, officer, opened):
    three = paragraph_of(opened, "3")
    officer.post(at("library_redact", opened, three), {"words": "spoke of fees", "reason": "protects a source"})
    assert "spoke of fees" not in officer.get(at("library_document", opened)).content.decode()
    assert "REFUGEES WAIT" not in officer.get(reverse("library_search"), {"q": '"spoke of fees"'}).content.decode()
    shelves.take_in(OPEN_CABLE.replace("four months", "five months"))
    assert "spoke of fees" not in officer.get(at("library_document", opened)).content.decode()
    with acting(shelves.world.actor("protection_officer")):
        assert "spoke of fees" in Redaction.objects.get().text_before
    with acting(shelves.world.actor("lawyer")):
        assert Redaction.objects.count() == 0


def test_redacted_words_stay_gone_in_earlier_words_in_corrected_ones_and_by_their_sound(shelves, officer):
    text = "Classification: PUBLIC\n\nҲисобот дар бораи паноҳандагон.\n\nБа гуфтаи Исмоилова барои шаҳодатнома пул гирифта мешавад, ва оилаҳо интизоранд.\n"
    first = text.replace("оилаҳо", "хонаводаҳо")
    # The same reference each time, as a letter keeps its own.
    letter = "From: a@b.c\nDate: Tue, 12 May 2020 10:00:00 +0000\nMessage-ID: <9@x>\nSubject: Public\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n"
    shelves.take_in(letter + first)
    document = shelves.take_in(letter + text)
    with acting_as_system("a test looks"):
        now = document.paragraphs.get(text__contains="оилаҳо")
        before = document.paragraphs.get(text__contains="хонаводаҳо")
    assert document.refid in officer.get(reverse("library_search"), {"q": "اسماعیلوا"}).content.decode()
    officer.post(at("library_redact", document, now), {"words": "Исмоилова", "reason": "protects a source"})
    corrected = letter + text.replace("интизоранд", "хеле интизоранд")
    for again in (None, corrected):
        if again:
            shelves.take_in(again, role="register_officer")  # who may not redact, and sees no redaction
        for one in (now, before):
            assert "Исмоилова" not in officer.get(at("library_paragraph", document, one)).content.decode()
        page = officer.get(at("library_document", document)).content.decode()
        assert "Исмоилова" not in page and "шаҳодатнома" in page
        for word in ("اسماعیلوا", "Исмоилова"):
            assert document.refid not in officer.get(reverse("library_search"), {"q": word}).content.decode(), word
    assert "хеле интизоранд" in page
