"""What goes over the wire: the first page with all its assets at most 100 KB, later pages at most 30 KB."""

import gzip
import re

import pytest
from django.contrib.staticfiles import finders

from tests.signing_in import client_of
from tests.web.test_statements import make_story

FIRST_PAGE = 100 * 1024
LATER_PAGE = 30 * 1024

#: The scripts that a page of each language shows; what `unicode-range` in panoh.css makes a browser fetch for it.
FONTS = {
    "en": ["noto-latin", "labels-cyrillic", "labels-arabic"],
    "ru": ["noto-latin", "noto-cyrillic", "labels-cyrillic", "labels-arabic"],
    "tg": ["noto-latin", "noto-cyrillic", "noto-tajik", "labels-cyrillic", "labels-arabic"],
    "prs": ["noto-latin", "vazirmatn-arabic", "labels-cyrillic", "labels-arabic"],
}


def weight_of_static(name: str) -> int:
    found = finders.find(name)
    assert found is not None, name
    with open(found, "rb") as file:
        body = file.read()
    return len(body) if name.endswith(".woff2") else len(gzip.compress(body, 9))


def weight_of_page(client, path: str) -> tuple[int, set[str]]:
    answer = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert answer.headers["Content-Encoding"] == "gzip"
    html = gzip.decompress(answer.content).decode()
    return len(answer.content), set(re.findall(r'(?:src|href)="/static/([^"]+\.(?:css|js|svg))"', html))


@pytest.mark.parametrize("path", ["/", "/account/login/", "/look", "/help"])
@pytest.mark.parametrize("language", list(FONTS))
def test_the_first_page_is_light(client, path, language):
    client.cookies["language"] = language
    page, assets = weight_of_page(client, path)
    fonts = sum(weight_of_static(f"web/fonts/{font}.woff2") for font in FONTS[language])
    whole = page + sum(weight_of_static(asset) for asset in assets) + fonts
    assert {"web/panoh.css", "web/htmx-2.0.11.min.js"} <= assets
    assert whole <= FIRST_PAGE


@pytest.mark.parametrize("language", list(FONTS))
def test_a_later_page_is_lighter(client, language):
    client.cookies["language"] = language
    assert weight_of_page(client, "/look")[0] <= LATER_PAGE


@pytest.mark.django_db(databases="__all__")
def test_pages_of_a_large_file_with_a_long_history_are_light(world):
    """Twelve persons with papers and needs, a case of seventeen acts before the commission: pages of every kind of reader."""
    story = make_story(world, 12, rich=True)
    case, household = f"/cases/{story.case.number}", f"/households/{story.household.number}"
    pages = {
        "protection_officer": [
            case,
            household,
            f"/persons/{story.persons[0].number}",
            "/search?q=Ahmadi",
        ],
        "eligibility_officer": ["/work", case],
        "registration_clerk": ["/households/register", f"/households/{story.household.number}/print"],
        "commission_secretary": ["/sittings", f"/sittings/{story.sitting.number}"],
        "register_officer": ["/statistics", "/duplicates"],
    }
    heavy = {}
    for role, addresses in pages.items():
        client = client_of(world.members[role])
        for language in ("en", "prs"):
            client.cookies["language"] = language
            for address in addresses:
                page, assets = weight_of_page(client, address)
                fonts = sum(weight_of_static(f"web/fonts/{font}.woff2") for font in FONTS[language])
                first = page + sum(weight_of_static(asset) for asset in assets) + fonts
                if page > LATER_PAGE or first > FIRST_PAGE:
                    heavy[role, language, address] = (page, first)
    assert heavy == {}
