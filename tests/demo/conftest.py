"""A database of its own with a small operation loaded into it, once for all tests that look at it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date

import pytest
from django.conf import settings
from django.db import connections

from panoh.demo.loading.running import Loaded, load
from tests.conftest import drop_database, make_clone, obtain_template, use_database

PERSONS, SEED = 900, "1"
UNTIL = min(date(2026, 11, 20), date.today())


@pytest.fixture(scope="package")
def loaded(django_db_setup, django_db_blocker, embedded_cluster) -> Iterator[Loaded]:
    """Loaded by the same function as `panoh demo load`; the tests that use it only read, or undo what they do."""
    before = settings.DATABASES["default"]["NAME"]
    name = f"panoh_test_run_{os.getpid()}_demo"
    with django_db_blocker.unblock():
        make_clone(embedded_cluster, obtain_template(embedded_cluster), name)
        use_database(name)
        done = load(persons=PERSONS, seed=SEED, until=UNTIL, fresh=False, say=lambda _text: None)
        yield done
        connections.close_all()
        use_database(before)
    with embedded_cluster.connect() as admin:
        drop_database(admin, name)
