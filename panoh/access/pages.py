"""Marks on views: which verb a page needs, or that it is public. A view without a mark is never served."""

from collections.abc import Callable
from typing import Any

View = Callable[..., Any]


def page(verb: str) -> Callable[[View], View]:
    """The view is for members whose role holds `verb`; it runs inside the actor's transaction (`access.middleware`)."""

    def mark(view: View) -> View:
        view.verb = verb  # type: ignore[attr-defined]
        return view

    return mark


def for_programs(verb: str) -> Callable[[View], View]:
    """As `page`, for the API: a token opens it as well as a session, and what is refused is told as JSON, never led elsewhere."""

    def mark(view: View) -> View:
        view.verb = verb  # type: ignore[attr-defined]
        view.for_programs = True  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """The view is open to anyone and sees nothing of the register: it runs without a context."""
    view.public = True  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """The view needs an account but no role: choosing a membership, setting up the second factor."""
    view.signed_in = True  # type: ignore[attr-defined]
    return view
