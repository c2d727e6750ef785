"""A procedure as data, as `procedures/<code>.yaml` defines it; all references in it were checked when it was loaded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from panoh.rulebook.immutable import EMPTY, FrozenMap
from panoh.rulebook.interview import InterviewRule
from panoh.rulebook.law import Titles
from panoh.rulebook.letter import Letter
from panoh.rulebook.score import Score
from panoh.rulebook.sheet import ScoreSheet
from panoh.rulebook.transition import Transition

StateKind = Literal["initial", "open", "decided", "final"]
FieldKind = Literal[
    "text", "long_text", "number", "code", "codes", "day", "bool", "member", "language", "office", "case", "file"
]
FieldClass = Literal["open", "narrative", "restricted"]
Subject = Literal["household", "person", "thing", "none"]

AND = " and "
"""Joins the values of a choice that holds where several persons have different ones: `recognised and rejected`."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Condition:
    """True when a form field has one of these values. Values are text: codes as they are, yes/no fields as "true" and "false"."""

    field: str
    values: frozenset[str]
    also: tuple[Condition, ...] = ()

    def holds(self, facts: Mapping[str, Any]) -> bool:
        given = facts.get(self.field)
        found = given if isinstance(given, list | tuple | set | frozenset) else [given]
        return any(as_text(value) in self.values for value in found) and all(one.holds(facts) for one in self.also)


