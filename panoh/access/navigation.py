"""What this room offers in the header."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Entry:
    label: object
    url_name: str
    verb: str
    order: int


ENTRIES = [
    Entry(_("Organisations"), "organisations", "access.organisation.read", 80),
    Entry(_("Members"), "members", "access.member.read", 82),
    Entry(_("Readings"), "readings", "access.reading.read", 84),
]
