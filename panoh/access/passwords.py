"""What a new password must be, in the words and digits of whoever chooses it."""

from __future__ import annotations

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import get_language

from panoh.kernel.written_days import persian_digits

PERSIAN = ("prs", "fa")


class LongEnough(MinimumLengthValidator):
    """As Django's own, which writes its number in Latin digits in every language."""

    def _said(self, text: str) -> str:
        return persian_digits(text) if (get_language() or "").startswith(PERSIAN) else text

    def get_error_message(self) -> str:
        return self._said(super().get_error_message())

    def get_help_text(self) -> str:
        return self._said(super().get_help_text())
