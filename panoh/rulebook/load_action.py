"""Reads the actions of a procedure: form, guards, effects, and where the act leads."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

from panoh.rulebook.faults import did_you_mean
from panoh.rulebook.immutable import EMPTY, FrozenMap
from panoh.rulebook.law import Titles
from panoh.rulebook.procedure import AND, Action, Branch, Condition, Effect, Field, Guard
from panoh.rulebook.references import References
from panoh.rulebook.vocabulary import EFFECTS, FIELD_CLASSES, FIELD_KINDS, GUARDS, Word
from panoh.rulebook.yaml_source import Item

STAYS = "same"
"""Written as `to: same`: the act leaves the state as it is."""


@dataclass(slots=True)
class Scope:
    """The names that one procedure defines, known before its parts are read, so that each part can be checked as it is read."""

    references: References
    procedure: str
    tracks: tuple[str, ...]
    states: Collection[str]
    actions: Collection[str]
    clocks: Collection[str]
    sittings: Collection[str]
    outcomes: FrozenMap[str, Titles]
    outcome_field: str
    letters: Collection[str] = ()
    scores: Collection[str] = ()
    recorded_within: str = ""
    """The procedure's own `recording.within`, for acts that name no other."""
    fields: dict[str, dict[str, str]] = field(default_factory=dict)
    """Form fields by action, each with its kind; filled while the actions are read."""

    def known(self, kind: str) -> Collection[str]:
        return {
            "state": self.states,
            "action": self.actions,
            "clock": self.clocks,
            "sitting": self.sittings,
            "track": self.tracks,
            "outcome": self.outcomes,
            "letter": self.letters,
            "score": self.scores,
        }[kind]

    def name(self, kind: str, item: Item) -> str:
        """A name that this procedure must define."""
        known = self.known(kind)
        if item.raw not in known:
            item.fault(f"unknown {kind} {item.raw!r} in procedure {self.procedure!r}", did_you_mean(item.raw, known))
        return item.raw

    def names(self, kind: str, parent: Item, key: str) -> tuple[str, ...]:
        return tuple(self.name(kind, item) for item in parent.items(key))

    def one(self, kind: str, parent: Item, key: str) -> str | None:
        item = parent.find(key)
        return self.name(kind, item) if item else None

    def use(self, kind: str, item: Item) -> str:
        """A name that must be defined somewhere in the rulebook."""
        return self.references.use(kind, item.raw, item.file, item.line)

    def uses(self, kind: str, parent: Item, key: str) -> tuple[str, ...]:
        return tuple(self.use(kind, item) for item in parent.items(key))

    def tracks_of(self, item: Item) -> tuple[str, ...]:
        """The tracks named, or all of them where none is named."""
        return self.names("track", item, "tracks") or self.tracks


def read_condition(item: Item, allowed: Mapping[str, str], what: str) -> Condition:
    """`{field: outcome, is: [recognised, derivative]}`."""
    item.only("field", "is")
    name = item.text("field")
    if name and name not in allowed:
        (item.find("field") or item).fault(f"there is no {what} {name!r} here", did_you_mean(name, allowed))
    values = frozenset(item.texts("is"))
    if not values:
        item.fault("a condition needs the values it holds for", "add `is: […]`")
    return Condition(field=name, values=values)


