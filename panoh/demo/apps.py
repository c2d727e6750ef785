from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "panoh.demo"
    label = "demo"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from panoh.demo import problems
        from panoh.demo.kinds import KINDS
        from panoh.kernel.problems import register
        from panoh.ledger.kinds import name_kinds

        register(problems.CATALOGUE)
        name_kinds(KINDS)
