"""At the door of the API: whom a token stands for. Nothing is kept from one request to the next, as with sessions.

A token opens nothing when it was ended, when its day has come, when the password has changed since, when the account lost its
second factor, or when the membership is over.
"""

from __future__ import annotations

import re
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from panoh.access.operations.tokens import PREFIX, hashed
from panoh.access.standing import Standing, find_standings
from panoh.kernel.problems import Problem

USES_A_MINUTE = 120
_WRITTEN = re.compile(rf"Bearer {PREFIX}\.([0-9a-f]{{32}})\.([A-Za-z0-9_-]{{43}})", re.ASCII)


def has_token(request: HttpRequest) -> bool:
    return "Authorization" in request.headers


def standing_of_token(request: HttpRequest) -> tuple[Standing, str]:
    """The membership and the purpose that the request's token stands for, or a Problem; counts the use."""
    written = _WRITTEN.fullmatch(request.headers["Authorization"])
    if written is None:
        raise Problem("access.token.unknown")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT account_id, member_id, purpose, password_stamp, valid_to, uses FROM access_use_token(%s, %s)",
            [UUID(written[1]), hashed(written[2])],
        )
        row = cursor.fetchone()
    if row is None:
        raise Problem("access.token.unknown")
    account_id, member_id, purpose, stamp, valid_to, uses = row
    today = timezone.localdate()
    account, standings = find_standings(account_id, today)
    standing = next((one for one in standings if one.member.pk == member_id), None)
    if (
        account is None
        or not account.is_active
        or standing is None
        or valid_to <= today
        or not constant_time_compare(stamp, account.get_session_auth_hash())
        or not _has_second_factor(account)
    ):
        raise Problem("access.token.unknown")
    if uses > USES_A_MINUTE:
        raise Problem("access.token.too_often", most=USES_A_MINUTE)
    return standing, purpose


def _has_second_factor(account: object) -> bool:
    if not settings.PANOH_SECOND_FACTOR:
        return True
    from allauth.mfa.utils import is_mfa_enabled

    return is_mfa_enabled(account)
