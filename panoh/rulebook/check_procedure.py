"""Checks a procedure as a whole: nobody may get stuck in it, and every clock can run.

A state that no act leads out of is a family that waits for ever; it is found when the rulebook is loaded, on every track.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from panoh.rulebook.faults import did_you_mean
from panoh.rulebook.procedure import Action, Guard, Procedure
from panoh.rulebook.transition import MOVE, MOVED
from panoh.rulebook.yaml_source import Item


def check_procedure(procedure: Procedure, root: Item) -> None:
    places = {
        part: {item.name: item for item in root.entries(part)}
        for part in ("tracks", "states", "actions", "clocks", "sittings")
    }
    _check_states(procedure, places["states"], root)
    _check_openings(procedure, places["tracks"])
    _check_paths(procedure, places["states"])
    _check_actions(procedure, places["actions"])
    _check_clocks(procedure, places["clocks"])
    _check_sittings(procedure, places["sittings"])
    _check_outcome_fields(procedure, root)
    _check_told_by(procedure, root)


def _check_states(procedure: Procedure, states: dict[str, Item], root: Item) -> None:
    initial = [state.code for state in procedure.states.values() if state.kind == "initial"]
    if len(initial) != 1:
        root.fault(
            f"a procedure has exactly one initial state, here: {', '.join(initial) or 'none'}",
            "give one state `kind: initial`",
        )
    if not any(state.is_final for state in procedure.states.values()):
        root.fault("no state is final: no case could ever be closed", "give a state `kind: final`")


def _check_openings(procedure: Procedure, tracks: dict[str, Item]) -> None:
    for track in procedure.tracks.values():
        opening = procedure.actions.get(track.opens_with)
        if opening is None:
            continue
        if procedure.subject_of(track.code) == "none":
            _check_names_nobody(procedure, track.code, tracks[track.code])
        if not any(
            procedure.states[code].kind == "initial" for code in opening.from_states if code in procedure.states
        ):
            tracks[track.code].fault(
                f"{opening.code!r} opens the track {track.code!r} but does not start from the initial state"
            )
        if track.code not in opening.tracks:
            tracks[track.code].fault(f"{opening.code!r} opens the track {track.code!r} but does not belong to it")


def _check_names_nobody(procedure: Procedure, track: str, item: Item) -> None:
    """A case about nobody has no person whose answer could lead it on, and nobody whose group could change."""
    for action in procedure.actions.values():
        if track not in action.tracks:
            continue
        if action.to_by and action.to_by.per_person:
            item.fault(
                f"cases of {track!r} name nobody, but {action.code!r} leads on by an answer about each person",
                "give it `tracks` without this one, or a field of the form",
            )
        for effect in action.effects:
            if effect.name in ("set_group", "prepare_paper", "open_case"):
                item.fault(f"cases of {track!r} name nobody, but {action.code!r} has the effect {effect.name!r}")


def _steps(procedure: Procedure, track: str) -> dict[str, set[str]]:
    """From each state of a track, the other states its acts lead to."""
    steps: dict[str, set[str]] = {code: set() for code, state in procedure.states.items() if track in state.tracks}
    for action in procedure.actions.values():
        if track in action.tracks:
            for code in action.from_states:
                steps.setdefault(code, set()).update(end for end in action.end_states() if end != code)
    return steps


def _reached(starts: Iterable[str], steps: dict[str, set[str]]) -> set[str]:
    found, waiting = set(starts), list(starts)
    while waiting:
        for end in steps.get(waiting.pop(), ()):
            if end not in found:
                found.add(end)
                waiting.append(end)
    return found


def _check_paths(procedure: Procedure, states: dict[str, Item]) -> None:
    named = {code for action in procedure.actions.values() for code in (*action.from_states, *action.end_states())}
    if not named <= set(procedure.states) or any(not _leads_somewhere(action) for action in procedure.actions.values()):
        return  # a misspelt state is already reported; every state behind it would be reported as well
    initial = [code for code, state in procedure.states.items() if state.kind == "initial"]
    final = [code for code, state in procedure.states.items() if state.is_final]
    for track in procedure.tracks:
        steps = _steps(procedure, track)
        backwards: dict[str, set[str]] = {}
        for code, ends in steps.items():
            for end in ends:
                backwards.setdefault(end, set()).add(code)
        reached, leads_to_end = _reached(initial, steps), _reached(final, backwards)
        for code, state in procedure.states.items():
            if track not in state.tracks:
                continue
            on = f" on the track {track!r}" if len(procedure.tracks) > 1 else ""
            if code not in reached:
                states[code].fault(
                    f"no act leads to the state {code!r}{on}", "add an action to it, or limit the state with `tracks:`"
                )
            elif not state.is_final and not steps[code]:
                states[code].fault(
                    f"no act leads out of the state {code!r}{on}", "add an action from it, or make it `kind: final`"
                )
            elif not state.is_final and code not in leads_to_end:
                states[code].fault(
                    f"from the state {code!r} no final state can be reached{on}", "add an action that ends the matter"
                )


def _leads_somewhere(action: Action) -> bool:
    """Whether the reader understood where the act leads; "" stands for a state that it could not read."""
    return bool(action.from_states) and "" not in action.end_states()


def _check_actions(procedure: Procedure, actions: dict[str, Item]) -> None:
    pasts = Counter(action.past for action in procedure.actions.values())
    for action in procedure.actions.values():
        item = actions[action.code]
        if action.code == MOVE or action.past == MOVED:
            item.fault(
                f"{MOVE!r} and {MOVED!r} are the words of the act that moves a case to a later version",
                "use another word",
            )
        if action.past and pasts[action.past] > 1:
            item.fault(
                f"'past' {action.past!r} stands for several actions", "each ledger kind must say which act it was"
            )
        _check_tracks(procedure, action, item)
        if action.two_person_after == action.code:
            item.fault(f"{action.code!r} cannot need a second person after itself", "name the act of the first person")
        for guard in action.guards:
            if guard.name == "answered_before":
                _check_earlier_answer(procedure, guard, item)
        if action.by_sitting:
            sitting = procedure.sittings.get(action.by_sitting)
            if sitting and action.code not in sitting.decides:
                item.fault(
                    f"the sitting {sitting.code!r} does not decide {action.code!r}",
                    f"add it to `decides` of {sitting.code!r}",
                )


def _check_earlier_answer(procedure: Procedure, guard: Guard, item: Item) -> None:
    """An answer that an act rests on must be one that the other act can give."""
    other = procedure.actions.get(guard.params.get("action", ""))
    if other is None:
        return
    name = guard.params.get("field", "")
    field = next((one for one in other.form if one.name == name), None)
    if field is None:
        item.fault(f"the action {other.code!r} has no field {name!r}", did_you_mean(name, [f.name for f in other.form]))
        return
    possible = set(field.choices) or ({"true", "false"} if field.kind == "bool" else set())
    for value in guard.params.get("values", ()):
        if possible and value not in possible:
            item.fault(f"{name!r} of {other.code!r} is never {value!r}", did_you_mean(value, possible))


def _check_tracks(procedure: Procedure, action: Action, item: Item) -> None:
    """An act may start from states of one track and of another, but on each track it needs a start and an end there."""
    tracks_of = {code: procedure.states[code].tracks for code in procedure.states}
    for code in action.from_states:
        if code in tracks_of and not set(tracks_of[code]) & set(action.tracks):
            item.fault(
                f"{action.code!r} starts from {code!r}, which belongs to none of its tracks", "mend `from` or `tracks`"
            )
    for track in action.tracks:
        if not any(track in tracks_of.get(code, ()) for code in action.from_states):
            item.fault(
                f"{action.code!r} starts from no state of the track {track!r}", "limit the action with `tracks:`"
            )
        for code in action.end_states():
            if action.before:
                continue  # it leads back to where the case stood, which was a state of its own track
            if code in tracks_of and track not in tracks_of[code]:
                item.fault(
                    f"{action.code!r} belongs to the track {track!r}, the state {code!r} it leads to does not",
                    "limit the action with `tracks:`, or let the state belong to the track",
                )


def _check_clocks(procedure: Procedure, clocks: dict[str, Item]) -> None:
    for clock in procedure.clocks.values():
        item = clocks[clock.code]
        if set(clock.pauses_on) & set(clock.resumes_on):
            item.fault(f"cyclic clock: the same act pauses and resumes {clock.code!r}", "an act can do one of the two")
        if bool(clock.pauses_on) != bool(clock.resumes_on):
            item.fault(f"{clock.code!r} must be able to both pause and resume", "add both `pauses_on` and `resumes_on`")
        if clock.extended_by in clock.starts_on:
            item.fault(
                f"cyclic clock: {clock.extended_by!r} starts and extends {clock.code!r}", "an act can do one of the two"
            )
        for track in clock.tracks:
            acts = [procedure.actions[code] for code in clock.starts_on if code in procedure.actions]
            if acts and not any(track in act.tracks for act in acts):
                item.fault(
                    f"the clock {clock.code!r} can never start on the track {track!r}", "limit it with `tracks:`"
                )
    waits_for = {
        clock.code: {
            guard.params["clock"]
            for code in clock.starts_on
            if code in procedure.actions
            for guard in procedure.actions[code].guards
            if guard.name == "clock_passed" and "clock" in guard.params
        }
        for clock in procedure.clocks.values()
    }
    for code in procedure.clocks:
        if code in _reached(waits_for[code], waits_for):
            clocks[code].fault(
                f"cyclic clock: {code!r} starts only after it has run out", "remove one of the guards `clock_passed`"
            )


def _check_sittings(procedure: Procedure, sittings: dict[str, Item]) -> None:
    for sitting in procedure.sittings.values():
        item = sittings[sitting.code]
        if not sitting.decides:
            item.fault(f"the sitting {sitting.code!r} decides nothing", "add `decides: [action]`")
        for code in sitting.decides:
            action = procedure.actions.get(code)
            if action and action.by_sitting != sitting.code:
                item.fault(
                    f"{code!r} can be done without the sitting {sitting.code!r}",
                    f"add `by_sitting: {sitting.code}` to it",
                )
            if action and not set(sitting.takes_from_states) <= set(action.from_states):
                item.fault(f"{sitting.code!r} takes cases from states from which {code!r} cannot be done")


def _check_outcome_fields(procedure: Procedure, root: Item) -> None:
    for key, name in (("outcome_field", procedure.outcome_field), ("grounds_field", procedure.grounds_field)):
        fields = {field.name for action in procedure.actions.values() for field in action.per_person}
        if name and name not in fields:
            (root.find(key) or root).fault(f"no action asks for {name!r} of each person", "add it under `each_person`")


def _check_told_by(procedure: Procedure, root: Item) -> None:
    """What cases are told apart by is a code that everybody may read: words are no figure, and a closed answer is nobody's."""
    fields = {one.name: one for action in procedure.actions.values() for one in action.form}
    for name in procedure.statistics.told_by if procedure.statistics else ():
        item = root.find("statistics") or root
        if name not in fields:
            item.fault(f"no form asks for {name!r}, by which cases are to be told apart", did_you_mean(name, fields))
        elif fields[name].kind != "code" or fields[name].field_class != "open":
            item.fault(f"cases cannot be told apart by {name!r}", "only an open field of kind `code` can be counted")
