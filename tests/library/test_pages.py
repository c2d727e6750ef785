"""The pages of the library: found, read, settled, cited, and what a change of the source does to them."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from panoh.access.context import acting, acting_as_system
from panoh.library.keeping import carry_out_waiting
from panoh.library.models import Citation, Claim, Document, DocumentReading, Paragraph, SavedSearch, Shelf
from panoh.library.views.browsing import _choices
from tests.library.conftest import OPEN_CABLE
from tests.signing_in import client_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def officer(shelves):
    return client_of(shelves.world.members["protection_officer"])


def words_of(answer) -> str:
    """What a reader sees of a page."""
    return " ".join(re.sub(r"<[^>]+>", "", answer.content.decode()).split())


def paragraph_of(document: Document, label: str) -> Paragraph:
    with acting_as_system("a test looks"):
        return document.paragraphs.get(label=label, in_force=True)


def at(name: str, document: Document, paragraph: Paragraph | None = None) -> str:
    return reverse(name, args=[document.refid, *([paragraph.anchor] if paragraph else [])])


def test_the_first_page_tells_how_much_is_here_and_what_is_wanted(officer, opened):
    answer = words_of(officer.get(reverse("library")))
    assert "REFUGEES WAIT FOR CERTIFICATES" in answer
    assert "1 of 3 taken in" in answer


@pytest.mark.parametrize(
    ("question", "hit"),
    [
        ("certificate", True),
        ("certificates families", True),
        ('"four months"', True),
        ('"months four"', False),
        ("certificate near:9 promises", True),
        ("clerk near:2 certificate", False),
        ("certificate near:2 the", True),
        ("certificate -clerk", False),
        ("certificate -tag:PREF", False),
        ("certificate -tag:XXXX", True),
        ('certificate -origin:"Embassy Dushanbe"', False),
        ("certificate -kind:report -class:SECRET -lang:ru", True),
        ("zebra OR clerk", True),
        ("tag:PREF", True),
        ("tag:SMIG tag:XXXX", False),
        ('origin:"Embassy Dushanbe" 2006', False),
        ("2006..2006", True),
        ("year:2007", False),
        ("before:2006-05 certificate", False),
        ("kind:cable class:UNCLASSIFIED lang:en", True),
        ("subject:certificates", True),
        ("subject:clerk", False),
        ("ref:06DUSHANBE412", True),
    ],
)
def test_questions_find_what_they_ask(officer, opened, question, hit):
    answer = officer.get(reverse("library_search"), {"q": question})
    assert answer.status_code == 200
    assert ("REFUGEES WAIT" in answer.content.decode()) is hit


@pytest.mark.parametrize(
    "question",
    [
        "kind:nonsense",
        "year:20",
        "near:5 x",
        "tag:",
        "before:2006-13",
        "-2005..2009 x",
        "a near b near c",
        "lang:en lang:ru",
    ],
)
def test_a_question_that_cannot_be_read_says_which_part(officer, opened, question):
    answer = officer.get(reverse("library_search"), {"q": question})
    assert answer.status_code == 422
    assert "library.search.unreadable" in answer.content.decode()


def test_words_are_found_in_either_script_and_in_their_forms(officer, shelves):
    shelves.take_in(
        "Ҳисобот. Паноҳандагони афғон дар Душанбе ҳуҷҷат надоранд. Шумораи онҳо меафзояд.\n\nКомиссияи давлатӣ ҷамъ намешавад.\n",
        "tg.txt",
    )
    shelves.take_in(
        "Отчёт. Беженцы ждут решения комиссии уже четвёртый месяц подряд, и никто им не отвечает.\n", "ru.txt"
    )
    for question, found in (
        ("پناهندگان", "Ҳисобот"),
        ("паноҳанда", "Ҳисобот"),
        ("беженцев", "Отчёт"),
        ("комиссия", "Отчёт"),
    ):
        assert found in officer.get(reverse("library_search"), {"q": question}).content.decode(), question
    shelves.take_in("گزارش. پناهندگان در شهر دوشنبه منتظر فیصله کمیسیون هستند و سند ندارند.\n", "fa.txt")
    assert "گزارش" in officer.get(reverse("library_search"), {"q": "паноҳандагон"}).content.decode()


def test_a_snippet_is_escaped(officer, shelves):
    shelves.take_in(
        "Public\n\nReport.\n\nThe clerk wrote <script>alert(1)</script> into the certificate of the family.\n", "x.txt"
    )
    answer = officer.get(reverse("library_search"), {"q": "certificate"}).content.decode()
    assert "<script>alert" not in answer and "<mark>certificate</mark>" in answer


@pytest.mark.parametrize("by", ["date", "origin", "tag", "classification"])
def test_indexes_count(officer, opened, by):
    answer = officer.get(reverse("library_browse", args=[by])).content.decode()
    assert {"date": "2006-05-09", "origin": "Embassy Dushanbe", "tag": "PREF", "classification": "UNCLASSIFIED"}[
        by
    ] in answer


def test_a_source_shows_its_three_parts_and_every_paragraph_its_address(officer, opened):
    answer = officer.get(at("library_document", opened)).content.decode()
    one = paragraph_of(opened, "1")
    assert "SECSTATE WASHDC" in answer and "VZCZCXRO5506" in answer and "four months" in answer
    assert at("library_paragraph", opened, one) in answer
    assert officer.get(at("library_paragraph", opened, one)).status_code == 200
    assert "wanted" in answer


def test_hidden_and_missing_look_the_same(shelves, closed):
    lawyer = client_of(shelves.world.members["lawyer"])
    hidden = lawyer.get(at("library_document", closed))
    missing = lawyer.get(reverse("library_document", args=["06DUSHANBE999"]))
    assert (hidden.status_code, missing.status_code) == (404, 404)


def test_reading_a_restricted_source_is_recorded_and_an_open_one_is_not(officer, opened, closed):
    officer.get(at("library_document", opened))
    officer.get(at("library_document", closed))
    with acting_as_system("a test looks"):
        assert [one.document_id for one in DocumentReading.objects.all()] == [closed.pk]


def test_a_search_shows_no_words_of_a_closed_source(officer, opened, closed):
    page = officer.get(reverse("library_search"), {"q": "fees"}).content.decode()
    assert closed.refid in page and opened.refid in page and page.count("<mark>fees</mark>") == 1
    assert "Open it to read the words; that is recorded." in page
    with acting_as_system("a test looks"):
        assert not DocumentReading.objects.exists()


def test_what_is_wanted_and_unsettled_is_counted_up_to_a_bound(officer, opened, closed, monkeypatch):
    monkeypatch.setattr("panoh.library.queries.documents.COUNTED", 1)
    monkeypatch.setattr("panoh.library.views.browsing.COUNTED", 1)
    page = words_of(officer.get(reverse("library")))
    assert "2 taken in · more than 1 are named and wanted" in page
    assert "More than 1 sources wait" not in page  # of one of the two the reading was sure


def test_a_facet_is_chosen_by_its_whole_value():
    rows = _choices("certificate tag:TIP", "tag", [("TI", 3), ("TIP", 2)])
    assert [(asked, chosen) for _title, _many, asked, chosen in rows] == [
        ("certificate tag:TIP tag:TI", False),
        ("certificate", True),
    ]


def test_take_in_by_a_page(officer):
    sent = {"files": SimpleUploadedFile("telegram.txt", OPEN_CABLE.encode())}
    address = officer.post(reverse("library_take_in"), sent)["Location"]
    assert carry_out_waiting() == 1
    assert "REFUGEES WAIT" in officer.get(address).content.decode()


def test_what_a_person_settles_stays_when_the_file_is_read_again(officer, shelves):
    found = shelves.take_in(OPEN_CABLE.replace("090509Z MAY 06", "310509Z FEB 06"), "06DUSHANBE412.txt")
    page = officer.get(at("library_settle", found)).content.decode()
    assert "A date in it cannot be." in page
    sent = {
        "title": found.title,
        "kind": "cable",
        "created_on": "2006-02-28",
        "classification": "CONFIDENTIAL",
        "origin": "Embassy Dushanbe",
        "tags": "PREF TI",
        "language": "en",
        "version": 1,
    }
    officer.post(at("library_settle", found), sent)
    again = shelves.take_in(
        OPEN_CABLE.replace("090509Z MAY 06", "310509Z FEB 06").replace("A clerk", "Two clerks"), "06DUSHANBE412.txt"
    )
    assert (f"{again.created_on}", again.classification, again.rank, again.tags) == (
        "2006-02-28",
        "CONFIDENTIAL",
        2,
        ["PREF", "TI"],
    )
    with acting_as_system("a test looks"):
        assert not again.doubts.filter(settled_at__isnull=True).exists()


def test_two_people_settling_at_once_are_told(officer, opened):
    sent = {
        "title": "A",
        "kind": "cable",
        "classification": "UNCLASSIFIED",
        "origin": "",
        "tags": "",
        "language": "en",
        "version": 1,
    }
    assert officer.post(at("library_settle", opened), sent).status_code == 302
    answer = officer.post(at("library_settle", opened), sent)
    assert "library.document.changed" in answer.content.decode()


@pytest.fixture
def case(shelves):
    from tests.procedures.stories import Story

    story = Story(shelves.world)
    with story.acting("registration_clerk") as clerk:
        from panoh.registry.operations import register_household
        from tests.registry.families import five

        done = register_household(by=clerk, registration=five(shelves.world.offices["panji_poyon"].pk))
    story.household, story.persons = done.household, list(done.persons)
    return story.open("asylum", "government", "registration_clerk", on=story.today(), lodged_at="border_post").case


def test_a_case_cites_a_paragraph_and_says_when_its_source_changes(shelves, officer, opened, case):
    three = paragraph_of(opened, "3")
    clerk = client_of(shelves.world.members["eligibility_officer"])
    page = clerk.post(
        at("library_cite", opened, three), {"number": case.number, "note": "fees"}, follow=True
    ).content.decode()
    assert "A clerk spoke of fees" in page and "corrected" not in page
    assert "A clerk spoke of fees" in clerk.get(reverse("case", args=[case.number])).content.decode()
    again = clerk.post(at("library_cite", opened, three), {"number": case.number, "note": ""})
    assert "library.citation.already_cited" in again.content.decode()
    shelves.take_in(OPEN_CABLE.replace("A clerk", "Two clerks"))
    address = reverse("library_sources", args=["case", case.number])
    assert "The paragraph was corrected since." in clerk.get(address).content.decode()
    officer.post(at("library_withdraw", opened), {"reason": "false", "version": 2})
    assert "The source was withdrawn." in clerk.get(address).content.decode()
    assert clerk.get(reverse("library_bundle", args=["case", case.number])).content.startswith(b"%PDF")
    with acting_as_system("a test looks"):
        citation = Citation.objects.get()
    clerk.post(reverse("library_citation_end", args=[citation.pk]))
    assert "A clerk spoke" not in clerk.get(address).content.decode()


def test_citations_of_a_hidden_case_are_hidden(shelves, opened, case):
    three = paragraph_of(opened, "3")
    client_of(shelves.world.members["eligibility_officer"]).post(
        at("library_cite", opened, three), {"number": case.number}
    )
    lawyer = client_of(shelves.world.members["lawyer"])
    assert case.number not in lawyer.get(at("library_paragraph", opened, three)).content.decode()
    answer = lawyer.post(at("library_cite", opened, three), {"number": case.number})
    assert "library.citation.thing_not_found" in answer.content.decode()


def test_figures_are_suggested_confirmed_and_stand_side_by_side(shelves, officer):
    text = "UNCLAS DUSHANBE 00000{n}\n\nE.O. 12958: N/A\nTAGS: PREF\nSUBJECT: FIGURES {n}\n\n1. (U) At the end of 2024 there were {figure} refugees in Tajikistan.\n\n2. (U) No more is known of this.\n"
    for n, figure in ((1, "9,424"), (2, "12,157")):
        source = shelves.take_in(text.format(n=n, figure=figure), f"24DUSHANBE{n}.txt")
        one = paragraph_of(source, "1")
        page = officer.get(at("library_claim", source, one)).content.decode()
        assert figure.replace(",", "") in page
        sent = {
            "measure": "Refugees",
            "figure": figure,
            "unit": "persons",
            "definition": "",
            "place": "TJK",
            "as_of": "2024-12-31",
        }
        assert officer.post(at("library_claim", source, one), sent).status_code == 302
    page = officer.get(reverse("library_figure"), {"measure": "refugees"}).content.decode()
    assert "9,424" in page and "12,157" in page and "contradict each other" in page
    with acting_as_system("a test looks"):
        claim = Claim.objects.get(figure=9424)
    officer.post(reverse("library_claim_withdraw", args=[claim.pk]))
    assert "9,424" not in officer.get(reverse("library_figure"), {"measure": "refugees"}).content.decode()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"figure": "many"}, "library.claim.no_figure"),
        ({"figure": "1e999"}, "library.claim.no_figure"),
        ({"period_from": "2024-12-31", "period_to": "2024-01-01"}, "library.claim.period_backwards"),
    ],
)
def test_a_figure_that_cannot_be_is_refused(officer, opened, changed, code):
    sent = {"measure": "refugees", "figure": "12", "unit": "persons", "place": "", "as_of": "2024-12-31", **changed}
    assert code in officer.post(at("library_claim", opened, paragraph_of(opened, "1")), sent).content.decode()


def test_a_list_keeps_paragraphs_and_prints_them(shelves, officer, opened):
    officer.post(reverse("library_shelves"), {"title": "Certificates"})
    with acting(shelves.world.actor("protection_officer")):
        shelf = Shelf.objects.get()
    assert (
        "library.shelf.title_taken"
        in officer.post(reverse("library_shelves"), {"title": "Certificates"}).content.decode()
    )
    officer.post(at("library_keep", opened, paragraph_of(opened, "1")), {"shelf": str(shelf.pk), "note": ""})
    assert "four months" in officer.get(reverse("library_shelf", args=[shelf.pk])).content.decode()
    assert officer.get(reverse("library_shelf_bundle", args=[shelf.pk])).content.startswith(b"%PDF")
    lawyer = client_of(shelves.world.members["lawyer"])
    assert lawyer.get(reverse("library_shelf", args=[shelf.pk])).status_code == 404


def test_a_kept_search_tells_what_came_in_since(shelves, officer, opened):
    officer.post(reverse("library_search_save"), {"q": "certificate"})
    assert "1 new" not in words_of(officer.get(reverse("library")))
    shelves.take_in(OPEN_CABLE.replace("000412", "000416").replace("#0412", "#0416"))
    assert "1 new" in words_of(officer.get(reverse("library")))


def test_a_search_of_days_alone_and_one_kept_before_they_were_matched_tell_too(shelves, officer, opened):
    officer.post(reverse("library_search_save"), {"q": "2006..2007"})
    officer.post(reverse("library_search_save"), {"q": "certificate"})
    shelves.take_in(OPEN_CABLE.replace("000412", "000416").replace("#0412", "#0416"))
    with acting(shelves.world.actor("protection_officer")), connection.cursor() as cursor:
        SavedSearch.objects.filter(query="certificate").update(words="")
        for one in SavedSearch.objects.filter(query="certificate"):  # as they stood before: asked of nothing
            cursor.execute("SELECT library_looked_at(%s)", [one.pk])
    page = words_of(officer.get(reverse("library")))
    assert "2006..2007 1 new" in page and "certificate 1 new" in page
    with acting(shelves.world.actor("protection_officer")):
        assert SavedSearch.objects.get(query="certificate").words == "'certif'"


def test_wanted_and_unsettled_have_their_pages(officer, opened, closed):
    assert "05STATE1234" in officer.get(reverse("library_wanted")).content.decode()
    assert "06DUSHANBE413" in officer.get(reverse("library_unsettled")).content.decode()


def test_the_calendar_of_sources_is_the_readers(officer, opened):
    officer.cookies["language"] = "prs"
    answer = officer.get(reverse("library_browse", args=["date"])).content.decode()
    assert "ثور" in answer and "۱۳۸۵" in answer and "q=date:2006-05-09" in answer
    assert "q=2006-04-21..2006-05-21" in answer
    officer.cookies["calendar"] = "gregorian"
    answer = officer.get(reverse("library_browse", args=["date"])).content.decode()
    assert "۲۰۰۶" in answer and "q=2006-05-01..2006-05-31" in answer
