"""Ways to send a code to somebody: by mail today, by a gateway for text messages where a country has one.

A channel carries the code and nothing else: no name, no number of a case, no word of what it opens. Which channels there are is a
setting of the installation (`INQUIRY_CHANNELS`); without one, codes are handed over on paper alone.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Protocol

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.utils import translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from panoh.kernel.problems import Problem


class NotSent(Exception):
    """The channel did not take the code; a new one can be made and handed over on paper."""


class Channel(Protocol):
    """What a gateway must be able to do. `code` is stored, `title` shown."""

    code: str
    title: Any

    def check_address(self, address: str) -> str:
        """The address as it will be used. Raises a Problem where it cannot be one."""

    def send(self, address: str, code: str, language: str) -> None:
        """Hands the code over, or raises NotSent."""


class Mail:
    """Electronic mail through Django's backend: the code is the whole letter."""

    code = "mail"
    title = gettext_lazy("By e-mail")

    def check_address(self, address: str) -> str:
        found = address.strip()[:254]
        try:
            validate_email(found)
        except ValidationError:
            raise Problem("inquiry.contact.address_wrong", field="address") from None
        return found

    def send(self, address: str, code: str, language: str) -> None:
        with translation.override(language):
            subject = _("Code")
        try:
            taken = send_mail(subject=subject, message=code, from_email=None, recipient_list=[address])
        except OSError as error:  # of the network, of the relay (SMTPException)
            raise NotSent(type(error).__name__) from error
        if not taken:
            raise NotSent("refused")


@cache
def _channels(paths: tuple[str, ...]) -> dict[str, Channel]:
    found = [import_string(path)() for path in paths]
    return {channel.code: channel for channel in found}


def channels() -> dict[str, Channel]:
    """The channels of this installation, by their code."""
    return _channels(tuple(settings.INQUIRY_CHANNELS))


def channel_of(code: str) -> Channel:
    found = channels().get(code)
    if found is None:
        raise Problem("inquiry.channel.unknown", field="channel")
    return found
