from django.apps import AppConfig


class JourneysConfig(AppConfig):
    name = "panoh.journeys"
    label = "journeys"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from panoh.journeys.ledger_pages import policy
        from panoh.ledger.kinds import name_kinds

        name_kinds(policy.KINDS)
