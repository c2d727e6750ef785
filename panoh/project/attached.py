"""A process that belongs to `panoh serve` ends when that one does, even when it was killed and could not say so.

Otherwise its orphans would go on serving an old version on the same port. Called by `panoh.project.wsgi` in each web
process and by the `panoh` command in the keeper of the ledger.
"""

from __future__ import annotations

import os
import signal
import threading
import time

SERVER = "PANOH_SERVED_BY"  # the number of the serving process; set by it, for its children
SECONDS_BETWEEN_LOOKS = 1
SECONDS_TO_END = 20


def attach_to_server() -> None:
    """Watch the serving process from now on, if this one was started by it; otherwise do nothing."""
    server = os.environ.get(SERVER)
    if server is not None:
        threading.Thread(target=watch, args=(int(server),), name="server-watch", daemon=True).start()


def watch(server: int) -> None:
    while os.getppid() == server:
        time.sleep(SECONDS_BETWEEN_LOOKS)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(SECONDS_TO_END)
    os._exit(1)
