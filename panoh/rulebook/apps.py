"""Tells Django of the rulebook, so that its refusals have texts and copies have a place. Nothing else in this room knows Django."""

from django.apps import AppConfig


class RulebookConfig(AppConfig):  # type: ignore[misc]  # Django has no types here
    name = "panoh.rulebook"
    label = "rulebook"

    def ready(self) -> None:
        from django.conf import settings

        from panoh.kernel.problems import register
        from panoh.rulebook.in_force import keep_copies_in
        from panoh.rulebook.problems import CATALOGUE

        register(CATALOGUE)
        if settings.MODE != "test":  # a test that breaks a rulebook must not go on under that of another test
            keep_copies_in(settings.STATE_DIRECTORY / "rulebooks")
