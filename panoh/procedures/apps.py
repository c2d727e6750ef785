from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    name = "panoh.procedures"
    label = "procedures"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from panoh import rulebook
        from panoh.kernel.problems import register
        from panoh.ledger.kinds import find_kinds_with, name_kinds
        from panoh.ledger.replay import register_replay, register_states
        from panoh.procedures import kinds, panels, policy, problems, replay
        from panoh.procedures.queries.cases import find_address
        from panoh.procedures.veil import hidden_entries
        from panoh.registry.finders import FINDERS
        from panoh.registry.panels import PANELS, PERSON_PANELS
        from panoh.registry.veils import VEILS

        register(problems.CATALOGUE)
        name_kinds(kinds.KINDS)
        find_kinds_with(kinds.find_title)
        PANELS.append(panels.CASES)
        VEILS.append(hidden_entries)
        PERSON_PANELS.append(panels.CASES_OF_PERSON)
        FINDERS.append(find_address)
        policy.declare_procedures(rulebook.current())
        register_replay("procedures", replay.compare_with_ledger)
        register_states("procedures", replay.states_now)
