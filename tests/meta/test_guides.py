"""The guides tell the truth in every language: each page, act and label that they name exists, and is the reader's to use."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.test import Client
from django.urls import Resolver404, resolve

from panoh import rulebook
from panoh.access.roles import ROLES
from panoh.access.verbs import get_verb
from panoh.web.guides import REFUGEE, find_guide, find_topic, to_html

ROOT = Path(__file__).resolve().parents[2]
GUIDES_OF_ROLES = ROOT / "docs" / "guides" / "roles"
EVERYBODY = [*sorted(ROLES), REFUGEE]
TRANSLATED = ("ru", "tg", "prs")
LANGUAGES = ("en", *TRANSLATED)


def text_of(role: str, language: str = "en") -> str:
    # Lines are broken where they grow long; a label may go over the break.
    folder = GUIDES_OF_ROLES if language == "en" else GUIDES_OF_ROLES / language
    return re.sub(r"\s+", " ", (folder / f"{role}.md").read_text(encoding="utf-8"))


def quoted(role: str, language: str = "en") -> list[str]:
    return re.findall(r"`([^`]+)`", text_of(role, language))


def labels(role: str, language: str = "en") -> list[str]:
    return [label.rstrip(".") for label in re.findall(r"\*\*([^*]+)\*\*", text_of(role, language))]


@pytest.fixture(scope="module")
def words() -> dict[str, dict[str, set[str]]]:
    """Every text that a page can show in English, of the program and of the rulebook, with its words in each other language."""
    found: dict[str, dict[str, set[str]]] = {}
    for language in TRANSLATED:
        with open(ROOT / "locale" / language / "LC_MESSAGES" / "django.po", "rb") as catalogue:
            for message in read_po(catalogue):
                one = message.id if isinstance(message.id, tuple) else (message.id,)
                said = message.string if isinstance(message.string, tuple) else (message.string,)
                for text in one:
                    found.setdefault(str(text), {}).setdefault(language, set()).update(said)
    for versions in rulebook.current().procedures.values():
        for version in versions:
            for titles in (version.titles, *(action.titles for action in version.actions.values())):
                for language in TRANSLATED:
                    found.setdefault(titles["en"], {}).setdefault(language, set()).add(titles[language])
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_role_has_its_guide_and_nobody_else_has_one(language):
    folder = GUIDES_OF_ROLES if language == "en" else GUIDES_OF_ROLES / language
    assert {path.stem for path in folder.glob("*.md")} == set(ROLES) | {REFUGEE}


@pytest.mark.parametrize("role", EVERYBODY)
def test_every_page_that_a_guide_names_is_there_and_open_to_the_role(role):
    addresses = [one for one in quoted(role) if one.startswith("/")]
    assert addresses
    for address in addresses:
        try:
            view = resolve(address).func
        except Resolver404:
            pytest.fail(f"{role}: {address} is no page")
        if role == REFUGEE:
            assert getattr(view, "public", False), address
        elif hasattr(view, "verb"):
            assert role in get_verb(view.verb).roles, (role, address, view.verb)


@pytest.mark.parametrize("role", EVERYBODY)
def test_every_verb_that_a_guide_names_is_the_roles(role):
    for name in quoted(role):
        if re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", name):
            assert role in get_verb(name).roles, (role, name)


@pytest.mark.parametrize("role", EVERYBODY)
def test_every_label_that_a_guide_names_is_one_of_the_pages(role, words):
    if role != REFUGEE:  # there the bold words are things in the hand
        assert [label for label in labels(role) if label not in words] == []


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("role", EVERYBODY)
def test_a_guide_names_the_same_pages_acts_and_labels_in_every_language(role, language, words):
    """A label stands there as the pages write it in that language."""
    assert quoted(role, language) == quoted(role), "the same addresses and acts, in the same order"
    written, english = labels(role, language), labels(role)
    assert len(written) == len(english)
    if role != REFUGEE:
        wrong = [(a, b) for a, b in zip(english, written, strict=True) if b not in words[a].get(language, ())]
        assert wrong == []
    lines = (GUIDES_OF_ROLES / language / f"{role}.md").read_text(encoding="utf-8").splitlines()
    points = (GUIDES_OF_ROLES / f"{role}.md").read_text(encoding="utf-8").splitlines()
    for begins in ("# ", "## ", "- ", *(f"{n}. " for n in range(1, 9))):
        assert sum(one.startswith(begins) for one in lines) == sum(one.startswith(begins) for one in points), begins


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_guide_bears_the_title_that_the_country_gives_to_the_role(role):
    for language in LANGUAGES:
        assert find_guide(role, language).title == rulebook.current().country.roles[role].titles[language]


@pytest.mark.parametrize(
    "path", sorted((ROOT / "docs" / "guides").rglob("*.md")), ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_every_link_between_guides_leads_somewhere(path):
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (path.parent / target).exists(), (path.name, target)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", EVERYBODY)
def test_the_help_shows_the_guide_in_the_readers_language_and_links_only_to_pages(role, language):
    page = Client().get(f"/help/{role}", headers={"cookie": f"language={language}"}).content.decode()
    guide = find_guide(role, language)
    assert guide.language == language
    assert guide.title in page
    assert guide.html in page
    assert not re.search(r"\*\*|`|\]\(", guide.html), "nothing is left of how the file is written"
    for address in re.findall(r'href="([^"]+)"', guide.html):
        resolve(address)


def test_a_guide_in_no_language_of_the_reader_is_shown_in_english_and_says_so():
    page = Client().get("/help/about/supervision", headers={"cookie": "language=tg"}).content.decode()
    assert 'lang="en" dir="ltr"' in page
    assert Client().get("/help/about/nothing").status_code == 404
    assert Client().get("/help/nobody").status_code == 404


@pytest.mark.parametrize("topic", sorted(path.stem for path in GUIDES_OF_ROLES.parent.glob("*.md")))
def test_nothing_is_left_of_how_the_file_of_a_topic_is_written(topic):
    page = Client().get(f"/help/about/{topic}").content.decode()
    shown = find_topic(topic).html
    assert shown in page
    assert not re.search(r"\*\*|`|\]\(", shown)


def test_commands_stand_as_they_are_typed_and_a_list_goes_on_behind_them():
    assert str(to_html("1. Say:\n\n```sh\nbin/panoh <x>\n```\n\n2. Look.")) == (
        '<ol><li>Say:</li></ol>\n<pre dir="ltr"><code>bin/panoh &lt;x&gt;</code></pre>\n<ol start="2"><li>Look.</li></ol>'
    )


def test_what_stands_in_a_guide_is_text_and_never_markup_of_its_own():
    assert str(to_html("A <b>word</b> & **more** of `/check`.")) == (
        '<p>A &lt;b&gt;word&lt;/b&gt; &amp; <strong>more</strong> of <a href="/check"><bdi>/check</bdi></a>.</p>'
    )
    assert str(to_html("1. **Members** (`/members`): do it (`access.member.add`).")) == (
        '<ol><li><a href="/members"><strong>Members</strong></a>: do it.</li></ol>'
    )


def test_a_guide_that_leads_to_another_calls_it_by_its_heading():
    page = Client().get("/help/registration_clerk", headers={"cookie": "language=prs"}).content.decode()
    heading = (GUIDES_OF_ROLES.parent / "names.md").read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")
    assert f'<a href="/help/about/names"><bdi lang="en">{heading}</bdi></a>' in page
