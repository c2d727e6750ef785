from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    name = "panoh.procedures"
    label = "procedures"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from panoh import rulebook
        from panoh.kernel.problems import register
        from panoh.ledger.replay import register_replay, register_states
        from panoh.procedures import policy, problems, replay

        register(problems.CATALOGUE)
        policy.declare_procedures(rulebook.current())
        register_replay("procedures", replay.compare_with_ledger)
        register_states("procedures", replay.states_now)
