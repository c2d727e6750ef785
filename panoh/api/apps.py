from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "panoh.api"
    label = "api"

    def ready(self) -> None:
        from panoh.api.problems import CATALOGUE
        from panoh.kernel.problems import register

        register(CATALOGUE)
