"""Shared use of an embedded server: it runs as long as somebody holds a lease."""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator

from panoh.project.postgres.cluster import Cluster
from panoh.project.postgres.running import start, stop


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
