"""Dumps the embedded database into a file and brings a dump back: `panoh database dump` and `panoh database restore`.

As the superuser of the embedded server: every other role is bound by row-level security, and a dump that left rows out
would be no backup. An external server is dumped by whoever administers it. A dump holds the whole register in clear; the
installation's secret and keys are not in it.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import IO

from django.db import connections

from panoh.project import database, postgres
from panoh.project.migrating import migrate
from panoh.project.problems import SetupProblem


def dump(target: database.Target, file: Path) -> None:
    """Write the database into `file`, which appears only when it is whole and which only its owner can read."""
    cluster = own_cluster(target)
    if file.exists():
        raise SetupProblem("setup.dump.file_exists", f"{file} exists already.", "A backup is never written over.")
    pending = file.with_name(f".{file.name}.pending")
    descriptor = os.open(pending, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as output:
            run_client(cluster, ["pg_dump", "--format=custom", f"--dbname={target.name}"], stdout=output)
            output.flush()
            os.fsync(output.fileno())
        pending.replace(file)
    finally:
        pending.unlink(missing_ok=True)


def restore(target: database.Target, file: Path) -> None:
    """Bring a dump back into a database that is not there yet, then bring it up to this version."""
    cluster = own_cluster(target)
    if not file.is_file():
        raise SetupProblem("setup.dump.no_file", f"{file} is not a file.")
    with cluster.connect() as admin:
        if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [target.name]).fetchone():
            raise SetupProblem(
                "setup.dump.database_exists",
                f"The database {target.name} is there; nothing is restored over it.",
                "What stands in a register and its ledger stays.",
                "Restore into another state directory: PANOH_STATE=/another/place bin/panoh database restore FILE.",
            )
        database.make_roles(admin, target)
        database.make_database(admin, target)
    try:
        # The schema public is there already, and belongs to whom `migrate` gives it.
        run_client(
            cluster, ["pg_restore", "--exit-on-error", "--single-transaction", f"--dbname={target.name}", str(file)]
        )
    except SetupProblem:
        database.drop(target)  # half a register is none
        raise
    connections.close_all()
    migrate(quiet=True)


def own_cluster(target: database.Target) -> postgres.Cluster:
    if target.cluster is None:
        raise SetupProblem(
            "setup.dump.not_ours",
            f"The database {target.name} lies on an external server.",
            "Its superuser alone can dump it whole: row-level security binds every other role.",
            "Use pg_dump and pg_restore there; see docs/operations.md.",
        )
    return target.cluster


def run_client(cluster: postgres.Cluster, command: list[str], stdout: IO[bytes] | None = None) -> None:
    """Run a client program of PostgreSQL as the superuser; the password goes by the environment, never by the arguments."""
    program = postgres.find_binaries(cluster) / command[0]
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "LC_ALL": "C",
        "PGHOST": str(cluster.socket_directory),
        "PGPORT": str(postgres.PORT),
        "PGUSER": postgres.SUPERUSER,
        "PGPASSWORD": cluster.superuser_password(),
    }
    done = subprocess.run(
        [str(program), *command[1:]],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=stdout if stdout is not None else subprocess.PIPE,
        stderr=subprocess.PIPE,
        check=False,
    )
    if done.returncode:
        why = done.stderr.decode(errors="replace").strip()[-1000:]
        raise SetupProblem("setup.dump.failed", f"{command[0]} did not finish.", why)
