"""Who may use the pages of the frame itself. Everyone who acts has a beginning; the public pages need no verb."""

from django.utils.translation import gettext_lazy as _

from panoh.access.roles import ROLES
from panoh.access.verbs import Verb, declare

START = Verb("web.start.read", frozenset(ROLES), title=_("Go to one's work after signing in"))

declare(START)
