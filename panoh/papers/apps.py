from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "panoh.papers"
    label = "papers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from panoh.kernel.problems import register
        from panoh.ledger.kinds import name_kinds
        from panoh.ledger.replay import register_states
        from panoh.papers import policy, problems, replays  # noqa: F401 - policy declares its verbs
        from panoh.papers.entry_kinds import KINDS
        from panoh.papers.panels import PAPERS, PAPERS_OF_PERSON
        from panoh.papers.queries import find_address
        from panoh.registry.finders import FINDERS
        from panoh.registry.panels import PANELS, PERSON_PANELS

        register(problems.CATALOGUE)
        name_kinds(KINDS)
        register_states("papers", replays.paper_states)
        PANELS.append(PAPERS)
        PERSON_PANELS.append(PAPERS_OF_PERSON)
        FINDERS.append(find_address)
