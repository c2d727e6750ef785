"""Serves the pages: Granian with several processes, and beside it the process that keeps the ledger.

Called by `panoh serve`. Stops cleanly on SIGTERM and Ctrl-C: requests under way end, then the keeper, then the lease on
the embedded database is given back by the caller.
"""

from __future__ import annotations

import contextlib
import importlib
import logging
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator

from django.conf import settings
from django.core.management import call_command

from panoh.project import postgres
from panoh.project.attached import SERVER
from panoh.project.installation import ROOT
from panoh.project.problems import SetupProblem

APPLICATION = "panoh.project.wsgi:application"
SECONDS_TO_STOP = 20
SECONDS_BETWEEN_LOOKS = 2
SECONDS_TO_FIRST_COUNT, SECONDS_BETWEEN_COUNTS = 60, 3600

logger = logging.getLogger("panoh.serving")


def serve(*, host: str, port: int, workers: int) -> int:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    from panoh.project.ruling import (
        put_in_force,  # knows tables: not before Django is set up, which the demo does later
    )

    check_port(host, port)
    call_command("collectstatic", interactive=False, verbosity=0)
    importlib.import_module("panoh.project.wsgi")  # a defect in a room shows here once, not in each web process again
    # Each web process starts from nothing (a forked one would inherit this one's settings and threads), and keeps a pool.
    multiprocessing.set_start_method("spawn", force=True)
    os.environ["PANOH_SERVING"] = "yes"
    put_in_force()
    os.environ[SERVER] = str(os.getpid())
    server = Granian(
        APPLICATION,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=settings.SERVER_THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_STOP,
        log_level=LogLevels.warning,
        log_access=False,  # addresses of pages name persons; who read what is recorded in the register itself
    )
    print(f"Serving on http://{host}:{port}/ with {workers} processes; Ctrl-C ends it.", flush=True)
    with (
        keeping_the_database_up(settings.DATABASE_TARGET.cluster),
        keeping_the_ledger(),
        keeping_imports(),
        keeping_sources(),
        keeping_plans(),
        keeping_names_counted(),
    ):
        server.serve()
    return 0


@contextlib.contextmanager
def keeping_the_database_up(cluster: postgres.Cluster | None) -> Iterator[None]:
    """Start the embedded server again when it dies; pages fail for a moment, confirmed entries are on disk."""
    if cluster is None:
        yield
        return
    finished = threading.Event()

    def watch() -> None:
        while not finished.wait(SECONDS_BETWEEN_LOOKS):
            if cluster.is_running():
                continue
            logger.error("PostgreSQL does not answer; starting it again.")
            try:
                postgres.restart(cluster)
            except SetupProblem as problem:
                logger.error("%s %s", problem.happened, problem.why)

    thread = threading.Thread(target=watch, name="database-watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        finished.set()
        thread.join(postgres.SECONDS_TO_FORGET)


def check_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:  # the latter: there is no such port
            raise SetupProblem(
                "setup.serve.port_taken",
                f"Nothing can be served on {host}:{port}.",
                getattr(error, "strerror", None) or str(error),
                "Choose another with --port.",
            ) from None


@contextlib.contextmanager
def keeping_the_ledger() -> Iterator[None]:
    """Run `panoh ledger keep` beside the server: it numbers and signs entries. Started again whenever it ends."""
    with running_beside("ledger", "keep", first=0, pause=SECONDS_BETWEEN_LOOKS):
        yield


@contextlib.contextmanager
def keeping_imports() -> Iterator[None]:
    """Run `panoh import keep` beside the server: it takes in the workbooks that pages brought. Started again whenever it ends."""
    with running_beside("import", "keep", first=0, pause=SECONDS_BETWEEN_LOOKS):
        yield


@contextlib.contextmanager
def keeping_sources() -> Iterator[None]:
    """Run `panoh library keep` beside the server: it takes in the sources that pages brought. Started again whenever it ends."""
    with running_beside("library", "keep", first=0, pause=SECONDS_BETWEEN_LOOKS):
        yield


@contextlib.contextmanager
def keeping_plans() -> Iterator[None]:
    """Run `panoh missions keep` beside the server: it lays missions out and calls families. Started again whenever it ends."""
    with running_beside("missions", "keep", first=0, pause=SECONDS_BETWEEN_LOOKS):
        yield


@contextlib.contextmanager
def keeping_names_counted() -> Iterator[None]:
    """Run `panoh identity index` every hour: how common a name is decides what it weighs, and a register grows."""
    with running_beside("identity", "index", first=SECONDS_TO_FIRST_COUNT, pause=SECONDS_BETWEEN_COUNTS):
        yield


@contextlib.contextmanager
def running_beside(*command: str, first: float, pause: float) -> Iterator[None]:
    """Run a command of Panoh as a process of its own as long as the server runs: at first and again so long after it ended."""
    finished = threading.Event()
    environment = {key: value for key, value in os.environ.items() if key != "PANOH_SERVING"}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), environment.get("PYTHONPATH")]))

    def keep() -> None:
        wait = first
        while not finished.wait(wait):
            process = subprocess.Popen([sys.executable, "-m", "panoh", *command], env=environment)
            while process.poll() is None and not finished.wait(SECONDS_BETWEEN_LOOKS):
                pass
            if finished.is_set():
                end(process)
            elif process.returncode and not finished.wait(SECONDS_BETWEEN_LOOKS):
                # Whoever ends all processes at once ends this one before the server says that it stops: that is no fault.
                logger.error("panoh %s ended with code %s; it is started again.", " ".join(command), process.returncode)
            wait = pause

    thread = threading.Thread(target=keep, name=f"beside-{'-'.join(command)}")
    thread.start()
    try:
        yield
    finally:
        finished.set()
        thread.join()


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask a process to end; make it, where it does not."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
