"""Rules about the code as a house: arrows between rooms, size and names of files, nothing of anybody's machine."""

from __future__ import annotations

import re
import subprocess
import sys

from django.conf import settings

from panoh.__main__ import ROOMS_WITH_COMMANDS
from panoh.project.installation import ROOT
from tests.meta.sources import python_files, shown, text_files, tracked_files

LONGEST_FILE = 400
# A ratchet: a file may leave this list or shrink, none may join it. Migrations are lists of what is, and may be long.
LONGER_FOR_NOW: dict[str, int] = {}
NAMES_THAT_SAY_NOTHING = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "manager",
    "managers",
    "lib",
    "libs",
    "data",
    "misc",
}
PLACES_OF_ONE_MACHINE = re.compile(r"(?<![\w.])/(?:work|root|home/\w+|Users/\w+)/")


def contracts_hold(settings_file) -> tuple[bool, str]:
    """In a process of its own: import-linter sets up logging anew and silences every logger that it finds."""
    program = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(config_filename=sys.argv[1], no_cache=True))"
    done = subprocess.run(
        [sys.executable, "-c", program, str(settings_file)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.returncode == 0, done.stdout + done.stderr


def test_arrows_between_rooms_point_downwards():
    held, told = contracts_hold(ROOT / "pyproject.toml")
    assert held, told


def test_an_arrow_that_points_upwards_would_be_seen(tmp_path):
    """The same contract with two storeys exchanged must break, or the test above proves nothing."""
    text = (ROOT / "pyproject.toml").read_text()
    exchanged = text.replace('    "access",\n    "ledger",\n', '    "ledger",\n    "access",\n')
    assert exchanged != text
    (tmp_path / "pyproject.toml").write_text(exchanged)
    held, told = contracts_hold(tmp_path / "pyproject.toml")
    assert not held
    assert "BROKEN" in told


def test_no_file_grows_past_its_room():
    too_long = {}
    for path in python_files("panoh", "tests", "bin", "benchmarks"):
        if "migrations" in path.parts:
            continue
        lines = len(path.read_text().splitlines())
        if lines > LONGER_FOR_NOW.get(shown(path), LONGEST_FILE):
            too_long[shown(path)] = lines
    assert too_long == {}, "split them: a file past 400 lines is a folder waiting to be named"


def test_ratchet_of_long_files_only_turns_one_way():
    loose = {
        name: allowed
        for name, allowed in LONGER_FOR_NOW.items()
        if not (ROOT / name).exists() or len((ROOT / name).read_text().splitlines()) < allowed
    }
    assert loose == {}, "shorten the list to what is needed"


def test_names_say_what_a_module_holds():
    found = [
        shown(path)
        for path in python_files("panoh", "tests", "bin", "benchmarks")
        if {part.removesuffix(".py") for part in path.relative_to(ROOT).parts} & NAMES_THAT_SAY_NOTHING
    ]
    assert found == []


def test_every_module_says_what_it_is_for():
    silent = []
    for path in python_files("panoh", "bin"):
        text = path.read_text().strip()
        if not text or "migrations" in path.parts or path.name in {"apps.py", "urls.py"}:
            continue
        if not re.match(r'(#.*\n)*r?"""', text):
            silent.append(shown(path))
    assert silent == []


def test_every_room_is_listed():
    rooms = {path.relative_to(ROOT).parts[1] for path in python_files("panoh") if path.name == "apps.py"}
    assert rooms == set(settings.ROOMS)


def test_commands_of_every_room_are_listed():
    rooms = {path.relative_to(ROOT).parts[1] for path in python_files("panoh") if path.match("panoh/*/commands.py")}
    assert rooms <= set(ROOMS_WITH_COMMANDS)


def test_nothing_names_a_place_of_one_machine():
    found = []
    for path in text_files():
        if path.name in {"test_house.py", "test_environment.py"}:
            continue  # they hold the patterns
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            if PLACES_OF_ONE_MACHINE.search(line):
                found.append(f"{shown(path)}:{number}: {line.strip()[:100]}")
    assert found == []


def test_no_secret_and_no_build_is_kept():
    kept = [shown(path) for path in tracked_files() if path.suffix in {".mo", ".pyc", ".key", ".pem"}]
    assert kept == []


def test_production_code_does_not_know_that_it_is_tested():
    """What is tested must be what runs."""
    asks = re.compile(r"PYTEST_CURRENT_TEST|^\s*(?:import|from) (?:pytest|tests|hypothesis)\b", re.MULTILINE)
    assert [shown(path) for path in python_files("panoh") if asks.search(path.read_text())] == []
