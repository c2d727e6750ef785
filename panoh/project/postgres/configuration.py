"""How an embedded server is set: private, without TCP, sized for a small machine, and with a log that tells no names."""

from __future__ import annotations

from panoh.project.postgres.cluster import PORT, Cluster, give_to, server_user

ORDINARY_SETTINGS = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "maintenance_work_mem": "128MB",
    "work_mem": "16MB",
    "max_wal_size": "1GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "lc_messages": "'C'",
    # A register's log may not become a second copy of the register: statements and values stay out of it.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
    # Nor may one session read what another is just running: statements hold names.
    "track_activities": "off",
}
# Without fsync a power cut may lose the tests' data; a killed server still loses nothing that it confirmed.
# Their statements are shown, so that a test can show what is not in them.
THROWAWAY_SETTINGS = {"fsync": "off", "full_page_writes": "off", "max_connections": "200", "track_activities": "on"}


def write_configuration(cluster: Cluster) -> None:
    settings = ORDINARY_SETTINGS | ({} if cluster.durable else THROWAWAY_SETTINGS)
    settings = settings | {"unix_socket_directories": f"'{cluster.socket_directory}'", "port": str(PORT)}
    text = "# Written anew at each start by panoh.project.postgres; put your own settings into postgresql.conf.\n"
    text += "".join(f"{name} = {value}\n" for name, value in sorted(settings.items()))
    path = cluster.data / "panoh.conf"
    path.write_text(text)
    give_to(server_user(), path)
