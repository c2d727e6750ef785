"""A form of the register's pages as a browser without script sends it: untouched, or pressed again."""

from __future__ import annotations

from typing import Any

from django.test import Client

from tests.hostile.site import read_page


def pressed(answer: Any) -> dict[str, str]:
    """What the page's own form would send as it stands in this answer."""
    forms = read_page("", answer.content.decode()).forms
    return dict(next(form for form in forms if form.method == "post" and not form.action).sent())


def form_of(client: Client, address: str) -> dict[str, str]:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return pressed(answer)
