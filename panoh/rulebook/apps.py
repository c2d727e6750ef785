"""Tells Django of the rulebook, so that its refusals have texts. Nothing else in this room knows Django."""

from django.apps import AppConfig


class RulebookConfig(AppConfig):  # type: ignore[misc]  # Django has no types here
    name = "panoh.rulebook"
    label = "rulebook"

    def ready(self) -> None:
        from panoh.kernel.problems import register
        from panoh.rulebook.problems import CATALOGUE

        register(CATALOGUE)
