from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "panoh.referrals"
    label = "referrals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from panoh.kernel.problems import register
        from panoh.ledger.kinds import name_kinds
        from panoh.ledger.replay import register_states
        from panoh.procedures.panels import WORK_PANELS
        from panoh.referrals import policy, problems, replays  # noqa: F401 - policy declares its verbs
        from panoh.referrals.entry_kinds import KINDS
        from panoh.referrals.panels import REFERRALS, WORK
        from panoh.referrals.queries.referrals import find_address
        from panoh.registry.finders import FINDERS
        from panoh.registry.panels import PANELS

        register(problems.CATALOGUE)
        name_kinds(KINDS)
        register_states("referrals", replays.referral_states)
        PANELS.append(REFERRALS)
        WORK_PANELS.append(WORK)
        FINDERS.append(find_address)
