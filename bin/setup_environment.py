"""Makes the environment that every command of Panoh runs in: a virtual environment with exactly the locked packages.

Called by bin/environment.sh with any Python >= 3.11, before a single package is there: standard library only. It may be
killed at any point and run again; several at once wait for one another. Writes only below the state directory.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATE = Path(os.environ.get("PANOH_STATE") or ROOT / ".panoh")
VENV = STATE / "venv"
LOCK_FILE = ROOT / "requirements.txt"
STAMP = VENV / "installed-requirements.txt"
UNFINISHED = STATE / "venv.unfinished"


class CannotGoOn(Exception):
    """Something that only a person can put right; the text says what, in one sentence."""


def main() -> int:
    try:
        make_state_directory()
        with only_one_at_a_time():
            if not is_current():
                make_environment()
    except CannotGoOn as problem:
        print(f"\nPanoh cannot go on: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped; run the same command again to go on.", file=sys.stderr)
        return 130
    return 0


def make_state_directory() -> None:
    try:
        STATE.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotGoOn(
            f"the directory {STATE} cannot be made ({error.strerror}); name another with PANOH_STATE."
        ) from None
    if not os.access(STATE, os.W_OK | os.X_OK):
        raise CannotGoOn(
            f"{STATE} belongs to another user; run as that user, or name another directory with PANOH_STATE."
        )


@contextlib.contextmanager
def only_one_at_a_time() -> Iterator[None]:
    """Two commands started together must not both install: the second waits, then finds the work done."""
    import fcntl

    with open(STATE / "setup.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Waiting for another command that is making the environment …", file=sys.stderr)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def is_current() -> bool:
    return STAMP.is_file() and STAMP.read_bytes() == LOCK_FILE.read_bytes() and is_whole()


def is_whole() -> bool:
    """True when the environment's Python starts and has pip; a copied or half-made one does not."""
    python = VENV / "bin" / "python"
    if UNFINISHED.exists() or not python.exists():
        return False
    done = subprocess.run([python, "-c", "import pip"], capture_output=True, check=False)
    return done.returncode == 0


def make_environment() -> None:
    check_this_python()
    if not is_whole():
        UNFINISHED.touch()
        if VENV.exists():
            shutil.rmtree(VENV)
        run("Making the virtual environment", [sys.executable, "-m", "venv", str(VENV)])
    # Until the stamp stands, a rerun after a kill starts from an empty environment: pip cannot mend a half-written package.
    UNFINISHED.touch()
    install_packages()
    pending = STAMP.with_suffix(".pending")
    shutil.copyfile(LOCK_FILE, pending)
    UNFINISHED.unlink()
    pending.replace(STAMP)


def check_this_python() -> None:
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise CannotGoOn(
            f"this Python has no venv module; install it with: apt-get install python{version}-venv (Debian, Ubuntu)."
        ) from None


def install_packages() -> None:
    pip = [str(VENV / "bin" / "python"), "-m", "pip"]
    wanted = LOCK_FILE.read_text(encoding="utf-8").count("==")
    run(
        f"Installing {wanted} locked packages (a few minutes on a slow network)",
        [
            *pip,
            "install",
            "--require-hashes",
            "--no-input",
            "--disable-pip-version-check",
            "--requirement",
            str(LOCK_FILE),
        ],
        advice="the packages could not be installed; see the lines above (no network, or a package without a build for this machine?).",
    )


def run(what: str, command: list[str], advice: str | None = None) -> None:
    """Run one long step: one line says what, a clock shows that it is alive, the output appears only when it fails."""
    started = time.monotonic()
    log = STATE / "setup.log"
    with open(log, "wb") as output, showing_progress(what, started):
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        print(log.read_text(errors="replace")[-4000:], file=sys.stderr)
        raise CannotGoOn(advice or f"this step failed: {what}.")
    print(f"{what}: {time.monotonic() - started:.0f} s", file=sys.stderr)


@contextlib.contextmanager
def showing_progress(what: str, started: float) -> Iterator[None]:
    finished = threading.Event()
    terminal = sys.stderr.isatty()

    def tick() -> None:
        while not finished.wait(1 if terminal else 20):
            line = f"{what} … {time.monotonic() - started:.0f} s"
            print(f"\r{line}" if terminal else line, end="" if terminal else "\n", file=sys.stderr, flush=True)

    print(f"{what} …", file=sys.stderr, flush=True)
    thread = threading.Thread(target=tick, daemon=True)
    thread.start()
    try:
        yield
    finally:
        finished.set()
        thread.join()
        if terminal:
            print("\r", end="", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
