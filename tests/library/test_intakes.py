"""Files brought over a page: taken in after the answer, whatever comes in between, and taken back as a whole."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from panoh.access.context import acting, acting_as_system
from panoh.access.operations import end_member
from panoh.access.queries import actor_for
from panoh.kernel.problems import Problem
from panoh.ledger.verification import verify
from panoh.library import keeping
from panoh.library.models import Document, Intake, IntakeFile, IntakeLine
from panoh.library.operations import intakes
from panoh.library.operations.intakes import bring_files, undo_intake
from panoh.library.operations.settling import withdraw_document
from tests.library.conftest import OPEN_CABLE
from tests.library.test_pages import words_of
from tests.signing_in import client_of

pytestmark = pytest.mark.django_db(transaction=True)


def numbered(number: int) -> bytes:
    """An open cable of this number."""
    return OPEN_CABLE.replace("000412", f"{number:06}").replace("#0412", f"#{number:04}").encode()


def zipped(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


MAILBOX = b"".join(
    b"From x\nFrom: a@b.c\nDate: Tue, 12 May 2020 10:00:00 +0000\nMessage-ID: <%d@x>\nSubject: Wells\nMIME-Version: 1.0\n\nLetter %d.\n\n"
    % (number, number)
    for number in (1, 2)
)


@pytest.fixture
def officer(shelves):
    return client_of(shelves.world.members["protection_officer"])


def bring(shelves, files: dict[str, bytes], role: str = "protection_officer") -> Intake:
    with shelves.world.as_role(role) as actor:
        return bring_files(by=actor, files=files.items())


def rows(what) -> list:
    with acting_as_system("a test looks"):
        return list(what())


def lines_of(shelves, role: str = "protection_officer") -> list[tuple[str, str, str]]:
    with shelves.world.as_role(role):
        lines = IntakeLine.objects.order_by("file__intake__asked_at", "file__position", "position")
        return list(lines.values_list("name", "outcome", "undone"))


def states() -> dict[str, str]:
    return dict(rows(lambda: Document.objects.values_list("refid", "state")))


def test_files_a_mailbox_and_an_archive_are_brought_and_the_page_tells_what_became_of_each(shelves, officer):
    files = {
        "one.txt": numbered(501),
        "letters.mbox": MAILBOX,
        "all.zip": zipped({"a/two.txt": numbered(502), "a/": b"", "again.txt": numbered(501), ".hidden": b"x"}),
    }
    sent = [SimpleUploadedFile(name, content) for name, content in files.items()]
    answer = officer.post(reverse("library_take_in"), {"files": sent})
    address = answer["Location"]
    assert rows(Document.objects.all) == []
    waiting = officer.get(address)
    assert 'hx-trigger="every 1s"' in waiting.content.decode() and "being read" in words_of(waiting)
    assert keeping.carry_out_waiting() == 1
    assert officer.get(address, headers={"HX-Request": "true"})["HX-Redirect"] == address
    page = words_of(officer.get(address))
    assert "4 new 0 read anew 1 here already 0 not taken in" in page and "REFUGEES WAIT" in page
    assert [one[:2] for one in lines_of(shelves)] == [
        ("one.txt", "new"),
        ("letters.mbox#0", "new"),
        ("letters.mbox#1", "new"),
        ("all.zip/a/two.txt", "new"),
        ("all.zip/again.txt", "unchanged"),
    ]
    assert len(rows(Document.objects.all)) == 4
    with shelves.world.as_role("protection_officer"):
        assert list(IntakeFile.objects.values_list("content", flat=True)) == [None] * 3
    assert "one.txt and 2 more" in words_of(officer.get(reverse("library_take_in")))


def test_what_cannot_be_taken_in_keeps_nothing_else_out_and_is_tried_again(shelves, closed):
    officer = client_of(shelves.world.members["register_officer"])
    bad = zipped({"locked.txt": b"words"}).replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01")
    taken = bring(shelves, {"a.txt": numbered(413), "b.txt": numbered(503), "c.zip": bad}, "register_officer")
    keeping.carry_out_waiting()
    address = reverse("library_intake", args=[taken.pk])
    page = words_of(officer.get(address))
    assert "1 new 0 read anew 0 here already 2 not taken in" in page
    assert "c.zip/locked.txtIt is locked with a password." in page
    assert "a.txtIt is here already under a mark that your role does not read." in page
    with acting(shelves.world.actor("protection_officer")) as other:
        withdraw_document(by=other, document=closed, reason="A draft.", expected_version=1)
    officer.post(reverse("library_intake_retry", args=[taken.pk]))
    assert keeping.carry_out_waiting() == 1
    assert [one[1] for one in lines_of(shelves, "register_officer")] == ["refused", "new", "refused"]
    undone = officer.post(reverse("library_intake_undo", args=[taken.pk]), follow=True)
    assert "being taken back" in words_of(undone)


def test_a_keeper_that_is_ended_between_batches_goes_on_where_it_stood(shelves, monkeypatch):
    bring(shelves, {"all.zip": zipped({f"{n}.txt": numbered(n) for n in range(510, 516)})})
    monkeypatch.setattr(keeping, "batches", lambda pieces: ([one] for one in pieces))

    class EndedError(BaseException):
        pass

    whole = keeping.take_batch
    seen = []

    def ends(**given):
        whole(**given)
        seen.append(given["pieces"][0][0])
        if len(seen) == 3:
            raise EndedError

    with monkeypatch.context() as patched, pytest.raises(EndedError):
        patched.setattr(keeping, "take_batch", ends)
        keeping.carry_out_waiting()
    assert len(states()) == 2  # the third was not confirmed
    with shelves.world.as_role("protection_officer"):
        assert IntakeFile.objects.get().done == 2
    assert keeping.carry_out_waiting() == 1
    assert [one[1] for one in lines_of(shelves)] == ["new"] * 6 and len(states()) == 6
    assert rows(lambda: Document.objects.filter(version__gt=1)) == []


def test_a_source_that_ends_its_keeper_each_time_is_left_out(shelves, monkeypatch):
    bring(shelves, {"all.zip": zipped({f"{n}.txt": numbered(n) for n in range(520, 524)})})

    class EndedError(BaseException):
        pass

    read = intakes.read_sources

    def ends(pieces, unmarked):
        if "522" in pieces[0][0]:
            raise EndedError
        return read(pieces, unmarked)

    monkeypatch.setattr(intakes, "read_sources", ends)
    # With a whole batch, until it stands first, and then as often as it is tried alone.
    for _ in range(keeping.MOST_TRIES + 2):
        with pytest.raises(EndedError):
            keeping.carry_out_waiting()
    assert keeping.carry_out_waiting() == 1
    assert [one[1] for one in lines_of(shelves)] == ["new", "new", "refused", "new"]


def test_a_reader_that_fails_is_told_and_the_next_source_is_read(shelves, officer, monkeypatch):
    taken = bring(shelves, {"a.txt": numbered(525), "b.txt": numbered(526)})
    read = intakes.read_sources

    def fails(pieces, unmarked):
        if pieces[0][0] == "a.txt":
            raise ZeroDivisionError
        return read(pieces, unmarked)

    monkeypatch.setattr(intakes, "read_sources", fails)
    keeping.carry_out_waiting()
    assert "a.txtIt could not be read." in words_of(officer.get(reverse("library_intake", args=[taken.pk])))
    assert states() == {"06DUSHANBE526": "in_force"}


def test_all_that_files_brought_is_taken_back_and_brought_again_it_stands_again(shelves, officer):
    before = shelves.take_in(numbered(530).decode())
    corrected = numbered(530).replace(b"no law knows", b"every law knows")
    taken = bring(shelves, {"a.zip": zipped({"a.txt": corrected, "b.txt": numbered(531), "c.txt": numbered(532)})})
    keeping.carry_out_waiting()
    with acting(shelves.world.actor("protection_officer")) as actor:
        other = Document.objects.get(refid="06DUSHANBE532")
        withdraw_document(by=actor, document=other, reason="False.", expected_version=1)
    answer = officer.post(reverse("library_intake_undo", args=[taken.pk]))
    assert keeping.carry_out_waiting() == 1
    page = words_of(officer.get(answer["Location"]))
    assert "1 source is withdrawn. 1 stands again as before." in page
    assert "a.zip/c.txtSomebody has changed or withdrawn it since." in page
    assert [one[2] for one in lines_of(shelves)] == ["restored", "withdrawn", "left"]
    assert states() == {"06DUSHANBE530": "in_force", "06DUSHANBE531": "withdrawn", "06DUSHANBE532": "withdrawn"}
    with acting_as_system("a test looks"):
        told = [one.text for one in before.paragraphs.filter(in_force=True)]
    assert any("no law knows" in one for one in told) and not any("every law" in one for one in told)
    assert "06DUSHANBE531" not in officer.get(reverse("library_search"), {"q": "certificate"}).content.decode()
    assert not verify().findings
    bring(shelves, {"b.txt": numbered(531), "c.txt": numbered(532)})
    keeping.carry_out_waiting()
    assert [one[1] for one in lines_of(shelves)][3:] == ["changed", "unchanged"]
    assert states()["06DUSHANBE531"] == "in_force" and states()["06DUSHANBE532"] == "withdrawn"


def test_two_readings_of_one_source_in_one_intake_are_both_taken_back(shelves):
    corrected = numbered(540).replace(b"no law knows", b"every law knows")
    taken = bring(shelves, {"a.txt": numbered(540), "b.txt": corrected})
    keeping.carry_out_waiting()
    with shelves.world.as_role("protection_officer") as officer:
        undo_intake(by=officer, intake=taken)
    keeping.carry_out_waiting()
    assert [one[1:] for one in lines_of(shelves)] == [("new", "withdrawn"), ("changed", "restored")]
    assert states() == {"06DUSHANBE540": "withdrawn"}


def test_one_thing_is_done_after_the_other(shelves, officer):
    taken = bring(shelves, {"a.txt": numbered(550)})
    refused = officer.post(reverse("library_intake_undo", args=[taken.pk]))
    assert (refused.status_code, "library.intake.under_way" in refused.content.decode()) == (409, True)
    keeping.carry_out_waiting()
    refused = officer.post(reverse("library_intake_retry", args=[taken.pk]))
    assert (refused.status_code, "library.intake.nothing_left" in refused.content.decode()) == (409, True)


def test_too_much_for_one_page_is_refused_in_words(shelves, officer, monkeypatch):
    monkeypatch.setattr("panoh.library.forms.sources.LARGEST_UPLOAD", 1 << 20)
    monkeypatch.setattr("panoh.library.forms.sources.LARGEST_TOGETHER", 2 << 20)
    for sizes, words in (([2], "too large"), ([1, 1, 1], "Together the files are too large")):
        sent = [SimpleUploadedFile(f"{n}.txt", b"x" * (size << 20)) for n, size in enumerate(sizes)]
        refused = officer.post(reverse("library_take_in"), {"files": sent})
        assert (refused.status_code, words in words_of(refused)) == (422, True)
    assert officer.post(reverse("library_take_in")).status_code == 422
    with shelves.world.as_role("protection_officer"):
        assert not Intake.objects.exists()


def test_what_somebody_brought_is_seen_by_her_alone(shelves, officer):
    shelves.world.add_member("protection_officer", "colleague", office="un_dushanbe")
    taken = bring(shelves, {"a.txt": numbered(560)})
    keeping.carry_out_waiting()
    colleague = shelves.world.members["colleague"]
    address = reverse("library_intake", args=[taken.pk])
    assert officer.get(address).status_code == 200
    assert client_of(colleague).get(address).status_code == 404
    with acting(actor_for(colleague)), connection.cursor() as cursor:
        for table in ("library_intake", "library_intakefile", "library_intakeline"):
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (0,), table
        with pytest.raises(DatabaseError), transaction.atomic():
            Intake.objects.create(
                organisation=colleague.organisation,
                member=shelves.world.members["protection_officer"],
                purpose="protection",
                asked_at=timezone.now(),
            )
    with shelves.world.as_role("registration_clerk") as clerk, pytest.raises(Problem, match=r"access\.verb\.refused"):
        bring_files(by=clerk, files=[("a.txt", b"x")])


def test_whoever_is_no_member_any_more_takes_nothing_in(shelves):
    bring(shelves, {"a.txt": numbered(570)})
    world = shelves.world
    with world.as_role("administrator") as administrator:
        end_member(by=administrator, member=world.members["protection_officer"], valid_to=timezone.localdate())
    assert keeping.carry_out_waiting() == 1
    assert states() == {}
    assert keeping.list_waiting() == []


def test_while_one_keeper_is_at_it_another_leaves_it_alone(shelves, superuser):
    bring(shelves, {"a.txt": numbered(580)})
    superuser.autocommit = False
    superuser.execute("SELECT FROM library_intake FOR UPDATE")
    assert keeping.carry_out_waiting() == 0 and states() == {}
    superuser.rollback()
    superuser.autocommit = True
    assert keeping.carry_out_waiting() == 1 and len(states()) == 1
