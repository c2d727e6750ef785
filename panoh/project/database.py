"""Which database this installation uses, its four roles, and how it is made ready.

`DATABASE_URL` names an external PostgreSQL; without it the embedded one runs. Either way Django sees four aliases of
the same database: `default` (the application: reads and writes rows, no DDL, bound by row-level security), `owner`
(migrations only), `reader` (statistics: sees only the columns that rooms grant it) and `sequencer` (numbers the entries
of the ledger and adds checkpoints, which the application may not; sees no person).

Called by the settings (addresses only, nothing is started there) and by `panoh migrate`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from panoh.project import postgres
from panoh.project.installation import derived_secret, mode
from panoh.project.problems import SetupProblem

EXTENSIONS = ("btree_gist", "pg_trgm")
MIGRATION_LOCK = 7_310_113
EMBEDDED_NAMES = {"production": "panoh", "demo": "panoh_demo", "test": "panoh_test"}


# Row-level security makes a statement longer to plan than to carry out: after the second time a connection keeps the plan.
KEPT_PLANS = {"server_side_binding": True, "prepare_threshold": 2}

# No page may hold up the others: not by waiting, not by working, not by being forgotten in the middle.
LIMITS_OF_A_PAGE = {"lock_timeout": "10s", "statement_timeout": "30s", "idle_in_transaction_session_timeout": "60s"}


@dataclass(frozen=True)
class Roles:
    """The names of the four database roles of one database."""

    owner: str
    app: str
    reader: str
    sequencer: str

    @classmethod
    def of(cls, database: str, owner: str | None = None) -> Roles:
        """Named after the database; the owner of an external one has a name already."""
        return cls(owner or f"{database}_owner", f"{database}_app", f"{database}_reader", f"{database}_sequencer")

    @property
    def bound(self) -> tuple[str, ...]:
        """Those that row-level security binds and that change no table: all but the owner."""
        return self.app, self.reader, self.sequencer


@dataclass(frozen=True)
class Target:
    """One database and how each role reaches it. `cluster` is None where the server is not ours to start."""

    name: str
    roles: Roles
    host: str
    port: str
    owner_password: str
    cluster: postgres.Cluster | None
    options: dict[str, str] = field(default_factory=dict)

    def password(self, role: str) -> str:
        return self.owner_password if role == self.roles.owner else role_password(role)

    def connect(self, role: str, **options: object) -> psycopg.Connection:
        """A bare connection in one of the roles, for set-up and checks; pages go through Django."""
        return psycopg.connect(
            host=self.host,
            port=self.port,
            dbname=self.name,
            user=role,
            password=self.password(role),
            autocommit=True,
            **(self.options | options),  # type: ignore[arg-type]
        )


def role_password(role: str) -> str:
    return derived_secret(f"database role {role}")


def find_target() -> Target:
    """The database that the surroundings name. Starts and creates nothing."""
    url = os.environ.get("DATABASE_URL")
    return target_of_url(url) if url else embedded_target()


def embedded_target() -> Target:
    chosen = mode()
    name = EMBEDDED_NAMES[chosen]
    cluster = postgres.find_cluster("test", durable=False) if chosen == "test" else postgres.find_cluster("panoh")
    roles = Roles.of(name)
    return Target(name, roles, str(cluster.socket_directory), str(postgres.PORT), role_password(roles.owner), cluster)


def target_of_url(url: str) -> Target:
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        raise SetupProblem(
            "setup.database.bad_url", "DATABASE_URL cannot be read.", str(error).strip(), URL_FORM
        ) from None
    name, owner = parts.pop("dbname", None), parts.pop("user", None)
    if not name or not owner:
        raise SetupProblem("setup.database.bad_url", "DATABASE_URL names no database or no user.", "", URL_FORM)
    return Target(
        name=str(name),
        roles=Roles.of(str(name), str(owner)),
        host=str(parts.pop("host", "")),
        port=str(parts.pop("port", "") or ""),
        owner_password=str(parts.pop("password", "") or ""),
        cluster=None,
        options={key: str(value) for key, value in parts.items() if value is not None},
    )


URL_FORM = "It looks like postgresql://owner:password@host:5432/panoh; the password stands in it or in ~/.pgpass."


def django_databases(target: Target, *, pooled: bool, pool_size: int) -> dict[str, dict[str, object]]:
    """The setting DATABASES: one database seen by four roles."""

    def alias(role: str, **options: object) -> dict[str, object]:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": target.name,
            "USER": role,
            "PASSWORD": target.password(role),
            "HOST": target.host,
            "PORT": target.port,
            "ATOMIC_REQUESTS": False,  # the access middleware opens the transaction, with the actor in it
            "CONN_HEALTH_CHECKS": True,  # after a restart of the server no request meets a dead connection
            "OPTIONS": {**target.options, **options},
        }

    serving: dict[str, object] = {
        "pool": {"min_size": 1, "max_size": pool_size, "timeout": 10},
        "options": " ".join(f"-c {name}={value}" for name, value in LIMITS_OF_A_PAGE.items()),
    }
    return {
        "default": alias(target.roles.app, **KEPT_PLANS, **(serving if pooled else {})),
        "owner": alias(target.roles.owner),
        "reader": alias(target.roles.reader, options="-c default_transaction_read_only=on"),
        "sequencer": alias(target.roles.sequencer),
    }


def obtain_lease(target: Target) -> postgres.Lease | None:
    """Make sure that the embedded server runs until the lease is given back; nothing to do for an external one."""
    return None if target.cluster is None else postgres.Lease(target.cluster)


@contextmanager
def one_migration_at_a_time(target: Target) -> Iterator[None]:
    """Two `panoh migrate` started together: the second waits, then finds the work done."""
    with target.cluster.connect() if target.cluster else connect_external(target) as guard:
        guard.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        yield  # the lock ends with the connection


# -- making ready -----------------------------------------------------------------------------------------------------


def is_new(target: Target) -> bool:
    """Whether our own server has no such database yet: making it then can spoil nothing."""
    if target.cluster is None:
        return False
    with target.cluster.connect() as admin:
        return not _exists(admin, target)


def _exists(admin: psycopg.Connection, target: Target) -> bool:
    return admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [target.name]).fetchone() is not None


def make_ready(target: Target) -> None:
    """Create what is missing: roles, database, schema rights, extensions. Safe to repeat; changes nothing that is right."""
    if target.cluster is not None:
        make_ready_embedded(target, target.cluster)
    else:
        make_ready_external(target)
    with target.connect(target.roles.owner) as owner:
        grant_rights(owner, target)
        check_roles(owner, target)


def make_ready_embedded(target: Target, cluster: postgres.Cluster) -> None:
    with cluster.connect() as admin:
        make_roles(admin, target)
        make_database(admin, target)
    with cluster.connect(target.name) as admin:
        make_extensions(admin)
        admin.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(sql.Identifier(target.roles.owner)))


def make_ready_external(target: Target) -> None:
    with connect_external(target) as owner:
        row = owner.execute(
            "SELECT pg_has_role(nspowner, 'USAGE') FROM pg_namespace WHERE nspname = 'public'"
        ).fetchone()
        if row is None or not row[0]:
            raise SetupProblem(
                "setup.database.not_owner",
                f"{target.roles.owner} may not make tables in the database {target.name}.",
                "It owns neither the database nor its schema public.",
                f"ALTER DATABASE {target.name} OWNER TO {target.roles.owner};",
            )
        for role in target.roles.bound:
            make_external_role(owner, target, role)
        make_extensions(owner)


def make_roles(admin: psycopg.Connection, target: Target) -> None:
    for role in (target.roles.owner, *target.roles.bound):
        make_role(admin, role, target.password(role))


def make_role(admin: psycopg.Connection, role: str, password: str) -> None:
    """A role that may log in and nothing more; its password is set anew, so a changed secret mends itself."""
    exists = admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    verb = "ALTER" if exists else "CREATE"
    # Hashed here, so that the password itself reaches neither the wire nor a log.
    hashed = admin.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    admin.execute(
        sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(sql.SQL(verb), sql.Identifier(role), sql.Literal(hashed))
    )


def make_database(admin: psycopg.Connection, target: Target) -> None:
    name, owner = sql.Identifier(target.name), sql.Identifier(target.roles.owner)
    if not _exists(admin, target):
        admin.execute(sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'").format(name, owner))
    admin.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(name, owner))


def drop(target: Target) -> None:
    """Remove an embedded database with everything in it, ledger and all. Whoever calls this has asked."""
    if target.cluster is None:
        raise SetupProblem(
            "setup.database.not_ours",
            f"The database {target.name} lies on an external server.",
            "Panoh removes only databases of the server that it starts itself.",
            f"Drop and create it there, then run `panoh migrate`: DROP DATABASE {target.name};",
        )
    with target.cluster.connect() as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(target.name)))


def make_extensions(connection: psycopg.Connection) -> None:
    for extension in EXTENSIONS:
        try:
            connection.execute(
                sql.SQL("CREATE EXTENSION IF NOT EXISTS {} SCHEMA public").format(sql.Identifier(extension))
            )
        except (psycopg.errors.FeatureNotSupported, psycopg.errors.UndefinedFile) as error:
            raise SetupProblem(
                "setup.database.extension_missing",
                f"This PostgreSQL has no extension {extension}.",
                str(error).strip(),
                "Install the distribution's postgresql-contrib package on the database server.",
            ) from None


def connect_external(target: Target) -> psycopg.Connection:
    try:
        connection = target.connect(target.roles.owner)
    except psycopg.OperationalError as error:
        raise SetupProblem(
            "setup.database.unreachable",
            f"The database {target.name} named by DATABASE_URL cannot be reached.",
            str(error).strip(),
            "Check that the server runs and that user, password and database name are right.",
        ) from None
    version = connection.info.server_version // 10000
    if version < postgres.OLDEST_VERSION:
        raise SetupProblem(
            "setup.database.too_old",
            f"The server runs PostgreSQL {version}.",
            f"Panoh needs {postgres.OLDEST_VERSION}.",
        )
    return connection


def make_external_role(owner: psycopg.Connection, target: Target, role: str) -> None:
    try:
        make_role(owner, role, role_password(role))
    except psycopg.errors.InsufficientPrivilege as error:
        try:
            target.connect(role).close()  # somebody with the right has made it, with our password
        except psycopg.OperationalError:
            raise SetupProblem(
                "setup.database.role_missing",
                f"The role {role} is missing or has another password, and DATABASE_URL's user may not create roles.",
                str(error).strip(),
                f"Either: ALTER ROLE {target.roles.owner} CREATEROLE, or make the role yourself with the password that"
                f" `panoh database password {role}` prints.",
            ) from None


def grant_rights(owner: psycopg.Connection, target: Target) -> None:
    """What each role may do with what the owner makes later. Rooms take back or add by their own migrations."""
    names = {
        "database": sql.Identifier(target.name),
        "owner": sql.Identifier(target.roles.owner),
        "app": sql.Identifier(target.roles.app),
        "bound": sql.SQL(", ").join(map(sql.Identifier, target.roles.bound)),
    }
    for statement in (
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        "GRANT CONNECT ON DATABASE {database} TO {bound}",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        "GRANT USAGE ON SCHEMA public TO {bound}",
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public"
        " GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}",
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {app}",
    ):
        owner.execute(sql.SQL(statement).format(**names))


def check_roles(owner: psycopg.Connection, target: Target) -> None:
    """Row-level security is only a lock for roles that cannot walk round it."""
    for role in target.roles.bound:
        row = owner.execute(
            "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb FROM pg_roles WHERE rolname = %s", [role]
        ).fetchone()
        if row is None or row[0]:
            raise SetupProblem(
                "setup.database.role_too_strong",
                f"The role {role} may do more than the application should.",
                "It is a superuser, bypasses row-level security, or may create roles or databases.",
                f"ALTER ROLE {role} NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB;",
            )


def grant_on_migrations_table(cursor: Any, roles: Roles) -> None:
    """Everyone may see which migrations ran; only the owner writes that down."""
    cursor.execute(f'REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM "{roles.app}"')
    cursor.execute(f'GRANT SELECT ON django_migrations TO "{roles.app}", "{roles.reader}"')
