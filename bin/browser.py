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
    if os.geteuid() != 0 or shutil.which("apt-get") is None or os.environ.get("PANOH_CHROMIUM"):
        return False
    print("Installing Chromium for the browser tests (a few minutes) …", file=sys.stderr, flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "-qq", "update"],
        ["apt-get", "-qq", "install", "--yes", "--no-install-recommends", "chromium"],
    ):
        done = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        if done.returncode:
            print(done.stdout[-1000:] + done.stderr[-1000:], file=sys.stderr)
            return False
    return True


if __name__ == "__main__":
    sys.exit(0 if obtain_browser() else 1)
