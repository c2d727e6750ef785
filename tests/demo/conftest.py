"""A database of its own with a small operation loaded into it, once for all tests that look at it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pytest
from django.conf import settings
from django.db import connections

from panoh.demo.loading.running import Loaded, load
from panoh.registry.linking import compared
from tests.conftest import drop_database, make_clone, obtain_template, use_database

PERSONS, SEED = 900, "1"
UNTIL = min(date(2026, 11, 20), date.today())


@contextmanager
def operation_in_a_database_of_its_own(cluster, blocker, name: str, persons: int | None) -> Iterator[Loaded]:
    """Loaded by the same function as `panoh demo load`. Django's connections point there as long as it is used."""
    before = settings.DATABASES["default"]["NAME"]
    name = f"panoh_test_run_{os.getpid()}_{name}"
    with blocker.unblock():
        make_clone(cluster, obtain_template(cluster), name)
        use_database(name)
        with TemporaryDirectory() as state, patch.object(compared, "folder", lambda: Path(state)):
            done = load(persons=persons, seed=SEED, until=UNTIL, fresh=False, say=lambda _text: None)
        yield done
        connections.close_all()
        use_database(before)
    with cluster.connect() as admin:
        drop_database(admin, name)


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker, embedded_cluster) -> Iterator[Loaded]:
    """A small operation. The tests that use it only read, or undo what they do."""
    with operation_in_a_database_of_its_own(embedded_cluster, django_db_blocker, "demo", PERSONS) as done:
        yield done


@pytest.fixture(scope="module")
def loaded_at_published_size(django_db_setup, django_db_blocker, embedded_cluster) -> Iterator[Loaded]:
    with operation_in_a_database_of_its_own(embedded_cluster, django_db_blocker, "published", None) as done:
        yield done
