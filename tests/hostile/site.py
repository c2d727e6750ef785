"""The site as somebody without JavaScript meets it: addresses found by following links, and the forms on the pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.test import Client
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

MOST_TRIES = 3  # of addresses of one kind, until one opens
KEPT_APART = ("slug", "event", "action", "act", "kind", "track", "field", "code", "extension")  # words, not numbers
TEXT_TYPES = ("text", "search", "email", "tel", "url", "number", "date", "hidden", "password", "")


@dataclass
class Field:
    name: str
    kind: str
    value: str = ""
    options: list[str] = field(default_factory=list)
    checked: bool = False


@dataclass
class Form:
    """A form as it stands on a page, with what a browser would send if nobody touched it."""

    page: str
    action: str
    method: str
    upload: bool
    fields: list[Field] = field(default_factory=list)

    def sent(self) -> list[tuple[str, str]]:
        pairs = []
        for one in self.fields:
            if one.kind in ("checkbox", "radio"):
                pairs += [(one.name, one.value or "on")] if one.checked else []
            elif one.kind == "select":
                pairs.append((one.name, one.value or (one.options[0] if one.options else "")))
            elif one.kind not in ("submit", "button", "file"):
                pairs.append((one.name, one.value))
        return pairs

    def names(self) -> list[str]:
        return list(dict.fromkeys(one.name for one in self.fields if one.name and one.name != "csrfmiddlewaretoken"))

    def files(self) -> list[str]:
        return [one.name for one in self.fields if one.kind == "file"]

    def shape(self) -> tuple[Any, ...]:
        """What tells this form from another: where it goes and what it asks, not which file it is about."""
        return (*place_of(self.action), self.method, tuple(sorted(set(self.names()))))


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.forms, self.links = page, [], []
        self._form: Form | None = None
        self._by_id: dict[str, Form] = {}
        self._select: Field | None = None
        self._area: Field | None = None
        self.language = ""
        self.errors: list[str] = []
        self._depth = self._error_at = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = has.get("lang", "")
        if tag == "a" and has.get("href"):
            self.links.append(urljoin(self.page, has["href"]).split("#")[0])
        for name in ("src", "data"):
            if tag in ("img", "iframe", "object") and has.get(name):
                self.links.append(urljoin(self.page, has[name]))
        if tag == "form":
            action = urljoin(self.page, has["action"]) if has.get("action") else self.page
            upload = "multipart" in has.get("enctype", "")
            self._form = Form(self.page, action, has.get("method", "get").lower(), upload)
            self.forms.append(self._form)
            if has.get("id"):
                self._by_id[has["id"]] = self._form
        form = self._by_id.get(has.get("form", ""), self._form)
        if form is None:
            return
        if tag == "input":
            kind = has.get("type", "text")
            form.fields.append(Field(has.get("name", ""), kind, has.get("value", ""), checked="checked" in has))
        elif tag == "button" and has.get("name"):
            form.fields.append(Field(has["name"], "submit", has.get("value", "")))
        elif tag == "select":
            self._select = Field(has.get("name", ""), "select")
            form.fields.append(self._select)
        elif tag == "option" and self._select is not None:
            self._select.options.append(has.get("value", ""))
            if "selected" in has:
                self._select.value = has.get("value", "")
        elif tag == "textarea":
            self._area = Field(has.get("name", ""), "textarea")
            form.fields.append(self._area)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea" and self._area is not None:
            self._area.value = self._area.value.removeprefix("\n")
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.value += data


def read_page(address: str, text: str) -> _Reader:
    reader = _Reader(address)
    reader.feed(text)
    reader.close()
    return reader


def place_of(address: str) -> tuple[Any, ...]:
    """The pattern behind an address, with the words in it that choose what is done; None where nothing answers there."""
    try:
        found = resolve(urlsplit(address).path)
    except Resolver404:
        return ("",)
    return (found.view_name, *(f"{k}={v}" for k, v in sorted(found.kwargs.items()) if k in KEPT_APART))


def is_html(answer: Any) -> bool:
    return answer.headers.get("Content-Type", "").startswith("text/html")


@dataclass
class Explored:
    """What one member can reach: one address for each place, and each form once."""

    addresses: dict[tuple[Any, ...], str] = field(default_factory=dict)
    opened: set[tuple[Any, ...]] = field(default_factory=set)
    forms: dict[tuple[Any, ...], Form] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def explore(client: Client, starts: Iterable[str]) -> Explored:
    """Open every start, and follow every link once for each place. Forms that are sent with GET are opened as they stand."""
    found, waiting, tried = Explored(), list(starts), Counter()
    wanted = set(waiting)
    while waiting:
        address = waiting.pop(0)
        place = place_of(address)
        known = place in found.opened or tried[place] >= MOST_TRIES
        if place == ("",) or leaves(address) or (known and address not in wanted):
            continue
        wanted.discard(address)
        tried[place] += 1
        found.addresses[place] = address
        answer = client.get(address)
        if answer.status_code >= 500:
            found.faults.append(f"GET {address}: {answer.status_code}")
        if answer.status_code in (301, 302):
            waiting.append(urljoin(address, answer["Location"]))
        if answer.status_code != 200:
            continue
        found.opened.add(place)
        if not is_html(answer):
            continue
        page = read_page(address, answer.content.decode())
        for form in page.forms:
            found.forms.setdefault(form.shape(), form)
            if form.method == "get":
                waiting.append(form.action)
        waiting += page.links
    return found


def leaves(address: str) -> bool:
    """Somebody else's site, or the way out of the session."""
    parts = urlsplit(address)
    return (
        bool(parts.netloc and parts.netloc != "testserver")
        or "logout" in parts.path
        or parts.scheme in ("mailto", "tel")
    )


def patterns(resolver: URLResolver | None = None, prefix: str = "/") -> Iterator[tuple[str, URLPattern]]:
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern
