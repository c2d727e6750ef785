"""The database of the tests: one template migrated once, cloned for each worker, used as the application's role.

The template is named by a hash of all that can change it (migrations, country data), so a rerun finds it ready. A clone
carries the number of the process that made it; those of dead processes are dropped at the next start.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

import hypothesis
import psycopg
import pytest
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase
from psycopg import sql

from panoh.access import verbs
from panoh.project import database, postgres
from panoh.project.installation import ROOT
from panoh.project.migrating import migrate_tables

pytest_plugins = ["tests.world", "tests.browser"]

# No deadline for one example: a busy machine is not a defect. What failed is printed so that it can be run again.
hypothesis.settings.register_profile("panoh", deadline=None, max_examples=50, print_blob=True)
hypothesis.settings.load_profile("panoh")

KEPT_TEMPLATES = 4
TEMPLATE_LOCK = 7_310_114


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--hostile-minutes", type=float, default=0, help="how long tests/hostile goes on trying forms")
    parser.addoption("--hostile-seed", type=int, default=1, help="where its choices begin")
    parser.addoption(
        "--walk-acts", type=int, default=260, help="acts of the random walks with ledger and tables, in all"
    )
    parser.addoption("--walk-seed", type=int, default=1, help="where their choices begin")


def pytest_configure(config: pytest.Config) -> None:
    assert settings.MODE == "test", "run the tests through bin/test: they make and drop databases"


# -- the server -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def embedded_cluster() -> Iterator[postgres.Cluster]:
    """The throwaway server of the tests, running for as long as this process needs it."""
    cluster = settings.DATABASE_TARGET.cluster
    assert cluster is not None
    lease = postgres.Lease(cluster)
    yield cluster
    lease.give_back()


# -- the rulebook -----------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def verbs_as_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test declares (the procedures of a town, say) is gone when it ends: the list of verbs is that of the process."""
    monkeypatch.setattr(verbs, "_verbs", dict(verbs._verbs))


# -- the database -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_setup(request, django_test_environment, django_db_blocker, embedded_cluster) -> Iterator[None]:
    """Replaces pytest-django's: a clone of the template instead of migrations for each worker."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    clone = f"panoh_test_run_{os.getpid()}_{worker}"
    with django_db_blocker.unblock():
        template = obtain_template(embedded_cluster)
        make_clone(embedded_cluster, template, clone)
        use_database(clone)
    TransactionTestCase._fixture_teardown = lambda self: renew_clone(embedded_cluster, template, clone)
    yield
    with django_db_blocker.unblock():
        connections.close_all()
    with embedded_cluster.connect() as admin:
        drop_database(admin, clone)


def use_database(name: str) -> None:
    """Point Django's aliases (and bare connections of the target) at another database of the same server."""
    connections.close_all()
    for alias in settings.DATABASES:
        settings.DATABASES[alias]["NAME"] = name
        connections[alias].settings_dict["NAME"] = name


def template_key() -> str:
    digest = hashlib.sha256()
    sources = [*ROOT.glob("panoh/*/migrations/*.py"), *ROOT.glob("panoh/*/grants.py"), *ROOT.glob("countries/**/*.*")]
    sources += [ROOT / "requirements.txt", ROOT / "panoh/project/database.py", ROOT / "panoh/project/migrating.py"]
    sources += [*ROOT.glob("panoh/access/rls.py"), *ROOT.glob("panoh/ledger/guard.py")]
    for path in sorted(sources):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def obtain_template(cluster: postgres.Cluster) -> str:
    """The name of a database in which all migrations have run; made by whoever comes first, awaited by the others."""
    name = f"panoh_test_template_{template_key()}"
    with cluster.connect() as admin:
        admin.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
        drop_leftovers(admin)
        if not exists(admin, name):
            pending = f"{name}_pending"
            drop_database(admin, pending)
            make_template(pending)
            drop_old_templates(admin)
            admin.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*map(sql.Identifier, (pending, name))))
        admin.execute("SELECT pg_advisory_unlock(%s)", [TEMPLATE_LOCK])
    return name


def make_template(name: str) -> None:
    from dataclasses import replace

    database.make_ready(replace(settings.DATABASE_TARGET, name=name))
    use_database(name)
    migrate_tables()
    connections.close_all()


def make_clone(cluster: postgres.Cluster, template: str, clone: str) -> None:
    with cluster.connect() as admin:
        drop_database(admin, clone)
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY OWNER {}").format(
                sql.Identifier(clone), sql.Identifier(template), sql.Identifier(settings.DATABASE_ROLES.owner)
            )
        )
        # Rights on the database itself are not copied with it (project.database.grant_rights).
        admin.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(clone)))
        for role in settings.DATABASE_ROLES.bound:
            admin.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(*map(sql.Identifier, (clone, role))))


def renew_clone(cluster: postgres.Cluster, template: str, clone: str) -> None:
    """After a test that really committed: a fresh clone. The ledger refuses to be emptied, even by the owner."""
    connections.close_all()
    make_clone(cluster, template, clone)


def exists(admin: psycopg.Connection, name: str) -> bool:
    return admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def drop_database(admin: psycopg.Connection, name: str) -> None:
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def drop_leftovers(admin: psycopg.Connection) -> None:
    """Drop the clones of runs that were killed."""
    for (name,) in admin.execute("SELECT datname FROM pg_database WHERE datname LIKE 'panoh_test_run_%'").fetchall():
        match = re.match(r"panoh_test_run_(\d+)_", name)
        if match and not is_alive(int(match[1])):
            drop_database(admin, name)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def drop_old_templates(admin: psycopg.Connection) -> None:
    rows = admin.execute(
        "SELECT datname FROM pg_database WHERE datname ~ '^panoh_test_template_[0-9a-f]+$' ORDER BY oid DESC"
    ).fetchall()
    for (name,) in rows[KEPT_TEMPLATES - 1 :]:
        drop_database(admin, name)


# -- connections for tests that must look behind the application ------------------------------------------------------


@pytest.fixture
def owner_connection(transactional_db) -> Iterator[psycopg.Connection]:
    """A bare connection of the owner to this worker's database."""
    with bare_connection(settings.DATABASE_ROLES.owner) as connection:
        yield connection


@pytest.fixture
def app_connection(transactional_db) -> Iterator[psycopg.Connection]:
    """A bare connection of the application's role: what an injected statement would have."""
    with bare_connection(settings.DATABASE_ROLES.app) as connection:
        yield connection


@pytest.fixture
def reader_connection(transactional_db) -> Iterator[psycopg.Connection]:
    with bare_connection(settings.DATABASE_ROLES.reader) as connection:
        yield connection


@pytest.fixture
def sequencer_connection(transactional_db) -> Iterator[psycopg.Connection]:
    with bare_connection(settings.DATABASE_ROLES.sequencer) as connection:
        yield connection


@pytest.fixture
def superuser(transactional_db, embedded_cluster) -> Iterator[psycopg.Connection]:
    """A database administrator who may do anything: for tests that tamper."""
    with embedded_cluster.connect(settings.DATABASES["default"]["NAME"]) as connection:
        yield connection


@contextmanager
def bare_connection(role: str) -> Iterator[psycopg.Connection]:
    from dataclasses import replace

    target = replace(settings.DATABASE_TARGET, name=settings.DATABASES["default"]["NAME"])
    with target.connect(role) as connection:
        yield connection
