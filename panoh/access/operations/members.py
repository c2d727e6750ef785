"""Accounts and memberships."""

from datetime import date

from allauth.mfa.models import Authenticator
from axes.utils import reset
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.context import acting_without_member
from panoh.access.models import Account, Member, Office, Organisation
from panoh.access.operations.houses import check_only_here, check_own
from panoh.access.policy import check
from panoh.access.roles import ROLES, SCOPE_OFFICE
from panoh.kernel.problems import Problem
from panoh.ledger.operations import record

PASSWORD_CHANGED = "access.account.password_changed"  # noqa: S105 - a kind of entry
RENEWED = "access.account.renewed"


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
    account.must_change = False
    with acting_without_member("a password", records=[PASSWORD_CHANGED], about=[account.pk]):
        account.save(update_fields=["password", "must_change"])
        record(by=None, kind=PASSWORD_CHANGED, subjects=[account.pk], occurred_on=timezone.localdate(), payload={})


@transaction.atomic
def renew_account(*, by: Actor, account: Account, password: str, reason: str) -> Account:
    """Let somebody in again who has lost the password or the second factor: with a first password, told in person.

    All second factors go, all sessions end (their hash is of the password), a lock after wrong attempts is lifted. The owner
    must choose another password at once, is told who did this, and so notices an administrator who wanted to be him.
    """
    check(by, "access.account.renew")
    account = Account.objects.select_for_update().get(pk=account.pk)
    if Member.objects.filter(pk=by.member_id, account=account).exists():
        raise Problem("access.account.own")
    check_only_here(by, account)
    check_password(password, account)
    account.set_password(password)
    account.must_change = True
    account.save(update_fields=["password", "must_change"])
    lost = Authenticator.objects.filter(user_id=account.pk)
    kinds = sorted(lost.values_list("type", flat=True))
    lost.delete()
    record(
        by=by,
        kind=RENEWED,
        subjects=[account.pk],
        occurred_on=timezone.localdate(),
        payload={"second_factors": kinds},
        detail={"reason": reason.strip()},
    )
    reset(username=account.username)
    return account


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
    """Let an account act for an organisation in a role. A role that sees its own office only needs one.

    In the actor's own organisation; in a new one its first administrator.
    """
    if by is not None:
        check(by, "access.member.add")
        check_own(by, organisation, first_administrator=role == "administrator")
    rule = ROLES.get(role)
    if rule is None or organisation.kind not in rule.kinds or (rule.scope == SCOPE_OFFICE and office is None):
        raise Problem("access.member.role_not_for_organisation", field="role")
    if office is not None and office.organisation_id != organisation.pk:
        raise Problem("access.member.office_of_another", field="office")
    if valid_to is not None and valid_to <= valid_from:
        raise Problem("access.member.ends_before_it_begins", field="valid_to", valid_from=valid_from)
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
    member = Member.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=member.pk)
    check_own(by, member.organisation)
    if member.valid_to is not None and member.valid_to <= valid_to:
        raise Problem("access.member.ended")
    if valid_to <= member.valid_from:
        raise Problem("access.member.ends_before_it_begins", field="valid_to", valid_from=member.valid_from)
    member.valid_to = valid_to
    member.save(update_fields=["valid_to"])
    record(by=by, kind="access.member.ended", subjects=[member.pk], occurred_on=valid_to, payload={})
    return member
