"""`panoh schedule` from a mission to a plan, a gap filled and a place explained; refusals with their codes."""

from __future__ import annotations

import json

import pytest

from panoh.__main__ import main
from tests.scheduling.test_plans import GOOD


@pytest.fixture
def mission(tmp_path):
    path = tmp_path / "mission.json"
    families = [{"code": code, "site": "TJ-DU", "language": "prs", "minutes": 60} for code in "ABCDE"]
    path.write_text(json.dumps({**GOOD, "families": families}), encoding="utf-8")
    return path


def test_a_mission_is_planned_a_gap_filled_and_a_place_explained(mission, tmp_path, capsys):
    plan, again = tmp_path / "plan.json", tmp_path / "again.json"
    assert main(["schedule", str(mission), "--out", str(plan)]) == 0
    told = json.loads(plan.read_text(encoding="utf-8"))
    assert len(told["appointments"]) == 4 and len(told["unplaced"]) == 1
    first, waiting = told["appointments"][0], told["unplaced"][0]
    assert main(["schedule", str(mission), "--plan", str(plan), "--explain", waiting]) == 0
    assert "taken by others: 4 normal" in capsys.readouterr().out
    moment = f"{first['day']}T{first['starts']}"
    arguments = ["--plan", str(plan), "--missed", first["family"], "--now", moment, "--out", str(again)]
    assert main(["schedule", str(mission), *arguments]) == 0
    seen = {one["family"]: one for one in json.loads(again.read_text(encoding="utf-8"))["appointments"]}
    assert (seen[waiting]["day"], seen[waiting]["starts"]) == (first["day"], first["starts"])
    assert first["family"] not in seen


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--explain", "A"], "scheduling.command.no_plan"),
        (["--plan", "MISSION", "--explain", "A"], "scheduling.file.plan"),
    ],
)
def test_what_cannot_be_told_is_refused(mission, capsys, arguments, code):
    given = [str(mission) if one == "MISSION" else one for one in arguments]
    assert main(["schedule", str(mission), *given]) == 1
    assert f"[{code}]" in capsys.readouterr().err
