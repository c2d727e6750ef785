"""Serves the pages: Granian with several processes, and beside it the process that keeps the ledger.

Called by `panoh serve`. Stops cleanly on SIGTERM and Ctrl-C: requests under way end, then the keeper, then the lease on
the embedded database is given back by the caller.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator

from django.conf import settings
from django.core.management import call_command

from panoh.project.installation import ROOT
from panoh.project.problems import SetupProblem

APPLICATION = "panoh.project.wsgi:application"
SECONDS_TO_STOP = 20


def serve(*, host: str, port: int, workers: int) -> int:
    from granian import Granian
    from granian.constants import Interfaces

    check_port(host, port)
    call_command("collectstatic", interactive=False, verbosity=0)
    os.environ["PANOH_SERVING"] = "yes"  # the web processes keep pooled connections
    server = Granian(
        APPLICATION,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=settings.SERVER_THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_STOP,
        log_access=False,  # addresses of pages name persons; who read what is recorded in the register itself
    )
    with keeping_the_ledger():
        server.serve()
    return 0


def check_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SetupProblem(
                "setup.serve.port_taken",
                f"Nothing can be served on {host}:{port}.",
                error.strerror or str(error),
                "Choose another with --port.",
            ) from None


@contextlib.contextmanager
def keeping_the_ledger() -> Iterator[None]:
    """Run `panoh ledger keep` beside the server, where the ledger has that command: it numbers and signs entries."""
    if importlib.util.find_spec("panoh.ledger.commands") is None:
        yield
        return
    environment = {key: value for key, value in os.environ.items() if key != "PANOH_SERVING"}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), environment.get("PYTHONPATH")]))
    keeper = subprocess.Popen([sys.executable, "-m", "panoh", "ledger", "keep"], env=environment)
    try:
        yield
    finally:
        keeper.send_signal(signal.SIGTERM)
        try:
            keeper.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            keeper.kill()
            keeper.wait()
