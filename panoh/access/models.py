"""Accounts, organisations, members, sharing agreements, grants on files, and the record of who read what."""

import uuid

from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from panoh.access.roles import FIELD_CLASSES, ORGANISATION_KINDS, PURPOSES, ROLES
from panoh.kernel.ids import new_id


class AccountManager(BaseUserManager):
    def create_user(self, username: str, email: str = "", password: str | None = None, **more: object) -> "Account":
        account = self.model(username=username, email=self.normalize_email(email), **more)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """What a person signs in with. Says nothing about what she may do: that is the member's."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(max_length=80, unique=True)
    email = models.EmailField(blank=True)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=8, default="en")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)
    must_change = models.BooleanField(
        default=False,
        db_default=False,
        help_text="an administrator knows the password: its owner chooses another before anything else",
    )

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = AccountManager()

    # The contrib.auth admin flags: no account in Panoh stands above the policy.
    is_staff = False
    is_superuser = False

    def __str__(self) -> str:
        return self.username

    def check_password(self, raw_password: str) -> bool:
        # Without Django's silent renewal of the hash: what one signs in with changes only with an entry in the ledger.
        return check_password(raw_password, self.password)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


def _in_force(prefix: str) -> list[models.CheckConstraint]:
    return [
        models.CheckConstraint(
            condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name=f"{prefix}_dates_in_order"
        )
    ]


class Organisation(models.Model):
    """A party that works with the register: the authority, UNHCR, a legal aid NGO, UNDP, IOM."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    kind = models.CharField(max_length=20)
    country = models.CharField(
        max_length=3, help_text="ISO 3166-1 alpha-3 of the state the organisation answers to, or empty"
    )
    titles = models.JSONField(help_text="name in en, ru, tg, prs")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ORGANISATION_KINDS), name="organisation_kind_known"),
            *_in_force("organisation"),
        ]

    def __str__(self) -> str:
        return self.titles.get("en", self.code)


class Office(models.Model):
    """A place where an organisation works: a border post, a district department. Its prefix starts its numbers."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="offices")
    code = models.SlugField(max_length=40)
    prefix = models.CharField(max_length=4)
    titles = models.JSONField()
    place = models.CharField(max_length=20, help_text="p-code of the office's district")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "code"], name="office_code_unique"),
            models.UniqueConstraint(fields=["prefix"], name="office_prefix_unique"),
            *_in_force("office"),
        ]

    def __str__(self) -> str:
        return self.titles.get("en", self.code)


class Member(models.Model):
    """An account acting for an organisation in one role, from a day until a day. The `by` of every act."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="members")
    office = models.ForeignKey(Office, null=True, blank=True, on_delete=models.PROTECT, related_name="members")
    role = models.CharField(max_length=40)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(role__in=sorted(ROLES)), name="member_role_known"),
            *_in_force("member"),
            ExclusionConstraint(
                name="member_once_in_a_role",
                expressions=[
                    ("account", RangeOperators.EQUAL),
                    ("organisation", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (
                        Func(
                            "valid_from", "valid_to", Value("[)"), function="daterange", output_field=DateRangeField()
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} ({self.role})"


class Agreement(models.Model):
    """A data sharing agreement: files of `giver` open to `receiver`, for purposes, in field classes, between dates."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    giver = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="agreements_given")
    receiver = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="agreements_received")
    reference = models.CharField(max_length=120)
    purposes = ArrayField(models.CharField(max_length=20))
    field_classes = ArrayField(models.CharField(max_length=30))
    needs_consent = models.BooleanField(default=True)
    bulk_export = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    signed_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(giver=F("receiver")), name="agreement_two_parties"),
            models.CheckConstraint(condition=Q(purposes__contained_by=list(PURPOSES)), name="agreement_purposes_known"),
            models.CheckConstraint(condition=Q(purposes__len__gt=0), name="agreement_has_purpose"),
            models.CheckConstraint(
                condition=Q(field_classes__contained_by=list(FIELD_CLASSES)), name="agreement_classes_known"
            ),
            *_in_force("agreement"),
        ]
        indexes = [models.Index(fields=["receiver", "valid_from"], name="agreement_receiver")]


class Grant(models.Model):
    """A single file opened to an organisation or a member: by consent, by assignment, or in an emergency.

    `household_id` has no foreign key: the register lies a storey above, and ending a file must not end its grants.
    """

    CONSENT, ASSIGNMENT, OVERRIDE = "consent", "assignment", "override"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    household_id = models.UUIDField()
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="grants")
    basis = models.CharField(max_length=20)
    agreement = models.ForeignKey(Agreement, null=True, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=20)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    given_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    given_by_organisation_id = models.UUIDField(help_text="so that the giver's colleagues can end what was given")
    entry_id = models.UUIDField()
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "access_grant"
        constraints = [
            models.CheckConstraint(
                condition=Q(basis__in=["consent", "assignment", "override"]), name="grant_basis_known"
            ),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False, member__isnull=True)
                | Q(organisation__isnull=True, member__isnull=False),
                name="grant_to_one_receiver",
            ),
            # Consent opens a file only under an agreement: both fall together (DOMAIN §12.2 Transfer).
            models.CheckConstraint(
                condition=~Q(basis="consent") | Q(agreement__isnull=False, organisation__isnull=False),
                name="grant_consent_under_agreement",
            ),
            models.CheckConstraint(
                condition=~Q(basis="override") | (~Q(reason="") & Q(valid_to__isnull=False, member__isnull=False)),
                name="grant_override_with_reason_and_end",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at__isnull=True, reviewed_by__isnull=True)
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False),
                name="grant_review_has_author",
            ),
        ]
        indexes = [
            models.Index(fields=["household_id"], name="grant_household"),
            models.Index(fields=["member", "household_id"], name="grant_member"),
            models.Index(fields=["organisation", "household_id"], name="grant_organisation"),
        ]


class Reading(models.Model):
    """One opening of a personal file: who, which, for what, when. Append-only; nobody edits it, the auditor reads it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    organisation_id = models.UUIDField()
    household_id = models.UUIDField()
    person_id = models.UUIDField(null=True)
    verb = models.CharField(max_length=80)
    purpose = models.CharField(max_length=20)
    route = models.CharField(max_length=200)
    read_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["household_id", "-read_at"], name="reading_household"),
            models.Index(fields=["member", "-read_at"], name="reading_member"),
        ]


class ContextKey(models.Model):
    """The two padded halves of the HMAC key (RFC 2104) with which the database checks a context. Owner only."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    inner_pad = models.BinaryField()
    outer_pad = models.BinaryField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="contextkey_single")]


class Token(models.Model):
    """With this a member's program asks the API in her name: for one purpose, until a day, as long as she is a member.

    The table holds a hash of the secret, so that reading it opens nothing. `password_stamp` ties it to the password it was made
    under: a changed password ends all tokens of the account. Made and ended by the member alone.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="tokens")
    purpose = models.CharField(max_length=20)
    label = models.CharField(max_length=80)
    secret_sha256 = models.CharField(max_length=64)
    password_stamp = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    valid_to = models.DateField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table_comment = "Tokens of the API: hashes of secrets; see access_use_token()."
        constraints = [models.CheckConstraint(condition=~Q(secret_sha256=""), name="token_has_secret")]


class TokenUse(models.Model):
    """How often a token was used in the running minute. Owner only: written by access_use_token()."""

    token = models.OneToOneField(Token, primary_key=True, on_delete=models.CASCADE, related_name="+")
    minute = models.DateTimeField()
    uses = models.PositiveIntegerField()

    class Meta:
        db_table_comment = "Uses of each token in the minute of its last use."
