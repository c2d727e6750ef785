"""QR codes on pages: `{% load qr_codes %}{{ receipt.text|qr }}` draws a picture that stands in the page itself."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from panoh.web import squares

register = template.Library()


@register.filter
def qr(text: str) -> SafeString:
    """The text as a QR code with its quiet zone; dark on light in every theme."""
    return format_html('<img class="qr-code" src="{}" alt="QR">', squares.data_uri(text)) if text else SafeString("")
