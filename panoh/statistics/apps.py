from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    name = "panoh.statistics"
    label = "statistics"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from panoh.kernel.problems import register
        from panoh.statistics import policy, problems  # noqa: F401 - policy declares its verbs

        register(problems.CATALOGUE)
