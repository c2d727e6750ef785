from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "panoh.registry"
    label = "registry"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from panoh.kernel.problems import register
        from panoh.ledger.kinds import name_kinds
        from panoh.ledger.replay import register_replay, register_states
        from panoh.registry import kinds, page_problems, policy, problems, replays  # noqa: F401 - policy declares its verbs
        from panoh.registry.importing import problems as importing_problems

        register(problems.CATALOGUE)
        register(page_problems.CATALOGUE)
        register(importing_problems.CATALOGUE)
        name_kinds(kinds.KINDS)
        register_states("registry", replays.registry_states)
        register_replay("registry.population", replays.replay_population)
