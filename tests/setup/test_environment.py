"""The environment that bin/* make: only locked packages, one sentence where they cannot go on, whole after any kill."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

from panoh.project.installation import ROOT

LOCK = (ROOT / "requirements.txt").read_text()
PINNED = re.findall(r"^([a-z0-9][a-z0-9._-]*)==(\S+)", LOCK, re.MULTILINE)
FORBIDDEN_LICENCES = re.compile(r"\b(AGPL|GPL|Affero|GNU General Public)", re.IGNORECASE)  # not LGPL


def load_setup():
    spec = importlib.util.spec_from_file_location("setup_environment", ROOT / "bin" / "setup_environment.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def setup(tmp_path, monkeypatch):
    """The set-up module, pointed at a state directory of its own and a lock file that asks for nothing."""
    module = load_setup()
    lock = tmp_path / "requirements.txt"
    lock.write_text("# nothing\n")
    point_at(module, tmp_path / "state", lock, monkeypatch.setattr)
    return module


@pytest.fixture
def made(setup, finished_state):
    """The same, where the environment stands already."""
    shutil.copytree(finished_state, setup.STATE, symlinks=True)
    return setup


@pytest.fixture(scope="module")
def finished_state(tmp_path_factory) -> Path:
    module, directory = load_setup(), tmp_path_factory.mktemp("finished")
    (directory / "requirements.txt").write_text("# nothing\n")
    point_at(module, directory / "state", directory / "requirements.txt", setattr)
    assert module.main() == 0
    return directory / "state"


def point_at(module, state: Path, lock: Path, set_attribute) -> None:
    set_attribute(module, "STATE", state)
    set_attribute(module, "VENV", state / "venv")
    set_attribute(module, "STAMP", state / "venv" / "installed-requirements.txt")
    set_attribute(module, "UNFINISHED", state / "venv.unfinished")
    set_attribute(module, "LOCK_FILE", lock)


class TestLockFile:
    def test_every_package_has_an_exact_version_and_a_hash(self):
        assert len(PINNED) > 50
        for block in re.split(r"\n(?=[a-z0-9])", LOCK.strip()):
            assert "==" in block.splitlines()[0], block
            assert "--hash=sha256:" in block, block

    def test_it_names_no_host_and_no_path_of_a_machine(self):
        assert not re.search(r"https?://|file:|--index|--extra-index|--find-links|@ |/home/|/root/|/opt/", LOCK)

    def test_it_holds_what_the_project_asks_for(self):
        project = tomllib.loads((ROOT / "pyproject.toml").read_text())
        asked = project["project"]["dependencies"] + project["dependency-groups"]["test"]
        names = {re.match(r"[A-Za-z0-9._-]+", line)[0].lower() for line in asked}
        assert names <= {name for name, _ in PINNED}

    def test_each_dependency_says_why_it_is_there(self):
        text = (ROOT / "pyproject.toml").read_text()
        lines = re.findall(r'^    "[a-z0-9-]+[\[<>=].*$', text, re.MULTILINE)
        assert len(lines) > 30
        assert [line for line in lines if "#" not in line] == []

    def test_no_package_is_under_the_gpl(self):
        """PyPI metadata of what is installed. The LGPL of psycopg is allowed: it is used as a library, unchanged."""
        found = {name: licence_of(name) for name, _ in PINNED}
        found = {name: told for name, told in found.items() if FORBIDDEN_LICENCES.search(told)}
        assert found == {}


def licence_of(name: str) -> str:
    """What a package says of its licence; nothing for a package of another platform."""
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    classified = [line for line in about.get_all("Classifier", []) if line.startswith("License ::")]
    stated = about.get("License-Expression") or " ".join(classified)
    return stated or (about.get("License") or "").strip().split("\n")[0]


class TestMaking:
    def test_rerun_finds_it_current(self, made):
        before = made.VENV.stat().st_mtime_ns
        assert made.main() == 0
        assert made.VENV.stat().st_mtime_ns == before

    @pytest.mark.parametrize("damage", ["unfinished", "no python", "no pip", "no stamp"])
    def test_rerun_mends_what_a_kill_left(self, made, damage):
        marker = made.VENV / "marker-of-the-first"
        marker.touch()
        if damage == "unfinished":
            made.UNFINISHED.touch()
        elif damage == "no python":
            (made.VENV / "bin" / "python").unlink()
        elif damage == "no pip":
            for package in made.VENV.glob("lib/python*/site-packages/pip"):
                package.rename(package.with_name("gone"))
        else:
            made.STAMP.unlink()
        assert not made.is_current()
        assert made.main() == 0
        assert made.is_current()
        assert marker.exists() == (damage == "no stamp"), "what is whole is kept, what is not is made anew"

    def test_changed_lock_file_is_seen(self, made):
        made.LOCK_FILE.write_text("# another\n")
        assert not made.is_current()

    def test_missing_venv_module_is_told_in_one_sentence(self, setup, monkeypatch, capsys):
        monkeypatch.setitem(sys.modules, "ensurepip", None)
        assert setup.main() == 1
        told = capsys.readouterr().err
        assert "-venv (Debian, Ubuntu)" in told
        assert "Traceback" not in told

    def test_package_that_cannot_be_installed_is_told(self, made, capsys):
        made.LOCK_FILE.write_text(f"panoh-is-not-a-package @ file:///nonexistent --hash=sha256:{'0' * 64}\n")
        assert made.main() == 1
        assert "could not be installed" in capsys.readouterr().err
        assert not made.is_current()

    @pytest.mark.skipif(os.geteuid() == 0, reason="root can write everywhere")
    def test_foreign_state_directory_is_told(self, setup, capsys):
        setup.STATE.mkdir(mode=0o500)
        assert setup.main() == 1
        assert "belongs to another user" in capsys.readouterr().err


class TestShell:
    def shell(self, script: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", "-c", script],
            env=os.environ | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def test_scripts_are_plain_posix(self):
        for path in [*ROOT.glob("bin/*"), ROOT / ".ci" / "run"]:
            if path.is_file() and path.read_bytes().startswith(b"#!"):
                assert path.read_text().startswith("#!/bin/sh\n"), path
                assert os.access(path, os.X_OK), path

    def test_without_a_python_it_says_what_to_install(self, tmp_path):
        copied = tmp_path / "bin"
        copied.mkdir()
        for name in ("panoh", "environment.sh"):
            (copied / name).write_text((ROOT / "bin" / name).read_text())
        tools = tmp_path / "tools"
        tools.mkdir()
        for tool in ("sh", "dirname", "cmp", "find"):
            (tools / tool).symlink_to(subprocess.check_output(["sh", "-c", f"command -v {tool}"], text=True).strip())
        (copied / "environment.sh").write_text(
            (copied / "environment.sh").read_text().replace("/opt/homebrew/bin/python3 /usr/local/bin/python3", "none")
        )
        done = self.shell(f"sh {copied}/panoh --version", PATH=str(tools), PANOH_STATE=str(tmp_path / "state"))
        assert done.returncode == 1
        assert "Python 3.11 or newer" in done.stderr

    def test_it_runs_from_anywhere_and_rerun_costs_little(self, tmp_path):
        state = str(Path(sys.prefix).parent)
        started = time.monotonic()
        done = self.shell(f"cd {tmp_path} && {ROOT}/bin/panoh --version", PANOH_STATE=state)
        assert done.stdout.startswith("Panoh "), done.stderr
        assert time.monotonic() - started < 10
