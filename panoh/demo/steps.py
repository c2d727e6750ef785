"""What was done in a family's claim, act by act, with the answers in its forms. Pure; the words are those of the asylum procedure.

The plan fixes when a claim was lodged and when its outcome counted; between them stand interview, assessment and the
commission. Claims still pending stopped somewhere on the way. Some acts were not done as they should have been (no interpreter,
a transcript not read back, a border unit that gave no notice), so that the monitor's page has something to show.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from panoh.demo.histories import APPEAL_DAYS, SUSPENDED_FROM, SUSPENDED_UNTIL, File, thursday
from panoh.demo.ways import CLOSED, RECOGNISED, REJECTED

GOVERNMENT, MANDATE = "government", "mandate"
GROUNDS = (("POLITICAL", 55), ("PSG", 22), ("RELIGION", 6), ("NATIONALITY", 9), ("RACE", 2))
REFUSALS = (("NOT_WELL_FOUNDED", 5), ("NOT_CREDIBLE", 4), ("NO_NEXUS", 2))
REASONS_FOR_FLIGHT = (
    ("INSECURITY", 25), ("FORMER_STATE_SERVICE", 25), ("POLITICAL_PERSECUTION", 15), ("ARMED_GROUPS", 12),
    ("INTERNATIONAL_WORK", 10), ("GENDER_PERSECUTION", 8), ("ETHNIC_PERSECUTION", 4), ("FAMILY_REUNIFICATION", 4),
)  # fmt: skip
LANGUAGES = {"AFG": "PRS", "IRN": "PES", "PAK": "URD"}
PROMPT, ANSWERED = 0.6, 0.95
"""How many claims are dealt with inside their time limits, and how many answers that nobody had to give were given."""
APPEALED, BEFORE_THE_APPEAL = 0.5, 56
"""How many refusals are appealed against where there was time, and how long before the last word the first one fell."""
TOLD_AND_A_MONTH = 35  # an appeal that comes more days after the decision is out of time
BY_WHOM = {"decided_by": "Higher body"}
WHY_LATE = (
    {"why_late": "The letter lay with a neighbour."},
    {"reasoning": "Nobody handed the letter to the family itself."},
)
EXTENDED_AFTER, LONGEST_EXTENDED = 80, 175
NARRATIVES_FROM = date(2025, 1, 1)
"""Texts are written for the claims that somebody may open today; for older ones only the answers by code were taken over."""


@dataclass(slots=True)
class PlannedStep:
    """One act: its answers for the case and, by the place of the life in the file, for each person."""

    action: str
    on: date
    username: str
    facts: dict[str, Any] = field(default_factory=dict)
    persons: dict[int, dict[str, Any]] = field(default_factory=dict)
    counted: bool = False
    """Whether the population accounting of that day hangs on this act."""


@dataclass(slots=True)
class PlannedCase:
    """One case on one track, with the lives that are in it."""

    track: str
    persons: list[int]
    steps: list[PlannedStep]


def track_of(procedure: str) -> str:
    return MANDATE if procedure == "U" else GOVERNMENT


def plan_cases(file: File, rng: random.Random, until: date, at_the_border: bool) -> list[PlannedCase]:
    """One case; or two, where the claim was lodged on one track and decided on the other (2018, 2022, 2023)."""
    family = file.family
    if file.lodged_on is None:
        return []
    teller = _Telling(file, rng, until, at_the_border)
    track = track_of(family.procedure)
    if not family.decided or track_of(family.decided_by) == track:
        return [teller.case(track, file.lodged_on, file.decided_on)]
    decided = file.decided_on or until
    first = teller.case(track, file.lodged_on, None, stop_at=decided)
    opened = max(file.lodged_on + timedelta(days=5), decided - timedelta(days=rng.randint(40, 120)))
    second = teller.case(
        track_of(family.decided_by), min(opened, decided - timedelta(days=8)), decided, counted_from_start=False
    )
    last = max(step.on for step in first.steps)
    ended = max(decided + timedelta(days=rng.randint(1, 9)), last)
    if ended <= until:
        who = "mandate" if track == MANDATE else "eligibility"
        facts = {"in_writing": True, "consequences_explained": True, "reason": "Decided on the other track."}
        first.steps.append(PlannedStep("withdraw", ended, who, facts))
    return [first, second]


class _Telling:
    """The acts of one file."""

    def __init__(self, file: File, rng: random.Random, until: date, at_the_border: bool) -> None:
        self.file, self.rng, self.until, self.at_the_border = file, rng, until, at_the_border
        self.language = LANGUAGES.get(file.family.origin, "PRS")
        # One of the two officers prepares more of the refusals; whether for good reasons is what supervision asks.
        strict = 0.7 if file.family.outcome == REJECTED else 0.42
        self.officer = "eligibility-2" if rng.random() < strict else "eligibility"
        self.prompt = rng.random() < PROMPT

    def case(
        self,
        track: str,
        lodged: date,
        decided: date | None,
        stop_at: date | None = None,
        counted_from_start: bool = True,
    ) -> PlannedCase:
        steps = [self._opening(track, lodged, counted_from_start)]
        if decided is None:
            steps += self._on_the_way(track, lodged, stop_at or self.until, stalled=stop_at is None)
        else:
            steps += self._decided(track, lodged, decided)
        present = [
            place for place, life in enumerate(self.file.lives)
            if life.joined_on <= lodged and not (life.dies_on and life.dies_on < lodged)
        ]  # fmt: skip
        # The notice of the border unit comes when it comes, often after the next act of the authority.
        steps = sorted((step for step in steps if step.on <= self.until), key=lambda step: step.on)
        for step in steps:
            step.persons = {place: answers for place, answers in step.persons.items() if place in present}
        return PlannedCase(track, present, steps)

    # -- the way of a claim

    def _opening(self, track: str, on: date, counted: bool) -> PlannedStep:
        statement = {"statement": self._statement()} if on >= NARRATIVES_FROM else {}
        if track == MANDATE:
            facts = {
                "application_language": self.language,
                "why_mandate": self._pick((("no_access", 7), ("resettlement", 2), ("other", 1))),
            }
            return PlannedStep("apply_mandate", on, "mandate", facts | statement, counted=counted)
        facts = {
            "lodged_at": "border_post" if self.at_the_border else "authority",
            "application_language": self.language,
            "irregular_entry": self.rng.random() < 0.35,
            "reasons_for_flight": sorted({self._pick(REASONS_FOR_FLIGHT), self._pick(REASONS_FOR_FLIGHT)}),
        }
        if facts["irregular_entry"]:
            facts["held_for_entry"] = self.rng.random() < 0.06
        return PlannedStep("lodge", on, "clerk", facts | statement, counted=counted)

    def _acts(self, track: str) -> list[tuple[str, float, int, int]]:
        """(act, share of the way to the decision, days after the act before it when nothing presses: least, most)."""
        if track == MANDATE:
            return [
                ("schedule_interview", 0.1, 5, 30), ("interview", 0.35, 7, 40), ("record_assessment", 0.7, 5, 40),
                ("review", 0.85, 2, 12),
            ]  # fmt: skip
        return [
            ("register", 0.05, 0, 7), ("schedule_interview", 0.12, 2, 18), ("interview", 0.35, 7, 30),
            ("record_assessment", 0.7, 5, 30), ("refer_to_commission", 0.8, 1, 9),
        ]  # fmt: skip

    def _on_the_way(self, track: str, lodged: date, end: date, stalled: bool) -> list[PlannedStep]:
        acts = self._acts(track)
        waiting = (end - lodged).days
        reached = len(acts)
        if stalled and waiting > 90:  # late claims stand still somewhere, most of them before the commission
            reached = self.rng.choices(range(1, len(acts) + 1), range(1, len(acts) + 1))[0]
        steps, day = self._notice(track, lodged), lodged
        for act, _share, least, most in acts[:reached]:
            day = _workday(day + timedelta(days=self.rng.randint(least, most)), day)
            if day > end:
                break
            steps += self._act(act, day)
        return steps

    def _decided(self, track: str, lodged: date, counted_on: date) -> list[PlannedStep]:
        outcome = self.file.family.outcome
        government = track == GOVERNMENT
        if outcome == CLOSED:
            return self._stopped(track, lodged, counted_on)
        day = counted_on
        if outcome == REJECTED:
            day = counted_on - timedelta(days=APPEAL_DAYS)
            if government:
                day = thursday(day, lodged)
        decision = "decide" if government else "decide_mandate"
        who = "secretary" if government else "mandate-2"
        first = thursday(day - timedelta(days=BEFORE_THE_APPEAL), lodged) if outcome == REJECTED and government else day
        appealed = first < day and (first - lodged).days > APPEAL_DAYS and commission_may_sit(first)
        if appealed and self.rng.random() < APPEALED:
            return self._appealed(track, lodged, first, day, counted_on)
        steps = self._notice(track, lodged) + self._before(track, lodged, day)
        steps.append(
            PlannedStep(
                decision, day, who, self._reasoning(outcome, day), self._outcomes(outcome), outcome == RECOGNISED
            )
        )
        told = day + timedelta(days=self.rng.choice((0, 0, 1, 1, 4) if self.prompt else (1, 2, 3, 6, 11)))
        if outcome == REJECTED:
            told = min(told, day + timedelta(days=3))
        steps.append(self._notification(told, track))
        if outcome == REJECTED:
            close = "close_refused" if government else "close_refused_mandate"
            steps.append(PlannedStep(close, counted_on, self._closer(track), counted=True))
        else:
            steps.append(
                PlannedStep("close_granted", told + timedelta(days=self.rng.randint(1, 25)), self._closer(track))
            )
        return steps

    def _appealed(self, track: str, lodged: date, first: date, upheld: date, counted_on: date) -> list[PlannedStep]:
        """Refused, appealed against, heard and refused again, in the time that the plan left for it; now and then out of time."""
        lodged_on = first + timedelta(days=self.rng.choice((8, 13, 20, 27, 37)))
        heard_on = lodged_on + (upheld - lodged_on) / 2
        appeal, held = {"body": "higher_body", "application_kind": "refusal_of_status"}, {"held_in_detention": False}
        taken_in = [PlannedStep("lodge_appeal", lodged_on, "secretary", appeal | held)]
        if (lodged_on - first).days > TOLD_AND_A_MONTH:
            why, weighed = WHY_LATE if lodged_on >= NARRATIVES_FROM else ({}, {})
            late = PlannedStep("lodge_late_appeal", lodged_on, "secretary", appeal | why)
            taken_in = [late, PlannedStep("admit_late", lodged_on, self.officer, held | weighed)]
        present = {f"{who}_present": self.rng.random() < 0.85 for who in ("appellant", "interpreter", "counsel")}
        reasons = self._reasoning(REJECTED, upheld)
        return [
            *self._notice(track, lodged),
            *self._before(track, lodged, first),
            PlannedStep("decide", first, "secretary", self._reasoning(REJECTED, first), self._outcomes(REJECTED)),
            self._notification(first + timedelta(days=2), track),
            *taken_in,
            PlannedStep("list_appeal", lodged_on, "secretary", held | {"hearing_on": heard_on.isoformat()}),
            PlannedStep("hear_appeal", heard_on, "secretary", present),
            PlannedStep("decide_appeal", upheld, self.officer, reasons and reasons | BY_WHOM, self._outcomes(REJECTED)),
            self._notification(upheld + timedelta(days=1), track),
            PlannedStep("close_refused", counted_on, self._closer(track), counted=True),
        ]  # fmt: skip

    def _before(self, track: str, lodged: date, decided: date) -> list[PlannedStep]:
        """The acts up to a decision, each on its share of the time there was; or, where the office is prompt, within its limits."""
        span, steps, before = (decided - lodged).days, [], lodged
        back = {"record_assessment": 11, "refer_to_commission": 8, "interview": 24 if track == MANDATE else 40}
        for act, share, _least, _most in self._acts(track):
            day = lodged + timedelta(days=int(span * share))
            if self.prompt:
                day = lodged + timedelta(days=2) if act == "register" else day
                day = max(day, decided - timedelta(days=back[act])) if act in back else day
            if (
                self.prompt
                and act == "interview"
                and EXTENDED_AFTER + 10 < span < LONGEST_EXTENDED
                and track == GOVERNMENT
            ):
                extended = _workday(lodged + timedelta(days=EXTENDED_AFTER), before)
                if extended < day:
                    steps.append(self._extend(extended))
                    before = extended
            before = max(before, min(_workday(day, before), decided))
            steps += self._act(act, before)
        return steps

    def _extend(self, day: date) -> PlannedStep:
        facts = {"applicant_told": True}
        if day >= NARRATIVES_FROM:
            facts["reasoning"] = "Country information about the home district has been asked for and has not come yet."
        return PlannedStep("extend_time", day, self.officer, facts)

    def _stopped(self, track: str, lodged: date, ended: date) -> list[PlannedStep]:
        """Closed without a decision: withdrawn in writing, or abandoned."""
        who = "mandate" if track == MANDATE else self.officer
        steps = self._notice(track, lodged)
        day = lodged
        for act, _share, least, most in self._acts(track)[: self.rng.randint(1, 3)]:
            day = _workday(day + timedelta(days=self.rng.randint(least, most)), day)
            if day >= ended:
                break
            steps += self._act(act, day)
        if self.file.closure == "WITHDRAWAL":
            facts = {"in_writing": True, "consequences_explained": self.rng.random() < 0.9}
            return [*steps, PlannedStep("withdraw", ended, who, facts, counted=True)]
        facts = {
            "last_contact_on": max(lodged, ended - timedelta(days=self.rng.randint(40, 150))).isoformat(),
            "attempts": "Two calls and a letter, no answer.",
        }
        return [*steps, PlannedStep("abandon", ended, who, facts, counted=True)]

    # -- single acts

    def _notice(self, track: str, lodged: date) -> list[PlannedStep]:
        if track != GOVERNMENT or not self.at_the_border or (not self.prompt and self.rng.random() < 0.3):
            return []
        day = lodged + timedelta(days=self.rng.choice((0, 1, 1, 2) if self.prompt else (1, 2, 4, 6)))
        return [PlannedStep("notify_authority", day, "clerk", {"border_unit": "Border unit at the crossing"})]

    def _act(self, act: str, day: date) -> list[PlannedStep]:
        return [getattr(self, f"_{act}")(day)]

    def _register(self, day: date) -> PlannedStep:
        return PlannedStep("register", day, "supervisor", {"told_of_rights": True})

    def _schedule_interview(self, day: date) -> PlannedStep:
        asked = self.rng.random() < 0.94
        facts = {
            "interview_on": (day + timedelta(days=self.rng.randint(5, 25))).isoformat(),
            "language": self.language,
            "sex_preference_asked": asked,
            "counsel_explained": self.rng.random() < 0.93,
        }
        if asked:
            facts["preferred_sex"] = self._pick((("none", 6), ("woman", 3), ("man", 1)))
        return PlannedStep("schedule_interview", day, self.officer, facts)

    def _interview(self, day: date) -> PlannedStep:
        child = any(life.joined_on.year - life.member.born < 18 for life in self.file.lives[:1] if life.member.born)
        facts = {
            "language": self.language,
            "interpreter": self._pick((("sworn", 70), ("unsworn", 12), ("not_needed", 13), ("absent", 5))),
            "language_understood": self.rng.random() < 0.97,
            "preference_honoured": self._pick((("none_stated", 6), ("yes", 3), ("no", 1))),
            "private": self.rng.random() < 0.95,
            "counsel": self._pick((("declined", 5), ("present", 3), ("not_offered", 1), ("not_admitted", 1))),
            "guardian": "present" if child else "not_needed",
            "could_add_evidence": self.rng.random() < 0.95,
            "transcript_kind": self._pick((("summary", 5), ("verbatim", 3), ("recording", 1))),
            "read_back": self.rng.random() < 0.9,
            "signed": self.rng.random() < 0.95,
        }
        facts = self._as_taken_over(facts, day)
        if day >= NARRATIVES_FROM:
            facts["transcript"] = self._statement() + " " + "The applicant answered all questions about the journey."
        return PlannedStep("interview", day, self.officer, facts)

    def _record_assessment(self, day: date) -> PlannedStep:
        if day < NARRATIVES_FROM:
            return PlannedStep("record_assessment", day, self.officer)
        facts = {
            "facts_found": "Identity and home district established; the account is consistent in its main points.",
            "country_information": "Reports on the home province of the year before departure.",
            "analysis": "A well-founded fear is considered in the light of the account and of the country information.",
        }
        recommended = "rejected" if self.file.family.outcome == REJECTED else "recognised"
        persons = {place: {"recommendation": recommended} for place in range(len(self.file.lives))}
        return PlannedStep("record_assessment", day, self.officer, facts, persons)

    def _refer_to_commission(self, day: date) -> PlannedStep:
        return PlannedStep("refer_to_commission", day, self.officer)

    def _review(self, day: date) -> PlannedStep:
        return PlannedStep(
            "review", day, "mandate-2" if self.officer == "eligibility" else "protection", {"result": "agrees"}
        )

    def _notification(self, day: date, track: str) -> PlannedStep:
        facts = {
            "manner": self._pick((("in_person", 9), ("representative", 1))),
            "language": self.language,
            "language_understood": self.rng.random() < 0.96,
            "in_writing": True,
            "reasons_given": self.rng.random() < 0.9,
            "appeal_information": self.rng.random() < 0.94,
        }
        facts = self._as_taken_over(facts, day)
        return PlannedStep("notify_decision", day, "mandate" if track == MANDATE else "secretary", facts)

    def _as_taken_over(self, facts: dict[str, Any], day: date) -> dict[str, Any]:
        """In the years before the forms asked for everything, some of it was not written down."""
        if day >= NARRATIVES_FROM:
            return facts
        return {name: value for name, value in facts.items() if self.rng.random() < ANSWERED}

    def _outcomes(self, outcome: str) -> dict[int, dict[str, Any]]:
        if outcome == RECOGNISED:
            answer = {"outcome": "recognised", "grounds": [self._pick(GROUNDS)]}
        else:
            answer = {"outcome": "rejected", "grounds": [self._pick(REFUSALS)]}
        return {place: dict(answer) for place in range(len(self.file.lives))}

    def _reasoning(self, outcome: str, day: date) -> dict[str, Any]:
        if day < NARRATIVES_FROM:
            return {}
        if outcome == RECOGNISED:
            return {
                "reasoning": "The fear of persecution is well founded: the account is credible and agrees with the country information."
            }
        return {
            "reasoning": "The account leaves no link to a ground of the Convention, and it contradicts the papers shown."
        }

    def _closer(self, track: str) -> str:
        return "mandate" if track == MANDATE else self.officer

    def _statement(self) -> str:
        return (
            "We left because we were no longer safe at home; the children could not go to school and I was looked for."
        )

    def _pick(self, options: tuple[tuple[str, int], ...]) -> str:
        return self.rng.choices([option for option, _ in options], [weight for _, weight in options])[0]


def _workday(day: date, before: date) -> date:
    """Never on a weekend, never before the act on which it rests."""
    return max(day - timedelta(days=max(0, day.weekday() - 4)), before)


def commission_may_sit(day: date) -> bool:
    return not SUSPENDED_FROM <= day < SUSPENDED_UNTIL
