"""Sources in a browser: taken in, browsed, searched in three languages, cited from a case and followed back; every page both ways."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from panoh.access.context import acting
from panoh.demo.loading.sources import FOLDER, take_in_sources
from panoh.library.keeping import carry_out_waiting
from panoh.library.models import Document
from panoh.library.operations.intakes import bring_files
from tests.browser import faults_of, follow
from tests.library.conftest import OPEN_CABLE
from tests.library.test_intakes import zipped
from tests.procedures.stories import Story
from tests.signing_in import client_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases="__all__")]


def signed_in(world, role: str) -> dict[str, str]:
    return {"sessionid": client_of(world.members[role]).cookies["sessionid"].value}


@pytest.fixture
def sources(committed_world) -> dict[str, str]:
    """The sources of the demo, and a case to cite them in."""
    officer = committed_world.actor("protection_officer")
    assert take_in_sources(officer) == 6
    story = Story(committed_world)
    story.register()
    step = story.open("asylum", "government", "registration_clerk", lodged_at="border_post")
    with acting(officer):
        anchors = {}
        for one in Document.objects.all():
            last = one.paragraphs.filter(kind="paragraph").order_by("-position")[0]
            anchors[one.language] = f"/library/documents/{one.refid}/{last.anchor}"
        cable = Document.objects.get(refid="07DUSHANBE2104")
        fees = cable.paragraphs.get(label="3").anchor
    return {"case": step.case.number, "fees": fees, **anchors}


def test_a_source_is_taken_in_found_in_three_languages_cited_and_followed_back(committed_world, sources, visit):
    world = committed_world
    page = visit("/library/take-in", cookies=signed_in(world, "protection_officer"), script=False)
    page.locator("#id_files").set_input_files(str(FOLDER / "07DUSHANBE2104.txt"))
    follow(page.get_by_role("button", name="Take in"))
    assert "being read" in page.locator("main").inner_text()
    carry_out_waiting()
    follow(page.get_by_role("link", name="See how far it is"))
    assert "1 here already" in " ".join(page.locator("main").inner_text().split())

    page = visit("/library", cookies=signed_in(world, "eligibility_officer"), script=False)
    page.get_by_role("link", name="By origin").click()
    page.get_by_role("link", name="Embassy Dushanbe").click()
    assert "REFUGEES IN TAJIKISTAN" in page.locator("main").inner_text()
    for asked, found in (
        ("resettlement refugees", "country page"),
        ("беженцы Вахдат", "страница миссии"),
        ("پناهنده", "گزارش"),
        ("паноҳҷӯ марз", "Нақшаи"),
    ):
        page.locator("#source-q").fill(asked)
        page.locator("#source-q").press("Enter")
        assert found in page.locator(".hits").inner_text(), asked
    page.locator("#source-q").fill('"asked for money" tag:PREF')
    page.locator("#source-q").press("Enter")
    page.locator(".hits .snippet a").first.click()
    page.get_by_role("link", name="Cite", exact=True).click()
    page.locator("#id_number").fill("NO-SUCH")
    page.get_by_role("button", name="Cite the paragraph").click()
    assert "could cite" in page.locator("main").inner_text()
    page.locator("#id_number").fill(sources["case"])
    page.get_by_role("button", name="Cite the paragraph").click()
    assert "a clerk asked for money" in page.locator("main").inner_text()

    page = visit(f"/cases/{sources['case']}", cookies=signed_in(world, "eligibility_officer"), script=False)
    page.get_by_role("link", name="REFUGEES IN TAJIKISTAN").click()
    assert page.url.endswith(sources["fees"])
    assert sources["case"] in page.locator("main").inner_text()
    assert [one.rpartition("status of ")[2][:3] for one in visit.complaints] == ["404"]
    visit.complaints.clear()


FOUNDING = Path(os.environ.get("PANOH_SHARED", Path(__file__).parents[3] / "shared")) / "data" / "founding"


@pytest.mark.skipif(not FOUNDING.exists(), reason="the founding documents are not here (PANOH_SHARED)")
def test_the_founding_documents_are_taken_in_browsed_searched_cited_and_followed_back(committed_world, visit):
    world = committed_world
    story = Story(world)
    story.register()
    number = story.open("asylum", "government", "registration_clerk", lodged_at="border_post").case.number
    cookies = signed_in(world, "protection_officer")
    read = {}
    for path in sorted(FOUNDING.iterdir()):
        page = visit("/library/take-in", cookies=cookies, script=False)
        page.locator("#id_files").set_input_files(str(path))
        follow(page.get_by_role("button", name="Take in"))
        carry_out_waiting()
        follow(page.get_by_role("link", name="See how far it is"))
        follow(page.locator(".hits .source-title"))
        read[page.locator("h1").inner_text()] = page.locator("main").inner_text()
    assert {title[:40]: len(words) > 1500 for title, words in read.items()} == {
        "05DUSHANBE1852": True,
        "IS THERE IS A TAJIK DIASPORA?": True,
        "Tajikistan Crisis Response Plan 2020": True,
        "IOM Mission in Tajikistan": True,
        "UNHCR opened its representation in Tajik": True,
    }
    with acting(world.actor("protection_officer")):
        kinds = sorted(Document.objects.values_list("kind", flat=True))
    assert kinds == ["cable", "cable", "plan", "web_page", "web_page"]

    page = visit("/library/by/tag", cookies=cookies, script=False)
    follow(page.get_by_role("link", name="SMIG"))
    assert "TAJIK DIASPORA" in page.locator(".hits").inner_text()
    for asked, found in (
        ('"demand for bribes"', "05DUSHANBE1852"),
        ("beneficiaries kind:plan", "Crisis Response Plan"),
        ("DAFI kind:web_page", "UNHCR opened"),
        ("Khorog convoy 1995", "IOM Mission"),
        ("diasporans tag:SMIG", "TAJIK DIASPORA"),
    ):
        page.locator("#source-q").fill(asked)
        follow(page.locator(".source-search button"))
        assert found in page.locator(".hits").inner_text(), asked
    page.locator("#source-q").fill('"demand for bribes"')
    follow(page.locator(".source-search button"))
    follow(page.locator(".hits .snippet a").first)
    follow(page.get_by_role("link", name="Cite", exact=True))
    page.locator("#id_number").fill(number)
    follow(page.get_by_role("button", name="Cite the paragraph"))
    page = visit(f"/cases/{number}", cookies=cookies, script=False)
    follow(page.get_by_role("link", name="05DUSHANBE1852"))
    assert "shifting its focus" in page.locator("blockquote").inner_text()
    follow(page.get_by_role("link", name=number))
    assert "shifting its focus" in page.locator("main").inner_text()


def test_the_sign_of_a_paragraph_copies_its_address(committed_world, sources, visit):
    page = visit("/library/documents/07DUSHANBE2104", cookies=signed_in(committed_world, "protection_officer"))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator(f"[id='{sources['fees']}'] .pilcrow").click()
    page.wait_for_function("document.querySelector('.pilcrow.copied')")
    assert page.evaluate("navigator.clipboard.readText()").endswith(sources["fees"])


def test_many_files_are_taken_in_while_the_page_is_looked_at_and_taken_back(committed_world, tmp_path, visit):
    cookies = signed_in(committed_world, "protection_officer")
    for number in range(600, 604):
        text = OPEN_CABLE.replace("000412", f"{number:06}").replace("#0412", f"#{number:04}")
        (tmp_path / f"{number}.txt").write_text(text)
    page = visit("/library/take-in", cookies=cookies)
    page.locator("#id_files").set_input_files([str(one) for one in sorted(tmp_path.iterdir())])
    follow(page.get_by_role("button", name="Take in"))
    page.get_by_text("Sources are being read and taken in").wait_for()
    carry_out_waiting()
    page.locator("#sources").wait_for()  # the page sees by itself that it is done
    assert page.locator(".hits .source-title").count() == 4
    page.get_by_text("Take all of it back").click()
    follow(page.get_by_role("button", name="Take it back"))
    carry_out_waiting()
    page.get_by_text("4 sources are withdrawn").wait_for()


@pytest.mark.parametrize("language", ["en", "prs"])
def test_every_page_is_accessible_and_fits_a_phone(committed_world, sources, visit, violations, language):
    faults = {}
    fees = f"/library/documents/07DUSHANBE2104/{sources['fees']}"
    addresses = (
        "/library",
        "/library/search?q=refugees",
        "/library/by/date",
        "/library/by/origin",
        "/library/by/tag",
        "/library/documents/07DUSHANBE2104",
        fees,
        f"{fees}/cite",
        f"{fees}/figure",
        "/library/figures/history?measure=refugees",
        "/library/wanted",
        "/library/lists",
        "/library/take-in",
        sources["fa"],
        sources["fa"].rpartition("/")[0],
        "/library/documents/09DUSHANBE1311",
    )
    cookies = signed_in(committed_world, "protection_officer")
    with acting(committed_world.actor("protection_officer")) as officer:
        brought = [("wells.txt", b"Ten wells were dug."), ("all.zip", zipped({"a.txt": b"x", "b.txt": b"Nine wells."}))]
        taken = bring_files(by=officer, files=brought)
    addresses += (f"/library/intakes/{taken.pk}",)
    for number, address in enumerate(addresses):
        page = visit(address, language=language, cookies=cookies)
        if found := faults_of(page, violations, f"library-{number}-{language}"):
            faults[address] = found
    carry_out_waiting()
    page = visit(addresses[-1], language=language, cookies=cookies)
    assert (faults, faults_of(page, violations, f"library-intake-{language}")) == ({}, [])
