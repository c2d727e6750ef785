from django.apps import AppConfig


class SchedulingConfig(AppConfig):
    name = "panoh.scheduling"
    label = "scheduling"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from panoh.kernel.problems import register
        from panoh.ledger.kinds import name_kinds
        from panoh.ledger.replay import register_states
        from panoh.registry.finders import FINDERS
        from panoh.scheduling import policy, snapshots  # noqa: F401 - policy declares its verbs
        from panoh.scheduling.entry_kinds import KINDS
        from panoh.scheduling.problems import CATALOGUE
        from panoh.scheduling.queries.missions import find_address

        register(CATALOGUE)
        name_kinds(KINDS)
        register_states("scheduling", snapshots.states_now)
        FINDERS.append(find_address)