def read_action(item: Item, scope: Scope) -> Action:
    item.only(
        "past", "titles", "doing", "who", "from", "to", "to_by", "tracks", "form", "each_person", "guards", "effects", "legal_basis",
        "two_person_after", "by_sitting", "decision_level", "recorded_within",
    )  # fmt: skip
    tracks = scope.tracks_of(item)
    form = _read_fields(item, "form", scope)
    per_person = _read_fields(item, "each_person", scope)
    kinds: dict[str, str] = {one.name: one.kind for one in form}
    person_kinds: dict[str, str] = {one.name: one.kind for one in per_person}
    for name in kinds.keys() & person_kinds.keys():
        item.fault(f"the field {name!r} stands in the form and for each person", "rename one of them")
    scope.fields[item.name] = {**kinds, **person_kinds}
    who = scope.uses("role", item, "who")
    if not who:
        item.fault(f"nobody may do {item.name!r}", "add `who: [role, …]`")
    before = _read_way_back(item, scope)
    to_state, to_by = (None, None) if before else _read_destination(item, scope, form, per_person)
    legal_basis = scope.uses("provision", item, "legal_basis")
    if not legal_basis:
        item.fault(f"the action {item.name!r} has no legal basis", "add `legal_basis: [provision, …]`")
    from_states = scope.names("state", item, "from")
    if not from_states:
        item.fault(f"the action {item.name!r} starts from no state", "add `from: [state, …]`")
    within = item.find("recorded_within")
    read = _Words(scope, item.name, kinds, person_kinds)
    return Action(
        code=item.name,
        past=item.text("past"),
        titles=item.titles(),
        doing=item.titles("doing"),
        who=who,
        from_states=from_states,
        to_state=to_state,
        to_by=to_by,
        form=form,
        per_person=per_person,
        guards=tuple(guard for entry in item.items("guards") if (guard := read.guard(entry))),
        effects=tuple(effect for entry in item.items("effects") if (effect := read.effect(entry))),
        legal_basis=legal_basis,
        tracks=tracks,
        recorded_within=scope.use("length", within) if within else scope.recorded_within,
        before=before,
        two_person_after=scope.one("action", item, "two_person_after"),
        by_sitting=scope.one("sitting", item, "by_sitting"),
        decision_level=item.text("decision_level", required=False) or None,
    )


def _read_way_back(item: Item, scope: Scope) -> tuple[str, ...]:
    """`to: {before: [lodge_appeal]}`: the acts before the last of which the case stood where this act leads back to."""
    to = item.find("to")
    if to is None or not to.is_mapping():
        return ()
    to.only("before")
    if item.find("to_by"):
        item.fault(f"the action {item.name!r} must lead to one place", "remove either `to` or `to_by`")
    return scope.names("action", to, "before")


def with_ways_back(actions: FrozenMap[str, Action]) -> FrozenMap[str, Action]:
    """The actions, those that lead back with the states from which the acts start that they undo."""
    return FrozenMap(
        {
            code: replace(
                action,
                back_to=tuple(
                    dict.fromkeys(
                        state for one in action.before if one in actions for state in actions[one].from_states
                    )
                ),
            )
            if action.before
            else action
            for code, action in actions.items()
        }
    )


def _read_destination(
    item: Item, scope: Scope, form: tuple[Field, ...], per_person: tuple[Field, ...]
) -> tuple[str | None, Branch | None]:
    to, to_by = item.find("to"), item.find("to_by")
    if (to is None) == (to_by is None):
        item.fault(
            f"the action {item.name!r} must lead somewhere",
            "add either `to: state`, `to: same`, `to: {before: [action]}`, or `to_by:` with a field",
        )
        return None, None
    if to is not None:
        return (None if to.raw == STAYS else scope.name("state", to)), None
    assert to_by is not None  # noqa: S101 - the check above leaves nothing else
    to_by.only("field", "choices")
    name = to_by.text("field")
    found = next((one for one in (*form, *per_person) if one.name == name), None)
    if found is None:
        to_by.fault(
            f"there is no field {name!r} in {item.name!r}", did_you_mean(name, [f.name for f in (*form, *per_person)])
        )
        return None, None
    if found.kind not in ("code", "bool"):
        to_by.fault(
            f"a field of kind {found.kind!r} cannot decide where an act leads", "use a field of kind code or bool"
        )
    if not found.required:
        to_by.fault(
            f"{name!r} decides where {item.name!r} leads, but may be left empty", "add `required: true` to the field"
        )
    choices = tuple((entry.name, scope.name("state", entry)) for entry in to_by.entries("choices", required=True))
    possible = set(found.choices) or ({"true", "false"} if found.kind == "bool" else set())
    missing = sorted(possible - {value for value, _state in choices})
    if missing:
        to_by.fault(f"no state is given for {name} = {', '.join(missing)}", "add a line for each under `choices`")
    for entry in to_by.entries("choices"):
        values = entry.name.split(AND)
        if len(values) > 1 and found not in per_person:
            entry.fault(
                f"{name!r} has one answer, so it is never {entry.name!r}",
                "only a field of each person can have several",
            )
        for value in values:
            if possible and value not in possible:
                entry.fault(f"{name!r} is never {value!r}", did_you_mean(value, possible))
    return None, Branch(field=name, per_person=found in per_person, choices=choices)


