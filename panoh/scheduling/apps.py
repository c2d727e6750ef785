from django.apps import AppConfig


class SchedulingConfig(AppConfig):
    name = "panoh.scheduling"
    label = "scheduling"

    def ready(self) -> None:
        from panoh.kernel.problems import register
        from panoh.scheduling.problems import CATALOGUE

        register(CATALOGUE)