def as_text(value: Any) -> str:
    """A fact in the form in which a rulebook writes it: True is "true", nothing is ""."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Track:
    """One of the ways through the procedure: the state's own, UNHCR's mandate. They run side by side and decide separately."""

    code: str
    titles: Titles
    organisation_kind: str
    opens_with: str
    """The action that opens a case of this track: it leads out of the initial state."""
    subject: Subject | None = None
    """Whom its cases are about, where that is not the procedure's own subject: "none" for what came without a name."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class State:
    """Where a case can stand. `path_stage` is its place on the path from border to solution that every page shows."""

    code: str
    titles: Titles
    kind: StateKind
    path_stage: str
    tracks: tuple[str, ...]

    @property
    def is_final(self) -> bool:
        return self.kind == "final"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Field:
    """One thing an action's form asks for.

    `field_class` says where the answer is kept: "open" in the step, "narrative" apart for those who may read stories, "restricted" narrower still.
    A "code" or "codes" field is chosen from `code_list`, narrowed to `code_attributes` where given.
    """

    name: str
    titles: Titles
    kind: FieldKind
    required: bool = False
    code_list: str | None = None
    code_attributes: FrozenMap[str, str] = EMPTY
    choices: FrozenMap[str, Titles] = EMPTY
    """For a "code" field with a list of its own, written in the procedure itself."""
    field_class: FieldClass = "open"
    help: Titles | None = None
    shown_when: Condition | None = None
    """The field is asked for (and, if required, required) only when this holds for the rest of the form."""
    at_least: int | None = None
    at_most: int | None = None
    """Bounds of a "number" field."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Guard:
    """A condition of law that must hold before the act; the engine knows the names listed in `vocabulary.GUARDS`."""

    name: str
    params: FrozenMap[str, Any]
    legal_basis: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Effect:
    """What the act brings about besides its step; the engine knows the names listed in `vocabulary.EFFECTS`.

    With `for_each` "person" the effect is applied to every person of the case for whom `when` holds (on that person's
    fields and outcome); with "case" once, when `when` holds for the form.
    """

    name: str
    params: FrozenMap[str, Any]
    for_each: Literal["case", "person"] = "case"
    when: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Branch:
    """To which state an act leads when that depends on the answer to a field.

    For a field of the form the answer decides. For a field of each person (`per_person`) the first choice in order that the persons
    have decides: "recognised and rejected" where both stand in the case, else "recognised" where anybody is, while each person keeps
    an outcome of their own.
    """

    field: str
    per_person: bool
    choices: tuple[tuple[str, str], ...]

    def state_for(self, values: Iterable[Any]) -> str | None:
        given = {as_text(value) for value in values}
        return next((state for choice, state in self.choices if given.issuperset(choice.split(AND))), None)

    @property
    def states(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(state for _value, state in self.choices))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Action:
    """One act that can be done to a case: its form, who may do it, from where to where, by which law.

    `doing` is the line of the ledger ("Decision taken"), `past` the past participle in the ledger kind (`asylum.decided`).
    `to_state` None with neither `to_by` nor `before` means that the act leaves the state as it is.
    """

    code: str
    past: str
    titles: Titles
    doing: Titles
    who: tuple[str, ...]
    from_states: tuple[str, ...]
    to_state: str | None
    to_by: Branch | None
    form: tuple[Field, ...]
    per_person: tuple[Field, ...]
    guards: tuple[Guard, ...]
    effects: tuple[Effect, ...]
    legal_basis: tuple[str, ...]
    tracks: tuple[str, ...]
    recorded_within: str
    """The dated value that says how long after its day the act may still be recorded by one person alone."""
    before: tuple[str, ...] = ()
    """Acts before the last of which the case stood where this one leads back to: an appeal taken back leaves it as it was."""
    back_to: tuple[str, ...] = ()
    two_person_after: str | None = None
    """The action whose member must be another than the one who does this."""
    by_sitting: str | None = None
    """The sitting that alone can take this act, as the decision of an item on its agenda."""
    decision_level: str | None = None
    """For acts that decide: FI first instance, AR administrative review, JR judicial review … (UNHCR codes)."""

    @property
    def two_person(self) -> bool:
        return self.two_person_after is not None

    @property
    def track(self) -> str | None:
        """The only track the action belongs to; None where it belongs to several."""
        return self.tracks[0] if len(self.tracks) == 1 else None

    def field(self, name: str) -> Field:
        """The form field of that name, of the case or of each person."""
        return next(field for field in (*self.form, *self.per_person) if field.name == name)

    def end_states(self) -> tuple[str, ...]:
        """The states this act can lead to; empty where it leaves the state as it is."""
        if self.to_by or self.before:
            return self.to_by.states if self.to_by else self.back_to
        return (self.to_state,) if self.to_state else ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClockRule:
    """A time limit: what starts it, what stops it, how long it is, and what makes it stand still.

    `limit` names a dated value: the one in force on the day the clock starts governs to the end. Barriers pause the legal clock only;
    the elapsed clock beside it never pauses. `extended_by` is an act that adds `extension`.
    """

    code: str
    titles: Titles
    starts_on: tuple[str, ...]
    starts_when: Condition | None
    stops_on: tuple[str, ...]
    limit: str
    pauses_on: tuple[str, ...] = ()
    resumes_on: tuple[str, ...] = ()
    paused_by_barriers: tuple[str, ...] = ()
    extended_by: str | None = None
    extension: str | None = None
    applies_to_states: tuple[str, ...] = ()
    tracks: tuple[str, ...] = ()
    bound: Literal["authority", "applicant"] = "authority"
    """Who must act in time. A limit that binds the applicant is a right with an end; lateness is a flag, never a refusal."""
    on_breach: Literal["flag", "lapse"] = "flag"
    """"flag": the delay is shown and counted. "lapse": after it, what was open becomes final (an appeal window)."""
    legal_basis: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evidence:
    """Where to look whether a safeguard was kept.

    step: `action` was taken (not after the last `before`, if given) · field: `field` of `action` has a value of `kept` or `broken` ·
    clock: `clock` was not breached · sitting: somebody in seat `seat` attended `sitting` · paper: `paper_kind` was issued · answer: a monitor says.
    """

    kind: Literal["step", "field", "clock", "sitting", "paper", "answer"]
    action: str | None = None
    before: str | None = None
    field: str | None = None
    kept: frozenset[str] = frozenset()
    broken: frozenset[str] = frozenset()
    clock: str | None = None
    sitting: str | None = None
    seat: str | None = None
    paper_kind: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Safeguard:
    """Something that must be true of a fair procedure: kept, broken, or unknown, by its evidence (Art. 35 monitoring)."""

    code: str
    titles: Titles
    evidence: tuple[Evidence, ...]
    standards: tuple[str, ...]
    tracks: tuple[str, ...]
    due_with: tuple[str, ...] = ()
    """Actions that make it due: before any of them was taken, nothing can be said."""
    due_within: str | None = None
    """The dated value that says how long after that act it may still be kept. Without one, silence stays "unknown" while the case is open."""
    asked_when: Condition | None = None
    """It applies only to cases in which this holds for the persons or the form ("child without parents")."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SeatRule:
    """One place at a sitting: whose it is and whether it votes. `seat` is chair, member, secretary or observer."""

    code: str
    titles: Titles
    seat: Literal["chair", "member", "secretary", "observer"]
    role: str

    @property
    def votes(self) -> bool:
        return self.seat in ("chair", "member")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SittingRule:
    """How a body decides: its seats, its quorum (a dated value), its majority, and what a tie means."""

    code: str
    titles: Titles
    seats: tuple[SeatRule, ...]
    quorum: str
    majority: Literal["simple", "absolute", "two_thirds", "unanimous"]
    tie: Literal["chair", "falls"]
    chair_required: bool
    decides: tuple[str, ...]
    """The actions that only this sitting can take."""
    takes_from_states: tuple[str, ...]
    """The states from which cases come onto its agenda."""
    tracks: tuple[str, ...]
    legal_basis: tuple[str, ...]
    agenda_limit: str | None = None
    """The dated value that says how many cases one sitting may take; None where the law sets no number."""
    votes_shown: Literal["at_once", "once_counted"] = "once_counted"
    """When members see how others voted: while the vote is open, or only once it is counted."""
    scores: ScoreSheet | None = None  # where a ranking and no vote decides one of its acts


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Recording:
    """How late an act may be written down: within a dated value by one person, later with a second one who answers for it."""

    within: str
    confirmed_by: tuple[str, ...]
    """The roles whose members may allow a later entry, each time with a reason. Nobody allows his own."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ProcedureStatistics:
    """How the procedure's acts are counted in the published tables."""

    procedure_type: FrozenMap[str, str]
    """By track: G government, U UNHCR, J joint."""
    counted_as: FrozenMap[str, str]
    """By outcome: recognised, complementary, rejected, closed."""
    applied_with: tuple[str, ...]
    """Actions that count as an application."""
    told_by: tuple[str, ...] = ()
    """Fields of its forms by whose codes the cases of a year are told apart."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Procedure:
    """One version of a procedure. A case stays under the version it was opened in until a transition rule of a later one moves it."""

    code: str
    version: int
    in_force_from: date
    in_force_to: date | None
    titles: Titles
    subject: Subject
    number_prefix: str
    tracks: FrozenMap[str, Track]
    states: FrozenMap[str, State]
    actions: FrozenMap[str, Action]
    clocks: FrozenMap[str, ClockRule]
    safeguards: FrozenMap[str, Safeguard]
    sittings: FrozenMap[str, SittingRule]
    outcomes: FrozenMap[str, Titles]
    """What a person's outcome can be: the values of `outcome_field`."""
    outcome_field: str | None
    """The per-person field whose value becomes `caseperson.outcome`."""
    grounds_field: str | None
    """The per-person field whose codes become `caseperson.grounds`."""
    statistics: ProcedureStatistics | None
    recording: Recording
    legal_basis: tuple[str, ...]
    letters: FrozenMap[str, Letter] = EMPTY
    scores: FrozenMap[str, Score] = EMPTY
    interviews: FrozenMap[str, InterviewRule] = EMPTY
    order: int = 100
    """Its place among the procedures of the country, the first ones most at hand."""
    several_at_once: bool = False
    """Whether a person may have more than one open case of it: two requests for legal aid, two complaints."""
    confined: bool = False
    """Whether only the organisation that runs a case sees it, whoever else sees the family's file."""
    transitions: tuple[Transition, ...] = ()
    """How cases of earlier versions move into this one."""
    defined_at: str = ""

    def verb(self, action: str) -> str:
        """The permission for an act: `asylum.decide`."""
        return f"{self.code}.{action}"

    def ledger_kind(self, action: str) -> str:
        """The kind of the entry an act leaves: `asylum.decided`."""
        return f"{self.code}.{self.actions[action].past}"

    def transition_from(self, version: int) -> Transition | None:
        """The rule by which a case of an earlier version moves into this one, if there is one."""
        return next((rule for rule in self.transitions if rule.from_version == version), None)

    def subject_of(self, track: str) -> Subject:
        """Whom the cases of a track are about."""
        return self.tracks[track].subject or self.subject

    def initial_state(self) -> State:
        return next(state for state in self.states.values() if state.kind == "initial")

    def actions_from(self, state: str, track: str) -> tuple[Action, ...]:
        """What can be done to a case of this track in this state, in the order of the file."""
        return tuple(
            action for action in self.actions.values() if state in action.from_states and track in action.tracks
        )

    def clocks_of(self, track: str) -> tuple[ClockRule, ...]:
        return tuple(clock for clock in self.clocks.values() if track in clock.tracks)

    def is_in_force(self, on: date) -> bool:
        return self.in_force_from <= on and (self.in_force_to is None or on < self.in_force_to)
