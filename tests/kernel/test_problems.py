"""Refusals: one exception, stable codes, texts from a catalogue of lazy texts."""

import pickle

import pytest

from panoh.kernel import problems
from panoh.kernel.problems import Problem, Problems, ProblemText


@pytest.fixture
def catalogue(monkeypatch):
    monkeypatch.setattr(problems, "_catalogue", {})


class Lazy:
    """A text that is only known when somebody reads it, like gettext_lazy's."""

    language = "en"

    def __str__(self):
        return {"en": "%(name)s cannot be used.", "ru": "%(name)s нельзя использовать."}[Lazy.language]


def text(happened="It happened."):
    return ProblemText(422, happened, "Because.", "Do this.")


def test_render_fills_the_texts_in_the_language_of_the_moment(catalogue, monkeypatch):
    problems.register({"room.thing.reason": text(Lazy())})
    refusal = Problem("room.thing.reason", field="given", name="Наим")
    (shown,) = problems.render(refusal)
    assert (shown.happened, shown.status, shown.field) == ("Наим cannot be used.", 422, "given")
    monkeypatch.setattr(Lazy, "language", "ru")
    assert problems.render(refusal)[0].happened == "Наим нельзя использовать."


def test_render_shows_each_of_several(catalogue):
    problems.register({"a.b.c": text("First."), "a.b.d": text("Second.")})
    refusal = Problems([Problem("a.b.c"), Problems([Problem("a.b.d"), Problem("a.b.c", field="x")])])
    assert [shown.happened for shown in problems.render(refusal)] == ["First.", "Second.", "First."]
    assert [single.field for single in refusal.each()] == [None, None, "x"]


def test_render_refuses_a_code_without_text(catalogue):
    with pytest.raises(problems.UnknownProblem, match=r"room\.thing\.reason"):
        problems.render(Problem("room.thing.reason"))


def test_register_refuses_two_texts_for_one_code(catalogue):
    problems.register({"a.b.c": text("First.")})
    problems.register({"a.b.c": text("First.")})
    with pytest.raises(ValueError, match=r"a\.b\.c"):
        problems.register({"a.b.c": text("Other.")})
    assert str(problems.find_text("a.b.c").happened) == "First."


def test_problems_is_caught_as_a_problem_and_needs_one():
    with pytest.raises(Problem) as caught:
        raise Problems([Problem("a.b.c", field="x", n=1), Problem("a.b.d")])
    assert (caught.value.code, caught.value.field, caught.value.params) == ("a.b.c", "x", {"n": 1})
    with pytest.raises(ValueError, match="at least one"):
        Problems([])


def test_on_field_names_the_field_of_the_form():
    problem = Problem("a.b.c", n=1).on_field("birth")
    assert (problem.code, problem.field, problem.params) == ("a.b.c", "birth", {"n": 1})


@pytest.mark.parametrize("problem", [Problem("a.b.c", field="x", n=1), Problems([Problem("a.b.c"), Problem("a.b.d")])])
def test_a_problem_travels_between_processes(problem):
    copy = pickle.loads(pickle.dumps(problem))  # noqa: S301 - our own object
    assert str(copy) == str(problem)
    assert [single.code for single in copy.each()] == [single.code for single in problem.each()]
