"""Tokens of the API: made by a signed-in member for one purpose and until a day, ended by her at any time."""

import hashlib
import secrets
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.models import Account, Token
from panoh.access.policy import check
from panoh.kernel.problems import Problem
from panoh.ledger.operations import record

PREFIX = "panoh1"
LONGEST_LIFE = timedelta(days=366)


@transaction.atomic
def make_token(*, by: Actor, label: str, valid_to: date) -> tuple[Token, str]:
    """A token for the purpose that the member works for now, and its text, which is told this once and never kept."""
    check(by, "access.token.make")
    today = timezone.localdate()
    label = " ".join("".join(letter if letter.isprintable() else " " for letter in label).split())
    if not label:
        raise Problem("access.form.value", field="label", why="")
    if not today < valid_to <= today + LONGEST_LIFE:
        raise Problem("access.token.days", field="valid_to", days=LONGEST_LIFE.days)
    secret = secrets.token_urlsafe(32)
    account = Account.objects.get(pk=by.account_id)
    token = Token(
        member_id=by.member_id,
        purpose=by.purpose,
        label=label,
        secret_sha256=hashed(secret),
        password_stamp=account.get_session_auth_hash(),
        made_at=timezone.now(),
        valid_to=valid_to,
    )
    record(
        by=by,
        kind="access.token.made",
        subjects=[token.pk, by.member_id],
        occurred_on=today,
        payload={"token": token.pk, "valid_to": valid_to},
        detail={"label": label},
    )
    token.save(force_insert=True)
    return token, f"{PREFIX}.{token.pk.hex}.{secret}"


@transaction.atomic
def end_token(*, by: Actor, token_id: UUID) -> Token:
    """From this moment the token opens nothing. Ending it again changes nothing."""
    check(by, "access.token.end")
    token = Token.objects.select_for_update().filter(pk=token_id, member_id=by.member_id).first()
    if token is None:
        raise Problem("access.thing.not_found")
    if token.ended_at is None:
        token.ended_at = timezone.now()
        record(
            by=by,
            kind="access.token.ended",
            subjects=[token.pk, by.member_id],
            occurred_on=timezone.localdate(),
            payload={"token": token.pk},
        )
        token.save(update_fields=["ended_at"])
    return token


def hashed(secret: str) -> str:
    """What the table holds in the place of a secret. Secrets are random, so neither salt nor slowness adds anything."""
    return hashlib.sha256(secret.encode()).hexdigest()
