from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "panoh.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from panoh.kernel.problems import register
        from panoh.web import policy, problems  # noqa: F401 (declares the verbs)

        register(problems.CATALOGUE)
