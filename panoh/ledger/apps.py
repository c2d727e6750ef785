from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "panoh.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from panoh.kernel.problems import register
        from panoh.ledger import problems

        register(problems.CATALOGUE)
