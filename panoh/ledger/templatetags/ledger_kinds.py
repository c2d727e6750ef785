"""`{% load ledger_kinds %}{{ entry.kind|entry_kind }}`: what an entry says, in words."""

from django import template

from panoh.ledger.kinds import kind_title

register = template.Library()
register.filter("entry_kind", kind_title)
