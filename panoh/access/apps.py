from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccessConfig(AppConfig):
    name = "panoh.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from panoh.access import entry_kinds, policy, problems  # noqa: F401 - policy declares its verbs
        from panoh.access.context import write_context_key
        from panoh.kernel.problems import register
        from panoh.ledger.kinds import name_kinds

        register(problems.CATALOGUE)
        name_kinds(entry_kinds.KINDS)
        post_migrate.connect(write_context_key, sender=self)
