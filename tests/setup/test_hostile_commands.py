"""The `panoh` command given nonsense: a sentence with its code and exit code 1 or 2, never a traceback, never a stuck process."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.setup.installations import Installation

pytestmark = pytest.mark.slow

NO_ID = "01890000-0000-7000-8000-000000000000"
TEXTS = (
    "",
    "\0",
    "\ud800",
    "x" * 50_000,
    "PANOH1:",
    "PANOH1:!!!",
    "PANOHP1:ABC",
    "' OR 1=1 --",
    "%s%(x)s{0}",
    "\u202e😀",
)


def files(folder: Path) -> dict[str, Path]:
    """Files of every kind that is no workbook, no checkpoint and no dump."""
    made = {
        name: folder / name
        for name in ("empty", "text.xlsx", "zip.xlsx", "cut.xlsx", "bare.xlsx", "odd.xlsx", "nul", "long")
    }
    made["empty"].write_bytes(b"")
    made["text.xlsx"].write_text("Households, Individuals")
    with zipfile.ZipFile(made["zip.xlsx"], "w") as packed:
        packed.writestr("xl/workbook.xml", "<a")
    Workbook().save(made["bare.xlsx"])
    made["cut.xlsx"].write_bytes(made["bare.xlsx"].read_bytes()[:1500])
    odd = Workbook()
    for name in ("Households", "Individuals"):
        sheet = odd.create_sheet(name)
        sheet.append(["household_id", None, "=1/0", "household_id", "\u202e"])
        sheet.append([1e308, "x" * 30_000, "=A1", True, "0001-01-01"])
    odd.save(made["odd.xlsx"])
    made["nul"].write_bytes(b"\0" * 4096 + b"\xff\xfe")
    made["long"].write_text("panoh\n" + "9" * 100_000 + "\n" + "A" * 100_000 + "\n\n— x " + "B" * 1000 + "\n")
    made["missing"] = folder / "no" / "such"
    made["folder"] = folder
    return made


def hostile_commands(folder: Path) -> list[list[str]]:
    made = files(folder)
    wanted = [[], ["--nonsense"], ["nonsense"], ["ledger"], ["ledger", "nonsense"], ["\ud800"], ["", ""]]
    for path in map(str, made.values()):
        wanted.append(["import", "registrations", path, "--preview", "--as", "registration_clerk"])
        wanted.append(["import", "registrations", path, "--preview", "--as", "register_officer", "--office", "201"])
        wanted.append(["ledger", "verify", "--against", path])
        wanted.append(["database", "restore", path])
    wanted.append(["database", "dump", str(made["missing"] / "deeper")])
    wanted.append(["database", "dump", str(folder)])
    wanted.append(["statistics", "--year", "2025", "--format", "xlsx", "--output", str(made["missing"])])
    wanted.append(["statistics", "--year", "2025", "--format", "xlsx", "--output", str(folder)])
    for year in ("0", "-1", "99999", "1", "9999", "10000", "x", "2025.5", "9" * 100, "٢٠٢٥", ""):
        wanted.append(["statistics", "--year", year])
    for day in ("0001-01-01", "9999-12-31", "2025-02-30", "yesterday", ""):
        wanted.append(["statistics", "--year", "2025", "--known", day])
    for text in TEXTS:
        wanted += [
            ["ledger", "receipt", text],
            ["ledger", "show", text],
            ["ledger", "show", "--kind", text],
            ["rulebook", "show", text],
            ["database", "password", text],
            ["import", "list", "--as", text],
            ["import", "undo", NO_ID, "--as", text],
            [
                "access",
                "start",
                "--organisation",
                text,
                "--kind",
                "un",
                "--title",
                text,
                "--username",
                text,
                "--name",
                text,
            ],
        ]
    for number in ("-1", "0", "9" * 30, "x", "1e9"):
        wanted.append(["ledger", "show", "--limit", number])
        wanted.append(["translations", "check", "--most", number])
    for port in ("-1", "0x", "65536", "99999999999"):
        wanted.append(["serve", "--port", port])
    wanted.append(["serve", "--host", "no.such.host.invalid", "--port", "8899"])
    wanted.append(["serve", "--host", "", "--port", "99999"])
    wanted += [
        ["import", "undo", NO_ID, "--as", "register_officer"],
        ["ledger", "show", NO_ID],
        ["rulebook", "show", "asylum", "--version", "x"],
    ]
    return wanted


def test_no_command_ends_in_a_traceback(installation: Installation, tmp_path) -> None:
    wanted = hostile_commands(tmp_path)
    made = subprocess.run(
        [sys.executable, "-m", "tests.setup.staging", "make", "1"],
        env=installation.environment(), capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    done = subprocess.run(
        [sys.executable, "-m", "tests.setup.staging", "run"],
        env=installation.environment(), input=json.dumps(wanted), capture_output=True, text=True, timeout=900, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    answers = json.loads(done.stdout)
    assert len(answers) == len(wanted) > 100
    wrong = []
    for arguments, answer in zip(wanted, answers, strict=True):
        shown = [one[:40] for one in arguments]
        if answer["fault"] or "Traceback" in answer["told"] + answer["printed"]:
            wrong.append(f"{shown}: {answer['fault'][-600:] or answer['told'][-600:]}")
        elif answer["code"] not in (0, 1, 2):
            wrong.append(f"{shown}: ended with {answer['code']}")
        elif answer["code"] and not (answer["told"] + answer["printed"]).strip():
            wrong.append(f"{shown}: ended with {answer['code']} and says nothing")
    assert not wrong, "\n".join(wrong)
