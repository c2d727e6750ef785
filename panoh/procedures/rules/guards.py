"""The guards that the rulebook may name (`rulebook.vocabulary.GUARDS`), each as one small function. Pure.

A guard either says nothing or raises the Problem that tells a person what is missing. Guards about the course of the case
are asked before the form is shown, so that nobody fills in what will be refused; guards about answers are asked with them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from panoh.kernel.problems import Problem, Problems
from panoh.procedures.rules.scores import compute_score
from panoh.procedures.rules.situation import PersonFacts, Situation
from panoh.rulebook.model import Action, CodeList, Condition, Guard, Rulebook, as_text


@dataclass(frozen=True, slots=True)
class Asked:
    """What a guard is asked about: the act, its day and member, and its answers."""

    action: Action
    occurred_on: date
    member: UUID | None
    facts: Mapping[str, Any] = field(default_factory=dict)
    persons: Mapping[UUID, Mapping[str, Any]] = field(default_factory=dict)
    book: Rulebook | None = None


def check_guards(situation: Situation, action: Action, *, member: UUID | None, occurred_on: date) -> None:
    """The guards that can be asked without a form."""
    asked = Asked(action, occurred_on, member)
    for guard in action.guards:
        if guard.name in OF_THE_COURSE:
            OF_THE_COURSE[guard.name](situation, guard, asked)


def check_answer_guards(situation: Situation, asked: Asked) -> None:
    """The guards about answers, all of them, so that a form shows everything at once."""
    problems: list[Problem] = []
    for guard in asked.action.guards:
        if guard.name in OF_THE_ANSWERS:
            try:
                OF_THE_ANSWERS[guard.name](situation, guard, asked)
            except Problem as problem:
                problems.append(problem)
    if problems:
        raise Problems(problems)


# -- the course of the case ------------------------------------------------------------------------------------------


def _done_before(situation: Situation, guard: Guard, asked: Asked) -> None:
    wanted = guard.params["action"]
    if guard.params.get("on") not in (None, situation.track):
        return
    done = situation.last(wanted)
    if done is None:
        raise Problem("procedures.guard.not_yet_done", needed=wanted, action=asked.action.code)
    first = min(act.occurred_on for act in situation.acts if act.action == wanted)
    if asked.occurred_on < first:
        raise Problem(
            "procedures.step.before_the_preceding", field="occurred_on", on=asked.occurred_on, preceding=first
        )


def _not_done(situation: Situation, guard: Guard, asked: Asked) -> None:
    if situation.last(guard.params["action"]) is not None:
        raise Problem("procedures.guard.already_done", done=guard.params["action"], action=asked.action.code)


def _not_earlier_than(situation: Situation, guard: Guard, asked: Asked) -> None:
    before = situation.last(guard.params["action"])
    if before is not None and asked.occurred_on < before.occurred_on:
        raise Problem(
            "procedures.step.before_the_preceding",
            field="occurred_on",
            on=asked.occurred_on,
            preceding=before.occurred_on,
        )


def _other_member_than(situation: Situation, guard: Guard, asked: Asked) -> None:
    before = situation.last(guard.params["action"])
    if before is not None and asked.member is not None and before.member == asked.member:
        raise Problem("procedures.step.second_person_needed", first=guard.params["action"], action=asked.action.code)


def _no_open_case(situation: Situation, guard: Guard, asked: Asked) -> None:
    if (guard.params["procedure"], situation.track) in situation.open_elsewhere:
        raise Problem("procedures.guard.open_case", procedure=guard.params["procedure"])


def _paper_issued(situation: Situation, guard: Guard, asked: Asked) -> None:
    if guard.params["kind"] not in situation.papers:
        raise Problem("procedures.guard.no_paper", kind=guard.params["kind"], action=asked.action.code)


def _clock_passed(situation: Situation, guard: Guard, asked: Asked) -> None:
    clock = guard.params["clock"]
    ends = situation.clock_ends.get(clock)
    if ends is None or asked.occurred_on <= ends:
        raise Problem("procedures.guard.clock_runs", clock=clock, until=ends, action=asked.action.code)


def _in_time(situation: Situation, guard: Guard, asked: Asked) -> None:
    for clock in guard.params["clocks"]:
        ends = situation.clock_ends.get(clock)
        if ends is not None and asked.occurred_on > ends:
            raise Problem(
                "procedures.guard.out_of_time", field="occurred_on", clock=clock, until=ends, action=asked.action.code
            )


def _out_of_time(situation: Situation, guard: Guard, asked: Asked) -> None:
    if situation.state_definition.is_final:
        return
    ends = [end for clock in guard.params["clocks"] if (end := situation.clock_ends.get(clock))]
    if not any(asked.occurred_on > end for end in ends):
        until = max(ends, default=None)
        clock = guard.params["clocks"][0]
        raise Problem("procedures.guard.still_in_time", clock=clock, until=until, action=asked.action.code)


def _decided_by_another(situation: Situation, guard: Guard, asked: Asked) -> None:
    if asked.member is not None and asked.member in decided_before(situation, guard.params["actions"]):
        raise Problem("procedures.guard.decided_first", action=asked.action.code)


def decided_before(situation: Situation, actions: Collection[str]) -> frozenset[UUID]:
    """Who took one of these acts in this case or voted on it: they do not decide on it again."""
    took = {act.member for act in situation.acts if act.action in actions}
    return frozenset(took.union(*(situation.voters.get(code, frozenset()) for code in actions)))


def _minimum_age(situation: Situation, guard: Guard, asked: Asked) -> None:
    # Whether someone is too young is only said where the whole interval of his birth date says it.
    if asked.book is None:
        return
    years = asked.book.value(guard.params["value"], asked.occurred_on).number
    for person in situation.persons:
        if person.birth.age_on(asked.occurred_on)[1] < years:
            raise Problem("procedures.guard.too_young", years=years, action=asked.action.code)


def _answered_before(situation: Situation, guard: Guard, asked: Asked) -> None:
    act = situation.last(guard.params["action"])
    if act is None:
        raise Problem("procedures.guard.not_yet_done", needed=guard.params["action"], action=asked.action.code)
    if as_text(act.facts.get(guard.params["field"])) not in guard.params["values"]:
        raise Problem(
            "procedures.guard.answered_otherwise",
            needed=guard.params["action"],
            asked=guard.params["field"],
            action=asked.action.code,
        )


def _no_stop(situation: Situation, guard: Guard, asked: Asked) -> None:
    standing = {kind: since for kind, since in situation.stops.items() if kind in guard.params["kinds"]}
    if not standing:
        return
    weighed = situation.last(guard.params["unless_done"]) if guard.params.get("unless_done") else None
    if weighed is None or weighed.occurred_on < max(standing.values()):
        raise Problem("procedures.guard.stopped", kinds=", ".join(sorted(standing)), action=asked.action.code)


# -- the answers -----------------------------------------------------------------------------------------------------


def _concerned(situation: Situation, guard: Guard, asked: Asked) -> Iterator[tuple[PersonFacts, Mapping[str, Any]]]:
    when: Condition | None = guard.params.get("when")
    for person in situation.persons:
        about = situation.about(person, asked.persons)
        if when is None or when.holds(about):
            yield person, about


def _codes_given(about: Mapping[str, Any], name: str) -> tuple[str, ...]:
    given = about.get(name)
    if not given:
        return ()
    return tuple(given) if isinstance(given, list | tuple | set | frozenset) else (given,)


def _attribute(guard: Guard, asked: Asked, code: str) -> str | None:
    name = asked.action.field(guard.params["field"]).code_list
    if asked.book is None or name is None:
        return None
    codes: CodeList = asked.book.codes[name]
    return codes[code].attributes.get(guard.params["attribute"]) if code in codes else None


def _needs_code_of_kind(situation: Situation, guard: Guard, asked: Asked) -> None:
    problems = []
    for person, about in _concerned(situation, guard, asked):
        given = _codes_given(about, guard.params["field"])
        if not any(_attribute(guard, asked, code) == guard.params["value"] for code in given):
            problems.append(
                Problem(
                    "procedures.guard.code_missing",
                    field=person_field(person.position, guard.params["field"]),
                    kind=guard.params["value"],
                )
            )
    if problems:
        raise Problems(problems)


def _only_codes_of_kind(situation: Situation, guard: Guard, asked: Asked) -> None:
    allowed = frozenset(guard.params["values"])
    problems = []
    for person, about in _concerned(situation, guard, asked):
        for code in _codes_given(about, guard.params["field"]):
            if _attribute(guard, asked, code) not in allowed:
                problems.append(
                    Problem(
                        "procedures.guard.code_out_of_place",
                        field=person_field(person.position, guard.params["field"]),
                        code_given=code,
                    )
                )
    if problems:
        raise Problems(problems)


def _some_person_has(situation: Situation, guard: Guard, asked: Asked) -> None:
    concerned = list(_concerned(situation, guard, asked))
    if not concerned or (guard.params.get("when") is None and not situation.persons):
        return
    wanted = frozenset(guard.params["values"])
    for person in situation.persons:
        if as_text(situation.about(person, asked.persons).get(guard.params["field"])) in wanted:
            return
    raise Problem(
        "procedures.guard.nobody_has",
        field=person_field(concerned[0][0].position, guard.params["field"]),
        wanted=", ".join(sorted(wanted)),
    )


def _needs_answer(_situation: Situation, guard: Guard, asked: Asked) -> None:
    when: Condition | None = guard.params.get("when")
    if when is not None and not when.holds(asked.facts):
        return
    if asked.facts.get(guard.params["field"]) in (None, "", []):
        raise Problem("procedures.answer.missing", field=guard.params["field"])


def _must_be(_situation: Situation, guard: Guard, asked: Asked) -> None:
    when: Condition | None = guard.params.get("when")
    if when is not None and not when.holds(asked.facts):
        return
    name = guard.params["field"]
    if as_text(asked.facts.get(name)) not in guard.params["values"]:
        raise Problem("procedures.guard.must_be", field=name, action=asked.action.code)


def _score_possible(situation: Situation, guard: Guard, asked: Asked) -> None:
    score = situation.procedure.scores[guard.params["score"]]
    fields = {one.name: one for one in asked.action.form}
    lacking = [part for part in compute_score(score, asked.facts, fields).parts if part.value is None]
    if lacking:
        missing = sum(part.missing for part in lacking)
        raise Problem("procedures.guard.too_many_missing", missing=missing, percent=score.most_missing)


def person_field(position: int, name: str) -> str:
    """How the form names a field of the n-th person; problems about a person's answer point at it."""
    return f"person-{position}-{name}"


Check = Callable[[Situation, Guard, Asked], None]

OF_THE_COURSE: dict[str, Check] = {
    "done_before": _done_before,
    "not_done": _not_done,
    "not_earlier_than": _not_earlier_than,
    "other_member_than": _other_member_than,
    "paper_issued": _paper_issued,
    "no_open_case": _no_open_case,
    "clock_passed": _clock_passed,
    "out_of_time": _out_of_time,
    "decided_by_another": _decided_by_another,
    "answered_before": _answered_before,
    "no_stop": _no_stop,
}

OF_THE_ANSWERS: dict[str, Check] = {
    "in_time": _in_time,
    "minimum_age": _minimum_age,
    "needs_code_of_kind": _needs_code_of_kind,
    "only_codes_of_kind": _only_codes_of_kind,
    "some_person_has": _some_person_has,
    "needs_answer": _needs_answer,
    "must_be": _must_be,
    "score_possible": _score_possible,
}
