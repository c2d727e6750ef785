"""How bin/test obtains its browser: the system's, else by the package manager, else one sentence that says what to do."""

from __future__ import annotations

import importlib.util
import os
import stat
from pathlib import Path

import pytest

from panoh.project.installation import ROOT


@pytest.fixture
def browser(monkeypatch, tmp_path):
    """The module, on a machine whose only programs are those in `tools`."""
    spec = importlib.util.spec_from_file_location("browser_setup", ROOT / "bin" / "browser.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in ("env", "touch", "chmod", "cp"):
        (tools / tool).symlink_to(next(p for p in (Path("/usr/bin") / tool, Path("/bin") / tool) if p.exists()))
    monkeypatch.setenv("PATH", str(tools))
    monkeypatch.delenv("PANOH_CHROMIUM", raising=False)
    monkeypatch.setattr(module, "ON_MACOS", ())
    module.tools = tools
    yield module
    os.environ.pop("PANOH_CHROMIUM", None)


def program(path: Path, script: str) -> Path:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_the_browser_of_the_system_is_used(browser):
    chromium = program(browser.tools / "chromium", "echo Chromium 130")
    assert browser.obtain_browser() == str(chromium) == os.environ["PANOH_CHROMIUM"]


def test_a_stub_that_does_not_start_is_no_browser(browser, capsys):
    program(browser.tools / "chromium-browser", "echo install me with snap; exit 1")
    assert browser.obtain_browser() is None
    assert "PANOH_CHROMIUM=" in capsys.readouterr().err


def test_a_named_browser_that_is_not_there_is_not_replaced_by_another(browser, monkeypatch, capsys):
    program(browser.tools / "chromium", "echo Chromium 130")
    monkeypatch.setenv("PANOH_CHROMIUM", "/nonexistent/chromium")
    assert browser.obtain_browser() is None


def test_package_manager_is_asked_where_it_can_be(browser, monkeypatch):
    source = program(browser.tools / "source", "echo Chromium 130")
    program(
        browser.tools / "apt-get",
        f'case "$*" in *chromium-browser*) cp {source} {browser.tools}/chromium;; *install*) exit 100;; esac',
    )
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert browser.obtain_browser() == str(browser.tools / "chromium")


def test_nobody_is_asked_for_a_password(browser, monkeypatch):
    program(browser.tools / "apt-get", "exit 1")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert browser.ways_to_install() == []
    program(browser.tools / "sudo", "exit 1")
    assert all("--non-interactive" in command for way in browser.ways_to_install() for command in way)
