"""Makes, starts and stops an embedded server; rerunnable after a kill at any point. Called under the lock of leases."""

from __future__ import annotations

import contextlib
import locale
import os
import shutil
import stat
import subprocess
import time
from pathlib import Path

from panoh.project.postgres.binaries import binaries_version, find_binaries
from panoh.project.postgres.cluster import PORT, SUPERUSER, Cluster, ServerUser, give_to, run_as, server_user
from panoh.project.postgres.configuration import write_configuration
from panoh.project.problems import SetupProblem

CHARACTER_TYPES = ("C.UTF-8", "en_US.UTF-8", "UTF-8")
SECONDS_TO_START = 120
SECONDS_TO_STOP = 60
SECONDS_TO_FORGET = 30  # how long the sessions of a killed server may take to end


def make_cluster(cluster: Cluster, binaries: Path) -> None:
    """initdb into a side directory that takes its place only when whole, so a kill at any point leaves no half cluster."""
    user = server_user()
    pending = cluster.directory / "data.pending"
    if pending.exists():
        shutil.rmtree(pending)
    pending.mkdir(mode=0o700)
    password_file = cluster.directory / "initdb-password"
    password_file.unlink(missing_ok=True)
    descriptor = os.open(password_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(cluster.superuser_password())
    give_to(user, pending, password_file)
    command = [
        str(binaries / "initdb"),
        f"--pgdata={pending}",
        f"--username={SUPERUSER}",
        f"--pwfile={password_file}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--data-checksums",
        "--no-instructions",
        *locale_options(binaries_version(binaries)),
        *([] if cluster.durable else ["--no-sync"]),
    ]
    done = run_as(user, command)
    password_file.unlink()
    if done.returncode:
        raise SetupProblem(
            "setup.postgres.not_made", "The database cluster could not be made.", done.stdout.strip()[-2000:]
        )
    with open(pending / "postgresql.conf", "a") as file:
        file.write("\ninclude_if_exists = 'panoh.conf'\n")
    pending.rename(cluster.data)


def locale_options(version: int) -> list[str]:
    """One order of letters on every machine, that of their code points.

    The built-in provider came with 17. LC_CTYPE still tells pg_trgm what a letter is: with plain C it would see none in
    a Tajik or Dari name.
    """
    libc = ["--locale=C", f"--lc-ctype={character_type()}"]
    if version >= 17:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", *libc]
    return ["--locale-provider=libc", *libc]


def character_type() -> str:
    """A locale of this machine that knows the letters of all scripts; macOS may lack C.UTF-8."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in CHARACTER_TYPES:
            with contextlib.suppress(locale.Error):
                locale.setlocale(locale.LC_CTYPE, name)
                return name
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    raise SetupProblem(
        "setup.postgres.no_utf8_locale",
        f"This machine has none of the locales {', '.join(CHARACTER_TYPES)}.",
        "Without one, PostgreSQL knows only the letters of English, and no name could be searched.",
        "Generate one (Debian, Ubuntu: apt-get install locales && locale-gen C.UTF-8).",
    )


def make_private_directory(path: Path, user: ServerUser | None) -> None:
    """A directory that only the server's user (and root) can enter; refuses one that somebody else put there."""
    with contextlib.suppress(FileExistsError):
        path.mkdir(mode=0o700)
        give_to(user, path)
    found = path.lstat()
    owner = os.geteuid() if user is None else user.uid
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
        raise SetupProblem(
            "setup.postgres.directory_not_private",
            f"{path} is not a private directory of the user who runs PostgreSQL.",
            "Somebody else could read or replace what is in it.",
            "Remove it, then run the same command again.",
        )


def start(cluster: Cluster) -> None:
    """Make the cluster if need be, clear what a crash left behind, start it and wait until it answers."""
    user = server_user()
    binaries = find_binaries(cluster)
    if not cluster.data.exists():
        make_cluster(cluster, binaries)
    check_same_version(cluster, binaries)
    make_private_directory(cluster.socket_directory, user)
    write_configuration(cluster)
    clear_stale_locks(cluster)
    if cluster.log.exists() and cluster.log.stat().st_size > 10_000_000:
        cluster.log.replace(cluster.log.with_suffix(".log.1"))
    cluster.log.touch(mode=0o600)
    give_to(user, cluster.log)
    command = [
        *(str(binaries / "pg_ctl"), "start", "--wait", f"--timeout={SECONDS_TO_START}", "--silent"),
        *(f"--pgdata={cluster.data}", f"--log={cluster.log}"),
    ]
    told_before = cluster.log.stat().st_size
    last_try_at = time.monotonic() + SECONDS_TO_FORGET
    while run_as(user, command).returncode and "shared memory" in log_since(cluster, told_before):
        if time.monotonic() > last_try_at:
            break
        time.sleep(0.5)  # a server was killed: its sessions still hold the data, and end as soon as they notice
    if not wait_until_answering(cluster):
        why = log_since(cluster, told_before)[-2000:]
        raise SetupProblem("setup.postgres.not_started", "PostgreSQL did not start.", why, f"Its log is {cluster.log}.")


def log_since(cluster: Cluster, position: int) -> str:
    with open(cluster.log, errors="replace") as log:
        log.seek(position)
        return log.read().strip()


def wait_until_answering(cluster: Cluster) -> bool:
    """pg_ctl waits until connections are accepted; this only bridges the moment until the first one succeeds."""
    for _ in range(50):
        if cluster.is_running():
            return True
        time.sleep(0.1)
    return False


def check_same_version(cluster: Cluster, binaries: Path) -> None:
    kept, ours = int((cluster.data / "PG_VERSION").read_text()), binaries_version(binaries)
    if kept == ours:
        return
    if not cluster.durable:  # the tests' cluster holds nothing worth keeping
        shutil.rmtree(cluster.data)
        make_cluster(cluster, binaries)
        return
    raise SetupProblem(
        "setup.postgres.other_version",
        f"The data in {cluster.data} were made by PostgreSQL {kept}; the programs here are of {ours}.",
        "One major version cannot read the files of another.",
        f"Set PGBIN to a PostgreSQL {kept}, dump with pg_dumpall, remove the directory, and restore with {ours}.",
    )


def clear_stale_locks(cluster: Cluster) -> None:
    """Remove the lock files of a dead server whose number PostgreSQL would still take for a living one.

    It clears them itself when no process has that number. It cannot know that the number now belongs to another program
    (after a restart of a container), or to a dead child that nobody has collected.
    """
    for path in (cluster.data / "postmaster.pid", cluster.socket_directory / f".s.PGSQL.{PORT}.lock"):
        try:
            pid = int(path.read_text().split()[0])
        except (FileNotFoundError, IndexError, ValueError):
            continue
        told = subprocess.run(
            ["ps", "-o", "state=", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
        )
        if told.returncode == 0 and (told.stdout.lstrip().startswith("Z") or "postgres" not in told.stdout):
            path.unlink()


def stop(cluster: Cluster) -> None:
    """Stop the server if it runs; open transactions are rolled back, confirmed ones are on disk."""
    if not (cluster.data / "postmaster.pid").exists():
        return
    binaries = find_binaries(cluster)
    command = [str(binaries / "pg_ctl"), "stop", "--wait", f"--timeout={SECONDS_TO_STOP}", "--mode=fast", "--silent"]
    done = run_as(server_user(), [*command, f"--pgdata={cluster.data}"])
    if done.returncode and cluster.is_running():
        raise SetupProblem("setup.postgres.not_stopped", "PostgreSQL did not stop.", done.stdout.strip()[-2000:])
