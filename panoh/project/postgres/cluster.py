"""Where an embedded server lives, and which user of the operating system it runs as. Starts and makes nothing."""

from __future__ import annotations

import contextlib
import hashlib
import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psycopg

from panoh.project.installation import read_or_make_secret, state_directory
from panoh.project.problems import SetupProblem

SUPERUSER = "panoh_superuser"
PORT = 5432  # only part of the socket's name: no TCP port is opened
LONGEST_SOCKET_DIRECTORY = 85  # sockaddr_un holds 104 bytes on macOS, less "/.s.PGSQL.5432.lock"
ROOT_BECOMES = ("postgres", "_postgres", "nobody", "daemon")


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


def give_to(user: ServerUser | None, *paths: Path) -> None:
    if user is not None:
        for path in paths:
            os.chown(path, user.uid, user.gid)
