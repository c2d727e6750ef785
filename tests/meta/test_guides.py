"""The guides tell the truth: every page, act and label that they name exists, and is the reader's to use."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.urls import Resolver404, resolve

from panoh import rulebook
from panoh.access.roles import ROLES
from panoh.access.verbs import get_verb
from panoh.web.guides import GUIDES

ROOT = Path(__file__).resolve().parents[2]
GUIDES_OF_ROLES = ROOT / "docs" / "guides" / "roles"
REFUGEE = "refugee"


def text_of(role: str) -> str:
    # Lines are broken where they grow long; a label may go over the break.
    return re.sub(r"\s+", " ", (GUIDES_OF_ROLES / f"{role}.md").read_text(encoding="utf-8"))


def quoted(role: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text_of(role))


@pytest.fixture(scope="module")
def words() -> set[str]:
    """Every text that a page can show in English: of the program, and of the rulebook."""
    with open(ROOT / "locale" / "ru" / "LC_MESSAGES" / "django.po", "rb") as catalogue:
        found = {
            str(one)
            for message in read_po(catalogue)
            for one in (message.id if isinstance(message.id, tuple) else [message.id])
        }
    for versions in rulebook.current().procedures.values():
        for version in versions:
            found |= {version.titles["en"], *(action.titles["en"] for action in version.actions.values())}
    return found


def test_every_role_has_its_guide_and_nobody_else_has_one():
    assert {path.stem for path in GUIDES_OF_ROLES.glob("*.md")} == set(ROLES) | {REFUGEE}


@pytest.mark.parametrize("role", [*sorted(ROLES), REFUGEE])
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


@pytest.mark.parametrize("role", [*sorted(ROLES), REFUGEE])
def test_every_verb_that_a_guide_names_is_the_roles(role):
    for name in quoted(role):
        if re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", name):
            assert role in get_verb(name).roles, (role, name)


@pytest.mark.parametrize("role", [*sorted(ROLES), REFUGEE])
def test_every_label_that_a_guide_names_is_one_of_the_pages(role, words):
    numbered = re.compile(r"\*\*([^*]+)\*\*")
    labels = [label.rstrip(".") for label in numbered.findall(text_of(role))]
    if role != REFUGEE:  # there the bold words are things in the hand
        assert [label for label in labels if label not in words] == []


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "guides").rglob("*.md")), ids=lambda path: path.stem)
def test_every_link_between_guides_leads_somewhere(path):
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (path.parent / target).exists(), (path.name, target)


@pytest.mark.parametrize("role", sorted(ROLES))
def test_the_help_of_a_role_links_only_to_pages_that_it_may_open(role):
    from django.urls import reverse

    assert GUIDES[role].pages
    for name in GUIDES[role].pages:
        view = resolve(reverse(name)).func
        assert role in get_verb(view.verb).roles, (role, name)