def _read_fields(parent: Item, key: str, scope: Scope) -> tuple[Field, ...]:
    found = []
    kinds = {item.name: item.text("kind", required=False) for item in parent.entries(key)}
    for item in parent.entries(key):
        item.only(
            "titles", "kind", "required", "list", "attributes", "choices", "class", "help", "shown_when", "at_least", "at_most"
        )  # fmt: skip
        kind = item.one_of("kind", FIELD_KINDS)
        listed, choices = item.find("list"), item.find("choices")
        if kind in ("code", "codes") and (listed is None) == (choices is None):
            item.fault(f"the field {item.name!r} needs codes to choose from", "add either `list: name` or `choices:`")
        if kind not in ("code", "codes") and (listed or choices):
            item.fault(
                f"a field of kind {kind!r} has no codes to choose from", "remove `list` and `choices`, or use kind code"
            )
        if listed is not None:
            scope.use("code_list", listed)
        attributes = item.find("attributes")
        shown = item.find("shown_when")
        condition = read_condition(shown, kinds, "field") if shown else None
        if condition and condition.field == item.name:
            item.fault(f"the field {item.name!r} is shown depending on itself")
        found.append(
            Field(
                name=item.name,
                titles=item.titles(),
                kind=cast(Any, kind),
                required=item.yes("required"),
                code_list=listed.raw if listed else None,
                code_attributes=FrozenMap({entry.name: entry.raw for entry in attributes.children().values()})
                if attributes
                else EMPTY,
                choices=_read_choices(choices, scope) if choices else EMPTY,
                field_class=cast(
                    Any, item.one_of("class", FIELD_CLASSES, default="narrative" if kind == "long_text" else "open")
                ),
                help=item.titles("help") if item.find("help") else None,
                shown_when=condition,
                at_least=_bound(item, "at_least", kind),
                at_most=_bound(item, "at_most", kind),
            )
        )
    return tuple(found)


def _bound(item: Item, key: str, kind: str) -> int | None:
    if item.find(key) is None:
        return None
    if kind != "number":
        item.fault(f"a field of kind {kind!r} has no bounds", f"remove `{key}`, or use kind number")
    return item.whole(key)


def _read_choices(item: Item, scope: Scope) -> FrozenMap[str, Titles]:
    """Either titles by code, or the word `outcomes`, or some of the procedure's outcomes."""
    if item.is_text():
        if item.raw != "outcomes":
            item.fault(f"choices cannot be {item.raw!r}", "give titles by code, or write `choices: outcomes`")
        return scope.outcomes
    if item.is_list():
        names = [scope.name("outcome", member) for member in item.members()]
        return FrozenMap({name: scope.outcomes[name] for name in names if name in scope.outcomes})
    found = {}
    for entry in item.children().values():
        entry.only("titles")
        found[entry.name] = entry.titles()
    return FrozenMap(found)


