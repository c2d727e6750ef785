"""A second installation beside the one under test: its own state directory, its own server, used through the command."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from panoh.project import postgres
from panoh.project.installation import ROOT

FOREIGN = ("DATABASE_URL", "PGBIN", "PANOH_SECRET_KEY", "PANOH_MODE", "PANOH_STATE", "DJANGO_SETTINGS_MODULE")


@dataclass
class Installation:
    state: Path
    settings: dict[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if key not in FOREIGN and not key.startswith("PYTEST")}
        return kept | {"PANOH_STATE": str(self.state), "PYTHONPATH": str(ROOT)} | self.settings

    def panoh(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "panoh", *arguments],
            env=self.environment() | settings,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "panoh", *arguments],
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def postmaster_pid(cluster: postgres.Cluster) -> int:
    return int((cluster.data / "postmaster.pid").read_text().split()[0])


def children_of(pid: int) -> dict[int, str]:
    """The processes that this one started and that still run, with their commands."""
    told = subprocess.run(
        ["ps", "-A", "-ww", "-o", "ppid=,pid=,state=,command="], capture_output=True, text=True, check=True
    )
    rows = [line.split(None, 3) for line in told.stdout.splitlines()]
    return {int(row[1]): row[3] for row in rows if int(row[0]) == pid and not row[2].startswith("Z") and len(row) == 4}


def is_running(pid: int) -> bool:
    told = subprocess.run(["ps", "-o", "state=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return told.returncode == 0 and not told.stdout.strip().startswith("Z")
