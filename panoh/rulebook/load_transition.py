"""Reads the transition rules of a procedure's later version, against both versions: every case that moves must know where it stands.

A state without a counterpart is a family whose case nobody can go on with, a clock without one is a deadline that nobody sees; both
are found when the rulebook is loaded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from panoh.rulebook.faults import did_you_mean
from panoh.rulebook.immutable import EMPTY, FrozenMap
from panoh.rulebook.procedure import Procedure
from panoh.rulebook.references import References
from panoh.rulebook.transition import ActMove, AskedAtMove, ClockMove, Transition
from panoh.rulebook.yaml_source import Item

TAKES = ("all", "undecided")
COUNTS = ("keep", "from_start", "from_move")
NONE = "none"
"""Written where an act of the earlier version counts as no act of the later one."""
ENDS = "ends"
"""Written where a clock of the earlier version ends with the move."""


def read_transitions(
    root: Item, later: Procedure, earlier: Mapping[int, Procedure], references: References
) -> tuple[Transition, ...]:
    """The rules of one version, each for another earlier one."""
    found: dict[int, Transition] = {}
    for item in root.items("transitions"):
        item.only(
            "from_version", "cases", "who", "why", "legal_basis", "states", "outcomes", "acts", "clocks", "begins", "asks",
        )  # fmt: skip
        number = item.whole("from_version")
        before = earlier.get(number)
        if before is None:
            known = ", ".join(map(str, sorted(earlier))) or "none"
            item.fault(
                f"there is no version {number} of {later.code!r} before version {later.version}", f"known: {known}"
            )
            continue
        if number in found:
            item.fault(f"two transition rules for version {number}", "keep one of them")
        found[number] = _Reader(item, before, later, references).read()
    return tuple(found.values())


class _Reader:
    """One rule, with both versions at hand."""

    def __init__(self, item: Item, earlier: Procedure, later: Procedure, references: References) -> None:
        self.item, self.earlier, self.later, self.references = item, earlier, later, references

    def read(self) -> Transition:
        item = self.item
        self._check_alike()
        takes, in_states = self._cases()
        states = self._states(in_states)
        acts = self._acts()
        clocks = self._clocks(states)
        asks = self._asks(acts)
        self._check_earlier_answers(acts, asks)
        return Transition(
            from_version=self.earlier.version,
            takes=cast(Any, takes),
            in_states=in_states,
            who=self._needed("role", "who", "nobody may move a case", "add `who: [role, …]`"),
            why=item.titles("why"),
            legal_basis=self._needed(
                "provision",
                "legal_basis",
                "the transition rule has no legal basis",
                "add `legal_basis: [provision, …]`",
            ),
            states=states,
            outcomes=self._outcomes(),
            acts=acts,
            clocks=clocks,
            begins=self._begins(clocks),
            asks=asks,
            defined_at=item.where,
        )

    def _needed(self, kind: str, key: str, message: str, hint: str) -> tuple[str, ...]:
        names = tuple(self.references.use(kind, one.raw, one.file, one.line) for one in self.item.items(key))
        if not names:
            self.item.fault(message, hint)
        return names

    def _known(self, item: Item, name: str, known: Any, what: str, version: Procedure) -> bool:
        if name in known:
            return True
        item.fault(f"unknown {what} {name!r} in version {version.version}", did_you_mean(name, known))
        return False

    def _check_alike(self) -> None:
        """What a move must never change: whom the case is about, on which track it runs, and who sees it."""
        missing = sorted(set(self.earlier.tracks) - set(self.later.tracks))
        if missing:
            self.item.fault(
                f"version {self.later.version} has no track {', '.join(missing)}, and cases of it would have none",
                "keep the track in the later version",
            )
        for track in set(self.earlier.tracks) & set(self.later.tracks):
            if self.earlier.subject_of(track) != self.later.subject_of(track):
                self.item.fault(f"cases of {track!r} are about something else in version {self.later.version}")
        if self.earlier.confined != self.later.confined:
            self.item.fault("a move cannot change who sees a case", "give both versions the same `confined`")

    # -- which cases, and where they stand -------------------------------------------------------------------------

    def _cases(self) -> tuple[str, tuple[str, ...]]:
        """The word, and the states of the earlier version out of which cases move. Closed cases never do."""
        named = self.item.find("cases")
        states = self.earlier.states
        if named is None:
            self.item.fault(
                "the transition rule does not say which cases move",
                "add `cases: undecided`, `cases: all` or `cases: [state, …]`",
            )
            return "all", ()
        kinds = {"undecided": ("open",), "all": ("open", "decided")}
        if named.is_text() and named.raw in kinds:
            return named.raw, tuple(code for code, state in states.items() if state.kind in kinds[named.raw])
        found = []
        for one in named.members():
            if not self._known(one, one.raw, states, "state", self.earlier):
                continue
            if states[one.raw].kind in ("initial", "final"):
                one.fault(f"no open case stands in the state {one.raw!r}", "name states of kind open or decided")
            else:
                found.append(one.raw)
        if not found:
            named.fault("no case would move", f"write one of {', '.join(TAKES)}, or the states of the cases")
        return "states", tuple(found)

    def _states(self, in_states: tuple[str, ...]) -> FrozenMap[str, str]:
        item = self.item.find("states") or self.item
        given: dict[str, str] = {}
        for entry in self.item.entries("states"):
            if not self._known(entry, entry.name, self.earlier.states, "state", self.earlier):
                continue
            if entry.name not in in_states:
                entry.fault(f"no case in the state {entry.name!r} moves", "leave the line out, or widen `cases`")
            given[entry.name] = entry.raw
            if self._known(entry, entry.raw, self.later.states, "state", self.later):
                self._check_state(entry, entry.name, entry.raw)
        for code in in_states:
            if code in given:
                continue
            given[code] = code
            if code not in self.later.states:
                item.fault(
                    f"cases in the state {code!r} of version {self.earlier.version} would stand nowhere in version"
                    f" {self.later.version}",
                    f"add `{code}: state` under `states`, or leave these cases where they are with `cases`",
                )
            else:
                self._check_state(item, code, code)
        return FrozenMap(given)

    def _check_state(self, item: Item, old: str, new: str) -> None:
        """A move decides nothing: a decided case stays decided, an open one open, and none is ended."""
        before, after = self.earlier.states[old], self.later.states[new]
        if after.is_final:
            item.fault(
                f"{old!r} cannot become {new!r}: a move ends no case", "an end is a decision, which an act takes"
            )
        elif before.kind != after.kind:
            item.fault(
                f"{old!r} is {before.kind}, {new!r} is {after.kind}: a move decides nothing and takes no decision back",
                f"name a state of kind {before.kind}",
            )
        lost = sorted(set(before.tracks) & set(self.later.tracks) - set(after.tracks))
        if lost:
            item.fault(f"{new!r} does not belong to the track {', '.join(lost)}, {old!r} does")

    def _outcomes(self) -> FrozenMap[str, str]:
        given = {code: code for code in self.earlier.outcomes}
        for entry in self.item.entries("outcomes"):
            if self._known(entry, entry.name, self.earlier.outcomes, "outcome", self.earlier):
                given[entry.name] = entry.raw
                self._known(entry, entry.raw, self.later.outcomes, "outcome", self.later)
        for old, new in given.items():
            if old == new and new not in self.later.outcomes:
                self.item.fault(
                    f"the outcome {old!r} would mean nothing in version {self.later.version}",
                    f"add `{old}: outcome` under `outcomes`",
                )
        return FrozenMap(given)

    # -- what was done before ----------------------------------------------------------------------------------------

    def _acts(self) -> FrozenMap[str, ActMove]:
        given: dict[str, ActMove] = {}
        for entry in self.item.entries("acts"):
            if self._known(entry, entry.name, self.earlier.actions, "action", self.earlier):
                given[entry.name] = self._act(entry)
        for code in self.earlier.actions:
            if code in given:
                continue
            if code not in self.later.actions:
                (self.item.find("acts") or self.item).fault(
                    f"version {self.later.version} does not know the act {code!r}, which cases may have behind them",
                    f"add `{code}: {{to: act}}` or `{code}: {NONE}` under `acts`",
                )
            given[code] = ActMove(to=code, fields=EMPTY)
        return FrozenMap(given)

    def _act(self, entry: Item) -> ActMove:
        if entry.raw == NONE:
            return ActMove(to=None, fields=EMPTY)
        if entry.is_text():
            self._known(entry, entry.raw, self.later.actions, "action", self.later)
            return ActMove(to=entry.raw, fields=EMPTY)
        entry.only("to", "fields")
        to = entry.text("to", required=False, default=entry.name)
        if not self._known(entry.find("to") or entry, to, self.later.actions, "action", self.later):
            return ActMove(to=to, fields=EMPTY)
        before, after = self.earlier.actions[entry.name], self.later.actions[to]
        old_kinds = {one.name: one.kind for one in (*before.form, *before.per_person)}
        new_kinds = {one.name: one.kind for one in (*after.form, *after.per_person)}
        fields = {}
        for one in entry.entries("fields"):
            if not self._known(one, one.name, old_kinds, f"field of {before.code!r}", self.earlier):
                continue
            if self._known(one, one.raw, new_kinds, f"field of {after.code!r}", self.later):
                if old_kinds[one.name] != new_kinds[one.raw]:
                    one.fault(f"{one.name!r} is of kind {old_kinds[one.name]}, {one.raw!r} of {new_kinds[one.raw]}")
                fields[one.name] = one.raw
        return ActMove(to=to, fields=FrozenMap(fields))

    def _asks(self, acts: FrozenMap[str, ActMove]) -> tuple[AskedAtMove, ...]:
        found: dict[str, AskedAtMove] = {}
        for entry in self.item.items("asks"):
            entry.only("act", "field")
            code, name = entry.text("act"), entry.text("field")
            if not self._known(entry, code, self.later.actions, "action", self.later):
                continue
            fields = {one.name: one for one in self.later.actions[code].form}
            if not self._known(entry, name, fields, f"field of {code!r}", self.later):
                continue
            if all(move.to != code for move in acts.values()):
                entry.fault(f"no earlier act counts as {code!r}, so nobody is ever asked for {name!r}")
            if fields[name].field_class != "open" or fields[name].kind in ("text", "file"):
                entry.fault(f"{name!r} cannot be asked at a move", "only open answers that are no text can")
            if name in found:
                entry.fault(f"{name!r} is asked for twice")
            found[name] = AskedAtMove(act=code, field=replace(fields[name], required=True, shown_when=None))
        return tuple(found.values())

    def _check_earlier_answers(self, acts: FrozenMap[str, ActMove], asks: tuple[AskedAtMove, ...]) -> None:
        """A later act that rests on an earlier answer must find it, also where the earlier act was done under the old version."""
        asked = {(one.act, one.field.name) for one in asks}
        for action in self.later.actions.values():
            for guard in action.guards:
                if guard.name != "answered_before":
                    continue
                act, name = guard.params.get("action", ""), guard.params.get("field", "")
                for old, move in acts.items():
                    if move.to != act or (act, name) in asked:
                        continue
                    answers = {move.fields.get(one.name, one.name) for one in self.earlier.actions[old].form}
                    if name not in answers:
                        self.item.fault(
                            f"{action.code!r} rests on {name!r} of {act!r}, which {old!r} of version"
                            f" {self.earlier.version} never asked for",
                            f"map a field to it under `acts`, or add `{{act: {act}, field: {name}}}` under `asks`",
                        )

    # -- its time limits -----------------------------------------------------------------------------------------------

    def _clocks(self, states: FrozenMap[str, str]) -> FrozenMap[str, ClockMove]:
        given: dict[str, ClockMove] = {}
        places: dict[str, Item] = {}
        for entry in self.item.entries("clocks"):
            if self._known(entry, entry.name, self.earlier.clocks, "clock", self.earlier):
                given[entry.name], places[entry.name] = self._clock(entry), entry
        for code in self.earlier.clocks:
            if code not in given:
                if code not in self.later.clocks:
                    (self.item.find("clocks") or self.item).fault(
                        f"the time limit {code!r} would be lost: version {self.later.version} does not know it",
                        f"add `{code}: {{to: clock}}` or `{code}: {ENDS}` under `clocks`",
                    )
                given[code] = ClockMove(to=code)
            self._check_clock(places.get(code) or self.item, code, given[code], states)
        taken = [move.to for move in given.values() if move.to]
        for twice in sorted({code for code in taken if taken.count(code) > 1}):
            self.item.fault(f"two time limits would go on in {twice!r}", "let one of them end, or go on in another")
        return FrozenMap(given)

    def _clock(self, entry: Item) -> ClockMove:
        if entry.raw == ENDS:
            return ClockMove(to=None)
        entry.only("to", "count")
        to = entry.text("to", required=False, default=entry.name)
        self._known(entry.find("to") or entry, to, self.later.clocks, "clock", self.later)
        return ClockMove(to=to, count=cast(Any, entry.one_of("count", COUNTS, default="keep")))

    def _check_clock(self, item: Item, code: str, move: ClockMove, states: FrozenMap[str, str]) -> None:
        before = self.earlier.clocks[code]
        if move.to is None:
            if code in self.later.clocks:
                item.fault(
                    f"{code!r} ends here and begins anew under the same name, and nobody could tell the two apart",
                    "give the clock of the later version another name, or let it go on",
                )
            return
        after = self.later.clocks.get(move.to)
        if after is None:
            return
        if before.bound != after.bound:
            item.fault(f"{code!r} binds the {before.bound}, {move.to!r} the {after.bound}: a right is no duty")
        lost = sorted(set(before.tracks) & set(self.later.tracks) - set(after.tracks))
        if lost:
            item.fault(f"{move.to!r} does not run on the track {', '.join(lost)}, where {code!r} may be running")
        if after.applies_to_states:
            stopped = sorted(
                old
                for old, new in states.items()
                if (not before.applies_to_states or old in before.applies_to_states)
                and new not in after.applies_to_states
            )
            if stopped:
                item.fault(
                    f"{code!r} may run in {', '.join(stopped)}, and would be lost there: {move.to!r} does not apply",
                    f"widen `applies_to_states` of {move.to!r}",
                )

    def _begins(self, clocks: FrozenMap[str, ClockMove]) -> FrozenMap[str, tuple[str, ...]]:
        continued = {move.to for move in clocks.values()}
        found = {}
        for entry in self.item.entries("begins"):
            if not self._known(entry, entry.name, self.later.clocks, "clock", self.later):
                continue
            if entry.name in continued:
                entry.fault(f"{entry.name!r} goes on from an earlier clock, so it does not begin with the move")
            clock = self.later.clocks[entry.name]
            for state in entry.members():
                if not self._known(state, state.raw, self.later.states, "state", self.later):
                    continue
                if clock.applies_to_states and state.raw not in clock.applies_to_states:
                    state.fault(f"{entry.name!r} does not apply in the state {state.raw!r}")
            found[entry.name] = tuple(state.raw for state in entry.members())
        return FrozenMap(found)
