from django.apps import AppConfig


class JourneysConfig(AppConfig):
    name = "panoh.journeys"
    label = "journeys"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from panoh.journeys.end_papers_of_closure import end_papers
        from panoh.journeys.ledger_pages import policy
        from panoh.journeys.open_incident_of_deportation import open_incident, open_incident_of_case
        from panoh.ledger.kinds import name_kinds
        from panoh.procedures.alarms import LISTENERS
        from panoh.registry.closures import AFTER_CLOSURE

        name_kinds(policy.KINDS)
        AFTER_CLOSURE += [open_incident, end_papers]
        LISTENERS.append(open_incident_of_case)
