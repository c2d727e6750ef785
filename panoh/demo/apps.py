from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "panoh.demo"
    label = "demo"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from panoh.demo import problems
        from panoh.kernel.problems import register

        register(problems.CATALOGUE)
