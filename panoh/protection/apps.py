from django.apps import AppConfig


class ProtectionConfig(AppConfig):
    name = "panoh.protection"
    label = "protection"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from panoh.kernel.problems import register
        from panoh.ledger.kinds import name_kinds
        from panoh.ledger.replay import register_states
        from panoh.procedures.stops import FINDERS as STOPS
        from panoh.protection import policy, problems, replays  # noqa: F401 - policy declares its verbs
        from panoh.protection.entry_kinds import KINDS
        from panoh.protection.panels import INCIDENTS
        from panoh.protection.queries.incidents import find_address
        from panoh.protection.queries.stops import find_stops
        from panoh.registry.finders import FINDERS
        from panoh.registry.panels import PANELS

        register(problems.CATALOGUE)
        name_kinds(KINDS)
        register_states("protection", replays.incident_states)
        PANELS.append(INCIDENTS)
        FINDERS.append(find_address)
        STOPS.append(find_stops)