@dataclass(slots=True)
class _Words:
    """Reads guards and effects against the closed lists of words."""

    scope: Scope
    action: str
    form: dict[str, str]
    per_person: dict[str, str]

    def guard(self, item: Item) -> Guard | None:
        named = self._named(item, GUARDS, "guard", ("legal_basis",))
        if named is None:
            return None
        name, params = named
        legal_basis = self.scope.uses("provision", item, "legal_basis") if item.is_mapping() else ()
        return Guard(name=name, params=params, legal_basis=legal_basis)

    def effect(self, item: Item) -> Effect | None:
        named = self._named(item, EFFECTS, "effect", ("for_each", "when"))
        if named is None:
            return None
        name, params = named
        if name == "letter" and len(params) != 1:
            item.fault("a letter is named by its kind, or is one of `letters`", "write `letter: {letter: …}`")
        for_each, condition = "case", None
        if item.is_mapping():
            for_each = item.one_of("for_each", ("case", "person"), default="case")
            when = item.find("when")
            if when:
                about = {**self.per_person, self.scope.outcome_field: "code"} if for_each == "person" else {}
                all_of = [
                    read_condition(one, {**self.form, **about}, "field of the form or of each person")
                    for one in when.members() or [when]
                ]
                condition = replace(all_of[0], also=tuple(all_of[1:]))
        return Effect(name=name, params=params, for_each=cast(Any, for_each), when=condition)

    def _named(
        self, item: Item, words: Mapping[str, Word], what: str, beside: tuple[str, ...]
    ) -> tuple[str, FrozenMap[str, Any]] | None:
        """`receipt`, or `{set_group: {to: ASY}, for_each: person}`: one known word, and beside it only the keys that all may have."""
        if item.is_text():
            names, body = [item.raw], None
        else:
            names = [name for name in item.children() if name not in beside]
            body = item.find(names[0]) if names else None
        if len(names) != 1:
            item.fault(
                f"each {what} has exactly one name, here: {', '.join(names) or 'none'}",
                "begin each one with its own dash",
            )
            return None
        word = words.get(names[0])
        if word is None:
            item.fault(f"unknown {what} {names[0]!r}", did_you_mean(names[0], words))
            return None
        params: dict[str, Any] = {}
        kinds = {**word.required, **word.optional}
        if body is not None and (body.raw or not body.is_text()):
            body.only(*kinds)
            for key, kind in kinds.items():
                child = body.find(key)
                if child is not None:
                    params[key] = self._param(kind, child)
        for key in word.required:
            if key not in params:
                item.fault(f"the {what} {names[0]!r} needs {key!r}", f"write `{names[0]}: {{{key}: …}}`")
        return names[0], FrozenMap(params)

    def _param(self, kind: str, item: Item) -> Any:
        scope = self.scope
        if kind == "condition":
            return read_condition(item, {**self.form, **self.per_person, scope.outcome_field: "code"}, "field")
        if kind == "texts":
            return tuple(member.raw for member in item.members())
        if kind in ("action", "clock", "sitting", "letter", "score"):
            return scope.name(kind, item)
        if kind == "own_track":
            return scope.name("track", item)
        if kind in ("clocks", "actions"):
            return tuple(scope.name(kind[:-1], member) for member in item.members())
        if kind == "field_of_action":
            return item.raw  # of an act that may be read later; checked with the procedure as a whole
        if kind in ("field", "person_field", "person_codes_field", "member_field", "office_field", "case_field"):
            of_the_form = kind in ("field", "member_field", "office_field", "case_field")
            fields = self.form if of_the_form else {**self.per_person, scope.outcome_field: "code"}
            wanted = {
                "person_codes_field": "codes", "member_field": "member", "office_field": "office", "case_field": "case",
            }.get(kind)  # fmt: skip
            if item.raw not in fields:
                item.fault(
                    f"the action {self.action!r} has no such field: {item.raw!r}", did_you_mean(item.raw, fields)
                )
            elif wanted and fields[item.raw] != wanted:
                item.fault(f"the field {item.raw!r} must be of kind {wanted!r}")
            return item.raw
        if kind == "population_group" and item.raw == "":
            return ""  # out of all groups
        if kind in ("text", "track"):
            return item.raw
        return scope.use(kind, item)
