"""The embedded PostgreSQL: a private server for a laptop, a border post, the demo and the tests.

Production uses the distribution's PostgreSQL through DATABASE_URL; then nothing here runs. The server listens on a Unix
socket in a private directory, asks everyone for a SCRAM password, and never runs as root. Commands share it: each holds
a lease, and whoever gives back the last one stops the server. Called by `panoh.project.database`; writes below the state
directory, or, where the ordinary user whom root turns into cannot reach that, below /var/lib/panoh-….
"""

from panoh.project.postgres.binaries import OLDEST_VERSION, binaries_version, find_binaries, wheel_binaries
from panoh.project.postgres.cluster import (
    PORT,
    SUPERUSER,
    Cluster,
    ServerUser,
    find_cluster,
    is_reachable,
    server_user,
)
from panoh.project.postgres.leases import Lease, restart
from panoh.project.postgres.running import SECONDS_TO_FORGET, start, stop

__all__ = [
    "OLDEST_VERSION",
    "PORT",
    "SECONDS_TO_FORGET",
    "SUPERUSER",
    "Cluster",
    "Lease",
    "ServerUser",
    "binaries_version",
    "find_binaries",
    "find_cluster",
    "is_reachable",
    "restart",
    "server_user",
    "start",
    "stop",
    "wheel_binaries",
]
