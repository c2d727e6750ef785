from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "panoh.library"
    label = "library"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from panoh.kernel.problems import register
        from panoh.ledger.kinds import name_kinds
        from panoh.ledger.replay import register_states
        from panoh.library import policy, problems, replays  # noqa: F401 - policy declares its verbs
        from panoh.library.entry_kinds import KINDS
        from panoh.library.printing import source_lines
        from panoh.library.queries.documents import find_address
        from panoh.papers.sources import LISTERS
        from panoh.registry.finders import FINDERS

        register(problems.CATALOGUE)
        name_kinds(KINDS)
        register_states("library", replays.document_states)
        FINDERS.append(find_address)
        LISTERS.append(source_lines)
