"""Who may use the pages of the frame itself. Everyone who acts has a beginning; the public pages need no verb."""

from panoh.access.roles import ROLES
from panoh.access.verbs import Verb, declare

START = Verb("web.start.read", frozenset(ROLES))

declare(START)
