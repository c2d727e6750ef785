"""A mission and a plan as JSON: read with every fault named by its place, written so that it can be read again."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date, time
from typing import Any, TypeVar

from panoh.kernel.problems import Problem, Problems
from panoh.scheduling.mission import Appointment, Family, Leg, Mission, Plan, Session, Staff, check_mission

T = TypeVar("T")


def read_mission(text: str) -> Mission:
    """The mission of a JSON text, checked. Raises Problems, each with the place in the text."""
    given = _object(text)
    wrong: list[Problem] = []

    def each(name: str, build: Callable[[Mapping[str, Any]], T]) -> tuple[T, ...]:
        found = []
        rows = given.get(name, [])
        if not isinstance(rows, list):
            wrong.append(Problem("scheduling.file.not_a_list", field=name, name=name))
            return ()
        for place, row in enumerate(rows):
            try:
                found.append(build(row))
            except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
                wrong.append(
                    Problem(
                        "scheduling.file.row", field=f"{name}.{place}", name=name, row=place + 1, fault=str(error)[:120]
                    )
                )
        return tuple(found)

    mission = Mission(
        legs=each(
            "legs", lambda row: Leg(_text(row, "site"), _day(row["first"]), _day(row["last"]), _whole(row["rooms"]))
        ),
        sessions=each("sessions", lambda row: Session(_minute(row["starts"]), _whole(row["minutes"]))),
        officers=each("officers", _staff),
        interpreters=each("interpreters", _staff),
        families=each("families", _family),
        rest_days=frozenset(each("rest_days", _day)),
    )
    if wrong:
        raise Problems(wrong)
    check_mission(mission)
    return mission


def read_plan(text: str) -> Plan:
    """A plan that `write_plan` wrote."""
    given = _object(text)
    try:
        return Plan(
            tuple(
                Appointment(
                    family=_text(row, "family"),
                    day=_day(row["day"]),
                    session=_whole(row["session"]),
                    starts=_minute(row["starts"]),
                    minutes=_whole(row["minutes"]),
                    room=_whole(row["room"]),
                    officer=_text(row, "officer"),
                    interpreter=row.get("interpreter"),
                )
                for row in given["appointments"]
            ),
            tuple(str(code) for code in given["unplaced"]),
            float(given["value"]),
            float(given["bound"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise Problem("scheduling.file.plan", fault=str(error)[:120]) from None


def write_plan(plan: Plan) -> str:
    rows = [
        {**asdict(one), "day": one.day.isoformat(), "starts": f"{one.starts // 60:02}:{one.starts % 60:02}"}
        for one in plan.appointments
    ]
    told = {
        "value": round(plan.value, 4),
        "bound": round(plan.bound, 4),
        "gap": round(plan.gap, 6),
        "seconds": round(plan.seconds, 2),
        "unplaced": list(plan.unplaced),
        "appointments": rows,
    }
    return json.dumps(told, ensure_ascii=False, indent=1)


def _object(text: str) -> Mapping[str, Any]:
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Problem("scheduling.file.not_json", fault=str(error)[:120]) from None
    if not isinstance(given, dict):
        raise Problem("scheduling.file.not_json", fault=type(given).__name__)
    return given


def _staff(row: Mapping[str, Any]) -> Staff:
    return Staff(
        _text(row, "code"),
        _text(row, "sex"),
        frozenset(_texts(row.get("languages", []))),
        frozenset(_day(day) for day in row.get("absent", [])),
    )


def _family(row: Mapping[str, Any]) -> Family:
    return Family(
        code=_text(row, "code"),
        site=_text(row, "site"),
        language=_text(row, "language"),
        minutes=_whole(row["minutes"]),
        urgency=str(row.get("urgency", "normal")),
        officer_sex=row.get("officer_sex"),
        interpreter_sex=row.get("interpreter_sex"),
        earliest=_day(row["earliest"]) if row.get("earliest") else None,
        latest=_day(row["latest"]) if row.get("latest") else None,
        together=str(row["together"]) if row.get("together") else None,
    )


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row[name]
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name} is no text")
    return value


def _texts(values: Any) -> list[str]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise ValueError("a list of texts is expected")
    return values


def _day(value: Any) -> date:
    return date.fromisoformat(value)


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{value!r} is no whole number")
    return value


def _minute(value: Any) -> int:
    told = time.fromisoformat(value)
    return told.hour * 60 + told.minute
