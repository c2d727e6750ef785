"""Taking in: once, again, changed, and what stays."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection

from panoh.access.context import acting, acting_as_system, acting_without_member
from panoh.kernel.problems import Problem
from panoh.ledger.verification import verify
from panoh.library.importing import import_path
from panoh.library.models import Document, Paragraph
from panoh.library.operations.settling import settle_document
from panoh.library.operations.taking_in import TAKEN_IN, take_in
from panoh.library.queries.searching import search
from panoh.library.reading.files import read_file
from panoh.library.rules.questions import read_question
from panoh.library.sources import Source
from tests.library.conftest import OPEN_CABLE

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "sequencer", "owner"])


def rows(document: Document, **wanted) -> list[Paragraph]:
    with acting_as_system("a test looks"):
        return list(document.paragraphs.filter(**wanted).order_by("position"))


def test_take_in_keeps_fields_paragraphs_references_and_doubts(shelves, opened):
    with acting(shelves.world.actor("lawyer")):
        found = Document.objects.get(refid="06DUSHANBE412")
        assert (found.origin, found.rank, found.tags) == ("Embassy Dushanbe", 0, ["PREF", "PREL", "SMIG", "TI"])
        assert found.paragraphs.filter(kind="paragraph").count() == 5
        assert [one.refid for one in found.references.order_by("position")] == ["06DUSHANBE398", "05STATE1234"]


def test_the_same_again_changes_nothing(shelves, opened):
    with acting(shelves.world.actor("protection_officer")) as actor:
        (taken,) = take_in(by=actor, sources=[Source.of("x", OPEN_CABLE.encode(), read_file("x", OPEN_CABLE.encode()))])
        assert taken.state == "unchanged"
        assert taken.document.version == 1


def test_corrected_words_get_a_new_address_and_the_old_one_leads_there(shelves, opened):
    before = {one.label: one for one in rows(opened, in_force=True)}
    changed = shelves.take_in(
        OPEN_CABLE.replace("A clerk spoke of fees", "Two clerks spoke of fees").replace("1.  (U)", "1. (U)")
    )
    assert changed.pk == opened.pk
    after = {one.label: one for one in rows(opened, in_force=True)}
    assert after["1"].anchor == before["1"].anchor and after["B"].pk == before["B"].pk
    (old,) = rows(opened, in_force=False)
    assert old.text.startswith("A clerk spoke") and old.replaced_by_id == after["3"].pk
    with acting_as_system("a test looks"):
        assert [one.number for one in opened.revisions.order_by("number")] == [1, 2]


def test_words_that_come_back_are_in_force_again_under_their_old_address(shelves, opened):
    shelves.take_in(OPEN_CABLE.replace("A clerk", "Two clerks"))
    shelves.take_in(OPEN_CABLE)
    assert {one.text[:7] for one in rows(opened, label="3")} == {"A clerk", "Two cle"}
    assert [one.text[:7] for one in rows(opened, label="3", in_force=True)] == ["A clerk"]


def test_the_highest_mark_inside_decides(closed):
    assert (closed.classification, closed.rank) == ("UNCLASSIFIED//FOR OFFICIAL USE ONLY", 2)


def test_whoever_may_not_take_in_is_refused(shelves):
    with pytest.raises(Problem, match=r"access\.verb\.refused"):
        shelves.take_in(OPEN_CABLE, role="registration_clerk")
    shelves.take_in(OPEN_CABLE, role="register_officer")


def test_a_source_closed_to_whoever_brings_it_again_is_refused_in_words(shelves, closed):
    with pytest.raises(Problem, match=r"library\.document\.not_yours"):
        shelves.take_in(OPEN_CABLE.replace("000412", "000413").replace("#0412", "#0413"), role="register_officer")


def test_the_index_cannot_be_left_behind(opened):
    with pytest.raises(DatabaseError, match="the index of 06DUSHANBE412"), acting_as_system("x", records=["test.x"]):
        from panoh.ledger.operations import record

        record(by=None, kind="test.x", subjects=[opened.pk], payload={}, occurred_on=opened.taken_in_at.date())
        Document.objects.filter(pk=opened.pk).update(version=2)


def test_a_quiet_edit_of_words_is_found_by_the_ledger(opened, superuser):
    assert not [one for one in verify().findings if str(opened.pk) in str(one)]
    superuser.execute("ALTER TABLE library_paragraph DISABLE TRIGGER USER")
    superuser.execute("UPDATE library_paragraph SET text = 'Nothing is paid.' WHERE label = '3'")
    superuser.execute("ALTER TABLE library_paragraph ENABLE TRIGGER USER")
    assert [one for one in verify().findings if str(opened.pk) in str(one)]


def test_a_folder_is_taken_in_by_the_operator_and_goes_on_where_it_stood(world, tmp_path):
    (tmp_path / "a.txt").write_text(OPEN_CABLE)
    (tmp_path / "b.html").write_text("<html><title>Plan</title><p>Ten wells are dug by 12 May 2020.</p></html>")
    (tmp_path / "c.mbox").write_text(
        "From x\nFrom: a@b.c\nDate: Tue, 12 May 2020 10:00:00 +0000\nSubject: Wells\nMIME-Version: 1.0\n\nA letter.\n\n"
    )

    def run():
        return import_path(tmp_path, by=None, entered=lambda: acting_without_member("x", records=[TAKEN_IN]))

    assert run().new == 3
    (tmp_path / "d.txt").write_text(OPEN_CABLE.replace("A clerk", "Two clerks"))
    again = run()
    assert (again.passed_over, again.changed) == (3, 1)
    with connection.cursor() as cursor, acting(world.actor("lawyer")):
        cursor.execute("SELECT count(*) FROM library_document WHERE organisation_id IS NULL")
        assert cursor.fetchone() == (3,)


def test_a_source_that_may_not_be_taken_in_keeps_none_of_the_others_out(shelves, closed, tmp_path):
    for number in (413, 414):
        text = OPEN_CABLE.replace("000412", f"{number:06}").replace("#0412", f"#{number:04}")
        (tmp_path / f"{number}.txt").write_text(text)
    officer = shelves.world.actor("register_officer")
    outcome = import_path(tmp_path, by=officer, entered=lambda: acting(officer))
    assert (outcome.new, outcome.refused) == (1, [("413.txt", "library.document.not_yours")])


def test_what_bears_no_classification_is_read_within_the_organisation_alone_until_it_is_settled(shelves):
    taken = shelves.take_in("Report of the valley.\n\nTen wells are dug by 12 May 2020.\n")
    with acting(shelves.world.actor("lawyer")):
        assert not Document.objects.filter(pk=taken.pk).exists()
    with acting(shelves.world.actor("protection_officer")) as officer:
        settle_document(by=officer, document=taken, values={"classification": "PUBLIC"}, expected_version=1)
    with acting(shelves.world.actor("lawyer")):
        assert Document.objects.filter(pk=taken.pk).exists()


def test_a_text_of_more_words_than_an_index_holds_is_found_by_its_beginning_and_says_so(shelves):
    """Thirty thousand different words, one of them longer than any word may be, three times over."""
    letters = "абвгдежзиклмнопрст"
    words = ["".join(letters[number // 18**place % 18] for place in range(5)) * 4 for number in range(30_000)]
    long_word = "x" * 2046
    text = (
        "Classification: PUBLIC\n\nДоклад о колодцах.\n\n"
        + f"{long_word} {long_word} {long_word}\n\n"
        + " ".join(words)
    )
    taken = shelves.take_in(text)
    with acting(shelves.world.actor("protection_officer")) as officer:
        assert search(officer, read_question("колодцы")).total == 1
        assert search(officer, read_question(words[100])).total == 1
        assert "long_to_search" in set(taken.doubts.values_list("code", flat=True))
