"""A procedure written out as text, from its data alone: what can be done, by whom, by which article, and until when.

Used by `panoh rulebook manual`; lawyers read this to check that the data say what the law says.
"""

from __future__ import annotations

from collections.abc import Iterable

from panoh.rulebook.book import Rulebook
from panoh.rulebook.law import Amount
from panoh.rulebook.procedure import Action, ClockRule, Procedure, Safeguard
from panoh.rulebook.reasoning import length_in_words
from panoh.rulebook.score import Score
from panoh.rulebook.sheet import ScoreSheet


def write_manual(procedure: Procedure, book: Rulebook, language: str) -> str:
    """The whole procedure; each track's way first, then acts, clocks, sittings and safeguards."""
    title = (
        f"{procedure.titles[language]} ({procedure.code}, version {procedure.version}, from {procedure.in_force_from})"
    )
    parts: list[str] = [title, "=" * len(title), ""]
    for track in procedure.tracks.values():
        parts += [f"## {track.titles[language]}", ""]
        for state in procedure.states.values():
            if track.code not in state.tracks:
                continue
            acts = [action.code for action in procedure.actions_from(state.code, track.code)]
            parts.append(f"{state.titles[language]} [{state.code}, {state.kind}] → {', '.join(acts) or '—'}")
        parts.append("")
    parts += ["## Acts", "", *_recording(procedure, book, language)]
    for action in procedure.actions.values():
        parts += _action(action, procedure, book, language)
    parts += ["## Clocks", ""]
    for clock in procedure.clocks.values():
        parts += _clock(clock, book, language)
    if procedure.sittings:
        parts += ["## Sittings", ""]
    for sitting in procedure.sittings.values():
        quorum = book.values[sitting.quorum][-1]
        parts += [
            f"{sitting.titles[language]} [{sitting.code}]: quorum {quorum.number} ({quorum.confidence}), {sitting.majority} majority",
            *([f"  at most {book.values[sitting.agenda_limit][-1].number} cases"] if sitting.agenda_limit else []),
            f"  votes shown {sitting.votes_shown.replace('_', ' ')}",
            *(_sheet(sitting.scores, procedure, language) if sitting.scores else []),
            *(f"  {seat.titles[language]} ({seat.seat})" for seat in sitting.seats),
            "",
        ]
    for move in procedure.transitions:
        parts += [
            f"## Cases of version {move.from_version}",
            "",
            f"{move.why[language]} ({_cited(move.legal_basis, book, language)})",
            f"  moves {move.takes}, by {', '.join(move.who)}",
            *(f"  {old} → {new}" for old, new in move.states.items()),
            *(f"  {code}: {how.to or 'ends'}, {how.count}" for code, how in move.clocks.items()),
            "",
        ]
    for rule in procedure.interviews.values():
        called, off = procedure.actions[rule.appoints], procedure.actions[rule.calls_off]
        parts += [
            f"## {rule.titles[language]} [{rule.code}]",
            "",
            f"calls by {called.titles[language]}, calls off by {off.titles[language]}",
            "",
        ]
    parts += ["## Safeguards", ""]
    for safeguard in procedure.safeguards.values():
        parts.append(
            f"{safeguard.titles[language]} [{safeguard.code}]{_within(safeguard, book, language)} ({_cited(safeguard.standards, book, language)})"
        )
    for score in procedure.scores.values():
        parts += ["", *_score(score, language)]
    for letter in procedure.letters.values():
        parts += ["", f"## {letter.titles[language]} [{letter.code}]", "", letter.text[language].strip()]
    return "\n".join(parts)


def _score(score: Score, language: str) -> Iterable[str]:
    yield f"## {score.titles[language]} [{score.code}]"
    yield ""
    yield f"formula {score.formula} ({score.confidence}); of {score.action}; at most {score.most_missing} % of a part missing"
    for part in score.parts.values():
        yield f"  {part.titles[language]}: weight {part.weight}, {', '.join(part.questions)}"
    for band in score.bands:
        yield f"  {'below ' + str(band.below) if band.below is not None else 'else'}: {band.titles[language]}"


def _sheet(sheet: ScoreSheet, procedure: Procedure, language: str) -> Iterable[str]:
    """How the panel scores, and what its ranking decides."""
    yield f"  scores {procedure.actions[sheet.decides].titles[language]} by the sheet {sheet.name} ({sheet.confidence})"
    for one in sheet.criteria.values():
        yield f"    {one.titles[language]}: {one.lowest} to {one.highest}, weight {one.weight} of 100"
    yield f"    ranked: {', '.join(sheet.ranked)}; everybody else: {sheet.rest}" + (
        f"; nobody below {sheet.least}" if sheet.least is not None else ""
    )


def _recording(procedure: Procedure, book: Rulebook, language: str) -> Iterable[str]:
    """How late an act may be written down, and who may allow a later entry."""
    rule = procedure.recording
    yield f"recorded within {_length(rule.within, book, language)}"
    yield f"  later if allowed by {', '.join(book.country.roles[role].titles[language] for role in rule.confirmed_by)}"
    yield ""


def _within(safeguard: Safeguard, book: Rulebook, language: str) -> str:
    return f" within {_length(safeguard.due_within, book, language)}" if safeguard.due_within else ""


def _length(value_id: str, book: Rulebook, language: str) -> str:
    """The length of time as it is today, with the article that sets it and how sure we are."""
    value = book.values[value_id][-1]
    length = length_in_words(value.amount.amount, value.amount.unit, language)
    return f"{length} ({book.cite(value.provision, language)}; {value.confidence})"


def _action(action: Action, procedure: Procedure, book: Rulebook, language: str) -> Iterable[str]:
    ends = ", ".join(procedure.states[code].titles[language] for code in action.end_states()) or "—"
    yield f"{action.titles[language]} [{action.code}] → {ends}"
    yield f"  {', '.join(book.country.roles[role].titles[language] for role in action.who)}"
    yield f"  {_cited(action.legal_basis, book, language)}"
    if action.recorded_within != procedure.recording.within:
        yield f"  recorded within {_length(action.recorded_within, book, language)}"
    for field in (*action.form, *action.per_person):
        yield f"  - {field.titles[language]} ({field.kind}{', required' if field.required else ''})"
    for guard in action.guards:
        named = {
            name: value if isinstance(value, str) else ", ".join(value)
            for name, value in guard.params.items()
            if name != "when"
        }
        params = ", ".join(f"{name} {value}" for name, value in named.items())
        yield f"  guard: {guard.name} {params} ({_cited(guard.legal_basis, book, language)})".replace(" ()", "")
    if action.two_person_after:
        yield f"  second person: another than the one who did {action.two_person_after}"
    if action.by_sitting:
        yield f"  only by the sitting {procedure.sittings[action.by_sitting].titles[language]}"
    yield ""


def _clock(clock: ClockRule, book: Rulebook, language: str) -> Iterable[str]:
    yield f"{clock.titles[language]} [{clock.code}]: {', '.join(clock.starts_on)} → {', '.join(clock.stops_on)}"
    for value in book.values[clock.limit]:
        length = (
            length_in_words(value.value.amount, value.value.unit, language) if isinstance(value.value, Amount) else ""
        )
        yield f"  from {value.valid_from}: {length} ({book.cite(value.provision, language)}; {value.confidence})"
    if clock.paused_by_barriers:
        yield f"  paused by {', '.join(clock.paused_by_barriers)}"
    if clock.extended_by:
        yield f"  extended by {clock.extended_by}"
    yield ""


def _cited(provisions: Iterable[str], book: Rulebook, language: str) -> str:
    return "; ".join(book.cite(id, language) for id in provisions)
