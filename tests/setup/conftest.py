from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from panoh.project import postgres
from tests.setup.installations import Installation


@pytest.fixture(scope="module")
def reachable_directory() -> Iterator[Path]:
    """A directory that the server's user can reach; pytest's own are closed to others, and root's server is another's."""
    path = Path(tempfile.mkdtemp(prefix="panoh-test-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def cluster(reachable_directory: Path) -> Iterator[postgres.Cluster]:
    """A small server of its own, stopped and removed afterwards whatever the test did to it."""
    directory = reachable_directory / "cluster"
    directory.mkdir()
    cluster = postgres.Cluster("own", directory, durable=False)
    yield cluster
    postgres.stop(cluster)
    shutil.rmtree(directory)


@pytest.fixture(scope="module")
def installation(reachable_directory: Path) -> Iterator[Installation]:
    """A migrated installation with an embedded server, as `panoh migrate` leaves it."""
    installation = Installation(reachable_directory / "state", {"PANOH_HTTPS": "no"})
    done = installation.panoh("migrate", "--quiet")
    assert done.returncode == 0, done.stderr
    yield installation
    installation.panoh("database", "stop")
