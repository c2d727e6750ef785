"""Accounts and memberships."""

from datetime import date

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.context import acting_without_member
from panoh.access.models import Account, Member, Office, Organisation
from panoh.access.policy import check
from panoh.access.roles import ROLES, SCOPE_OFFICE
from panoh.kernel.problems import Problem
from panoh.ledger.operations import record

PASSWORD_CHANGED = "access.account.password_changed"  # noqa: S105 - a kind of entry


@transaction.atomic
def add_account(
    *, by: Actor | None, username: str, name: str, password: str, language: str = "en", email: str = ""
) -> Account:
    """A new account that belongs nowhere yet. `by` is None only for the first administrator (`panoh access start`)."""
    if by is not None:
        check(by, "access.member.add")
    check_password(password)
    try:
        with transaction.atomic():
            account = Account.objects.create_user(username, email, password, name=name, language=language)
    except IntegrityError:
        raise Problem("access.account.taken", field="username") from None
    record(by=by, kind="access.account.added", subjects=[account.pk], occurred_on=account.joined_at.date(), payload={})
    return account


def set_password(*, account: Account, password: str) -> None:
    """Set the password of an account, by whoever is signed in with it or has its mail: an account, not a member, acts."""
    check_password(password, account)
    account.set_password(password)
    with acting_without_member("a password", records=[PASSWORD_CHANGED], about=[account.pk]):
        account.save(update_fields=["password"])
        record(by=None, kind=PASSWORD_CHANGED, subjects=[account.pk], occurred_on=timezone.localdate(), payload={})


def check_password(password: str, account: Account | None = None) -> None:
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise Problem("access.account.password_weak", field="password", why=" ".join(error.messages)) from None


@transaction.atomic
def add_member(
    *,
    by: Actor | None,
    account: Account,
    organisation: Organisation,
    role: str,
    valid_from: date,
    office: Office | None = None,
    valid_to: date | None = None,
) -> Member:
    """Let an account act for an organisation in a role. A role that sees its own office only needs one."""
    if by is not None:
        check(by, "access.member.add")
    rule = ROLES.get(role)
    if rule is None or organisation.kind not in rule.kinds or (rule.scope == SCOPE_OFFICE and office is None):
        raise Problem("access.member.role_not_for_organisation", field="role")
    try:
        with transaction.atomic():
            member = Member.objects.create(
                account=account,
                organisation=organisation,
                office=office,
                role=role,
                valid_from=valid_from,
                valid_to=valid_to,
            )
    except IntegrityError:
        raise Problem("access.member.already", field="role") from None
    record(
        by=by,
        kind="access.member.added",
        subjects=[member.pk, account.pk],
        occurred_on=valid_from,
        payload={"organisation": str(organisation.pk), "role": role, "office": str(office.pk) if office else None},
    )
    return member


@transaction.atomic
def end_member(*, by: Actor, member: Member, valid_to: date) -> Member:
    """End a membership; from that day its sessions see nothing (the middleware asks at every request)."""
    check(by, "access.member.end")
    member = Member.objects.select_for_update().get(pk=member.pk)
    if member.valid_to is not None and member.valid_to <= valid_to:
        raise Problem("access.member.ended")
    if valid_to <= member.valid_from:
        raise Problem("access.member.ends_before_it_begins", field="valid_to", valid_from=member.valid_from)
    member.valid_to = valid_to
    member.save(update_fields=["valid_to"])
    record(by=by, kind="access.member.ended", subjects=[member.pk], occurred_on=valid_to, payload={})
    return member
