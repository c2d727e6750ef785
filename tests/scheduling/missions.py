"""Made-up missions: a large one like a real circuit ride, and small ones of every shape for properties."""

from __future__ import annotations

import random
from datetime import date, timedelta

from hypothesis import strategies as st

from panoh.scheduling.mission import Family, Leg, Mission, Session, Staff

FIRST = date(2026, 3, 2)
DAY = timedelta(1)
SITES = ("TJ-DU", "TJ-SU", "TJ-KT")
LANGUAGES = ("prs", "pus", "uzb", "tgk")
MORNING, AFTERNOON = Session(9 * 60, 240), Session(13 * 60 + 30, 240)


def circuit_ride(families: int = 400, officers: int = 6, seed: int = 1) -> Mission:
    """Ten days, three places with a day of travel between, six officers, five interpreters; more wishes than hours."""
    chance = random.Random(seed)
    interpreters = [
        Staff(f"I{number}", "FM"[number % 2], frozenset({"prs", *chance.sample(LANGUAGES, 2)})) for number in range(5)
    ]
    people = []
    for number in range(families):
        asks = "F" if chance.random() < 0.18 else None
        people.append(
            Family(
                code=f"F{number:04}",
                site=chance.choices(SITES, [0.6, 0.25, 0.15])[0],
                language=chance.choices(LANGUAGES, [0.7, 0.15, 0.07, 0.08])[0],
                minutes=chance.choice([30, 45, 45, 60, 60, 60, 90, 90, 120]),
                urgency=chance.choices(["normal", "priority", "urgent", "emergency"], [0.5, 0.3, 0.15, 0.05])[0],
                officer_sex=asks,
                interpreter_sex=asks,
            )
        )
    relatives = [one for one in people if one.site == SITES[0]][:12]
    group = {one.code: f"G{place // 2}" for place, one in enumerate(relatives)}
    return Mission(
        legs=(
            Leg(SITES[0], FIRST, FIRST + 4 * DAY, 6),
            Leg(SITES[1], FIRST + 6 * DAY, FIRST + 7 * DAY, 6),
            Leg(SITES[2], FIRST + 9 * DAY, FIRST + 9 * DAY, 5),
        ),
        sessions=(MORNING, AFTERNOON),
        officers=tuple(
            Staff(f"O{number}", "FM"[number % 2], frozenset({"prs"} if number == 0 else ())) for number in range(officers)
        ),
        interpreters=tuple(interpreters),
        families=tuple(
            Family(**{**_fields(one), "together": group.get(one.code)}) for one in people
        ),
    )  # fmt: skip


def _fields(family: Family) -> dict[str, object]:
    return {name: getattr(family, name) for name in Family.__slots__}


days = st.integers(0, 3).map(lambda number: FIRST + number * DAY)
sexes = st.sampled_from("FM")
languages = st.sampled_from(LANGUAGES[:3])


@st.composite
def small_missions(draw: st.DrawFn) -> Mission:
    legs = [Leg(SITES[0], FIRST, FIRST + draw(st.integers(0, 1)) * DAY, draw(st.integers(1, 2)))]
    if draw(st.booleans()):
        legs.append(Leg(SITES[1], FIRST + 3 * DAY, FIRST + 3 * DAY, draw(st.integers(1, 2))))
    sessions = (Session(540, draw(st.sampled_from([60, 90]))), Session(780, 60))[: draw(st.integers(1, 2))]

    def staff(letter: str, most: int, least: int) -> tuple[Staff, ...]:
        return tuple(
            Staff(f"{letter}{number}", draw(sexes), draw(st.frozensets(languages, max_size=2)), draw(st.frozensets(days, max_size=1)))
            for number in range(draw(st.integers(least, most)))
        )  # fmt: skip

    wish = st.none() | sexes
    families = tuple(
        Family(
            code=f"F{number}",
            site=draw(st.sampled_from(SITES[:2])),
            language=draw(languages),
            minutes=draw(st.sampled_from([30, 45, 60, 120])),
            urgency=draw(st.sampled_from(["normal", "priority", "urgent"])),
            officer_sex=draw(wish),
            interpreter_sex=draw(wish),
            earliest=draw(st.none() | days),
            latest=draw(st.none() | days),
            together=draw(st.none() | st.sampled_from(["G1", "G2"])),
        )
        for number in range(draw(st.integers(0, 6)))
    )
    return Mission(tuple(legs), sessions, staff("O", 2, 1), staff("I", 2, 0), families)
