"""Refusals that a person can understand: one exception, one catalogue of texts.

Every refusal in Panoh is a `Problem` with a stable code. The texts stand apart, in the `problems.py` of each room, because a
rule must not know languages; the edge (`panoh.web`) looks the code up here and shows what happened, why, and what to do next.

This module knows no framework: a text is any object whose `str()` is the text in the reader's language at that moment
(gettext_lazy outside, plain strings in tests).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ProblemText:
    """One row of a catalogue: the HTTP status and the three sentences a person reads, with `%(name)s` for params."""

    status: int
    happened: Any
    why: Any
    next: Any


@dataclass(frozen=True, slots=True)
class RenderedProblem:
    """A problem with its texts filled in, ready to be shown; `field` is the form field it belongs to, if any."""

    code: str
    field: str | None
    status: int
    happened: str
    why: str
    next: str


class Problem(Exception):
    """A refusal: what was asked cannot be done, and `code` says which rule stands against it.

    Params are values for the texts and for tests; they must be safe to show to whoever is refused.
    """

    def __init__(self, code: str, /, *, field: str | None = None, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.params: dict[str, Any] = params

    def each(self) -> tuple[Problem, ...]:
        """The single problems that this refusal consists of."""
        return (self,)

    def on_field(self, field: str) -> Problem:
        """The same problem, said of a named form field: a pure rule does not know what the form calls its value."""
        return Problem(self.code, field=field, **self.params)

    def __str__(self) -> str:
        at = f" ({self.field})" if self.field else ""
        params = ", ".join(f"{name}={value!r}" for name, value in sorted(self.params.items()))
        return f"{self.code}{at}{': ' + params if params else ''}"

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (self.code, self.field, self.params)


class Problems(Problem):
    """Several refusals at once, so that a form can show all its errors instead of one after the other.

    Code, field and params are those of the first; `each()` gives them all.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(single for problem in problems for single in problem.each())
        if not self.problems:
            raise ValueError("Problems needs at least one problem")
        first = self.problems[0]
        super().__init__(first.code, field=first.field, **first.params)

    def each(self) -> tuple[Problem, ...]:
        return self.problems

    def __str__(self) -> str:
        return "; ".join(str(problem) for problem in self.problems)

    def __reduce__(self) -> tuple[Any, ...]:
        return Problems, (self.problems,)


def _rebuild(code: str, field: str | None, params: dict[str, Any]) -> Problem:
    return Problem(code, field=field, **params)


class UnknownProblem(LookupError):
    """A code without a text: a fault of the program, found by the metatest that compares codes with the catalogue."""


_catalogue: dict[str, ProblemText] = {}


def register(catalogue: Mapping[str, ProblemText]) -> None:
    """Adds a room's texts. The same row twice is harmless; two different texts for one code are a fault of the program."""
    for code, text in catalogue.items():
        known = _catalogue.get(code)
        if known is not None and known is not text and known != text:
            raise ValueError(f"the problem {code!r} is described twice")
    _catalogue.update(catalogue)


def catalogue() -> dict[str, ProblemText]:
    """All registered texts, for the page of problems and for the metatest."""
    return dict(_catalogue)


def find_text(code: str) -> ProblemText | None:
    return _catalogue.get(code)


def render(problem: Problem) -> tuple[RenderedProblem, ...]:
    """The texts of a refusal in the reader's language, one for each single problem."""
    return tuple(_render_one(single) for single in problem.each())


def _render_one(problem: Problem) -> RenderedProblem:
    text = _catalogue.get(problem.code)
    if text is None:
        raise UnknownProblem(f"the problem {problem.code!r} stands in no catalogue")
    return RenderedProblem(
        code=problem.code,
        field=problem.field,
        status=text.status,
        happened=str(text.happened) % problem.params,
        why=str(text.why) % problem.params,
        next=str(text.next) % problem.params,
    )
