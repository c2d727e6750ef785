"""Finds the Chromium that the browser tests drive, and installs it where this machine's package manager can.

Called by bin/run_tests.py. The tests read its path from PANOH_CHROMIUM; where there is none they say what to install.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
ON_MACOS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
ADVICE = (
    "No Chromium was found for the browser tests. Install it (Debian: sudo apt-get install chromium; macOS: brew install"
    " --cask chromium) or name one with PANOH_CHROMIUM=/path/to/chromium."
)


def obtain_browser() -> str | None:
    """The path of a Chromium, left in PANOH_CHROMIUM for the tests; None, with advice printed, where there is none."""
    found = find_browser() or (find_browser() if install_browser() else None)
    if found is None:
        print(ADVICE, file=sys.stderr)
    else:
        os.environ["PANOH_CHROMIUM"] = found
    return found


def find_browser() -> str | None:
    named = os.environ.get("PANOH_CHROMIUM")
    candidates = [named] if named else [*map(shutil.which, NAMES), *ON_MACOS]
    return next((path for path in candidates if path and runs(path)), None)


def runs(path: str) -> bool:
    """True for a browser that starts. Ubuntu's `chromium-browser` may be a stub that only asks for snap."""
    if not Path(path).exists():
        return False
    try:
        done = subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def install_browser() -> bool:
    """Ask this machine's package manager, where it can be asked without a question. True when one of its ways worked."""
    if os.environ.get("PANOH_CHROMIUM"):
        return False  # a browser was named: another one is not what was meant
    for way in ways_to_install():
        print(f"Installing Chromium for the browser tests: {' '.join(way[-1])} …", file=sys.stderr, flush=True)
        if all(succeeds(command) for command in way):
            return True
    return False


def ways_to_install() -> list[list[list[str]]]:
    """Each way is a list of commands. Debian calls the package chromium; Ubuntu's chromium-browser brings a snap."""
    if shutil.which("apt-get"):
        if os.geteuid() == 0:
            as_root: list[str] = []
        elif shutil.which("sudo"):
            as_root = ["sudo", "--non-interactive"]
        else:
            return []
        apt = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
        install = [*apt, "install", "--yes", "--no-install-recommends"]
        return [[[*apt, "update"], [*install, package]] for package in ("chromium", "chromium-browser")]
    if shutil.which("brew") and os.geteuid() != 0:
        return [[["brew", "install", "--cask", "chromium"]]]
    return []


def succeeds(command: list[str]) -> bool:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        print((done.stdout + done.stderr)[-1500:], file=sys.stderr)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(0 if obtain_browser() else 1)
