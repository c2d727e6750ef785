from django.apps import AppConfig


class InquiryConfig(AppConfig):
    name = "panoh.inquiry"
    label = "inquiry"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from panoh.inquiry import policy, problems  # noqa: F401 - policy declares its verbs
        from panoh.inquiry.entry_kinds import KINDS
        from panoh.inquiry.panels import CODES
        from panoh.kernel.problems import register
        from panoh.ledger.kinds import name_kinds
        from panoh.registry.panels import PANELS

        register(problems.CATALOGUE)
        name_kinds(KINDS)
        PANELS.append(CODES)
