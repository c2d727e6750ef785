"""What this room's entries in the ledger say, in words."""

from django.utils.translation import gettext_lazy as _

KINDS = {
    "access.organisation.added": _("Organisation added"),
    "access.office.added": _("Office added"),
    "access.account.added": _("Account added"),
    "access.account.renewed": _("Sign-in set anew by an administrator"),
    "access.account.password_changed": _("Password changed"),
    "access.account.second_factor_changed": _("Second step of signing in changed"),
    "access.member.added": _("Member added"),
    "access.member.ended": _("Membership ended"),
    "access.agreement.signed": _("Sharing agreement entered"),
    "access.agreement.ended": _("Sharing agreement ended"),
    "access.file.assigned": _("File given to a member"),
    "access.file.taken_back": _("File taken back"),
    "access.file.overridden": _("File opened in an emergency"),
    "access.override.reviewed": _("Emergency access reviewed"),
    "access.token.made": _("Token for a program made"),
    "access.token.ended": _("Token for a program ended"),
}
