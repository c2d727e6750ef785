"""A family is registered with the keyboard alone, in a browser without script: Tab, Space, arrows, Return."""

from __future__ import annotations

import pytest

from panoh.access.context import acting_as_system
from panoh.registry.models import Person
from tests.registry.test_register_page import FATHER, MOTHER
from tests.signing_in import client_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases="__all__")]

FURTHEST = 150


def tab_to(page, name: str, value: str = "") -> None:
    """Press Tab until the field of this name has the focus: what cannot be reached so, nobody without a mouse reaches."""
    for _press in range(FURTHEST):
        focused = page.locator(":focus")
        if focused.count() and focused.get_attribute("name") == name and value in ("", focused.get_attribute("value")):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab leads never to {name}")


def tell(page, place: str, told: dict[str, str], sex: str) -> None:
    for name in ("given", "father"):
        tab_to(page, place + name)
        page.keyboard.type(told[name])
    if told["relationship"] != "PA":
        tab_to(page, f"{place}relationship")
        page.keyboard.type("Wife")
    tab_to(page, f"{place}sex")
    page.keyboard.press("Space")  # the first of them: male
    for _press in range(("M", "F").index(sex)):
        page.keyboard.press("ArrowDown")
    tab_to(page, f"{place}birth_year")
    page.keyboard.type(told["birth_year"])


def test_two_persons_are_registered_without_mouse_and_script(committed_world, visit) -> None:
    session = client_of(committed_world.members["registration_clerk"]).cookies["sessionid"].value
    page = visit("/households/register", language="en", cookies={"sessionid": session}, script=False)
    tell(page, "persons.0.", FATHER, "M")
    tab_to(page, "add")
    page.keyboard.press("Enter")
    page.locator('[name="persons.1.given"]').wait_for()
    tell(page, "persons.1.", MOTHER, "F")
    page.keyboard.press("Enter")
    page.locator(".receipt .qr img").wait_for()
    with acting_as_system("reading in a test"):
        told = [(one.relationship, one.sex, one.birth.parts().year) for one in Person.objects.order_by("id")]
    assert told == [("PA", "M", 1361), ("WIF", "F", 1365)]
