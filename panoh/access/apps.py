from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "panoh.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from panoh.access import policy, problems  # noqa: F401 - policy declares its verbs
        from panoh.kernel.problems import register

        register(problems.CATALOGUE)
