"""Every page × every role × every method: what the policy table says is what the site does, and nothing is a fault.

The pages are found from the URL patterns, so a page that somebody adds tomorrow is swept the same day.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from panoh.access.roles import ROLES
from panoh.access.verbs import get_verb, list_verbs
from tests.signing_in import client_of

# Statistics reads through a connection of its own; it finds nothing here, which is what these tests need.
pytestmark = pytest.mark.django_db(databases=["default", "reader"])

# Values for the parameters of addresses: of the right form, but naming nothing that exists.
VALUES = {
    "uuid": "01890000-0000-7000-8000-000000000000",
    "int": "1",
    "slug": "nothing",
    "str": "nothing",
    "path": "nothing",
}
# Pages of the site's own that the demo alone serves; `tests/demo` tests them there.
DEMO_ONLY = ("panoh.demo.",)
METHODS = ("get", "post", "head", "options", "put", "patch", "delete")
SWEPT_WITH_ALL = ("register_officer", "auditor")  # for the other roles reading and writing tell the same story


def all_pages(resolver: URLResolver | None = None, prefix: str = "/") -> Iterator[tuple[str, object]]:
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from all_pages(pattern, route)
        elif isinstance(pattern, URLPattern):
            address = route
            for name, converter in pattern.pattern.converters.items():
                kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
                for spelling in (f"<{kind}:{name}>", f"<{name}>"):
                    address = address.replace(spelling, VALUES[kind])
            yield address, pattern.callback


OURS = [(address, view) for address, view in all_pages() if view.__module__.startswith("panoh.")]
GUARDED = [(address, view) for address, view in OURS if hasattr(view, "verb")]


def test_every_page_says_who_may_open_it() -> None:
    unmarked = [
        f"{view.__module__}.{view.__name__}"
        for _address, view in OURS
        if not (hasattr(view, "verb") or getattr(view, "public", False) or getattr(view, "signed_in", False))
    ]
    assert not unmarked
    assert len(GUARDED) > 30


def test_every_verb_of_a_page_is_declared() -> None:
    for _address, view in GUARDED:
        assert get_verb(view.verb).roles <= set(ROLES)


def test_strangers_are_sent_to_sign_in(client, db) -> None:
    for address, view in GUARDED:
        for method in METHODS:
            answer = getattr(client, method)(address)
            # A program is told, a person led to the page; a form comes back with what was typed (tests/web/test_kept_forms.py).
            kept = method == "post" and hasattr(view, "verb")
            led = 401 if kept or getattr(view, "for_programs", False) else 302
            assert answer.status_code in (led, 405), f"{method} {address} gave a stranger {answer.status_code}"
            if answer.status_code == 302:
                assert "/account/login" in answer["Location"], address


def test_without_the_second_factor_no_page_opens(world) -> None:
    assert settings.PANOH_SECOND_FACTOR
    client = client_of(world.members["register_officer"], second_factor=False)
    for address, view in GUARDED:
        answer = client.get(address)
        if getattr(view, "for_programs", False):
            assert answer.status_code == 403 and answer.json()["code"] == "access.account.no_second_factor", address
        else:
            assert answer.status_code == 302 and "2fa" in answer["Location"], address


@pytest.mark.parametrize("role", sorted(ROLES))
def test_each_role_opens_what_the_policy_says(world, role: str) -> None:
    client = client_of(world.members[role])
    wrong = []
    for address, view in GUARDED:
        holds = role in get_verb(view.verb).roles
        for method in METHODS if role in SWEPT_WITH_ALL else ("get", "post"):
            status = getattr(client, method)(address).status_code
            # Without the verb always refused; with it anything but a refusal for lack of it, and never a fault.
            fits = status < 500 and ((status == 403) is not holds)
            if not fits:
                wrong.append(f"{method} {address} ({view.verb}): {status}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "nonsense", ["%00", "%F0%9F%98%80", "..%2f..%2fetc", "' OR 1=1 --", "<script>", "%D9%85" * 2000, "-1"]
)
def test_nonsense_in_addresses_is_no_fault(world, nonsense: str) -> None:
    client = client_of(world.members["register_officer"])
    for address, view in GUARDED:
        if "register_officer" not in get_verb(view.verb).roles:
            continue
        for value in ("nothing", VALUES["uuid"]):
            if value in address:
                assert client.get(address.replace(value, nonsense)).status_code < 500, address
        assert (
            client.get(
                f"{address}?q={nonsense}&after={nonsense}&before={nonsense}&year={nonsense}&page={nonsense}"
            ).status_code
            < 500
        )
        assert client.post(address, {"q": nonsense, "verdict": nonsense, "base": nonsense}).status_code < 500, address


def test_the_policy_table_is_written_down() -> None:
    """docs/policy.txt is the policy as a readable file: a change of who may do what shows in review as a diff."""
    from panoh.access.commands import policy_table
    from panoh.project.installation import ROOT

    assert (ROOT / "docs" / "policy.txt").read_text() == policy_table(), (
        "run: bin/panoh access policy > docs/policy.txt"
    )
    assert len(list_verbs()) > 50
