"""How accounts come in: nobody signs up by himself, and a storm of sign-ins does not fill the memory."""

import threading
from uuid import UUID

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.http import HttpRequest
from django.utils import timezone

from panoh.access import operations
from panoh.access.models import Account
from panoh.access.standing import find_standings

# Each check of an argon2 password takes 0.2 s of CPU and 100 MiB: two at a time in one process, the rest wait.
_checks = threading.BoundedSemaphore(2)


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator, never by whoever finds the page."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def set_password(self, user: Account, password: str) -> None:
        """Changed or set anew on allauth's pages, which have asked who it is and whether it is strong enough."""
        operations.set_password(account=user, password=password)


class AccountBackend(AuthenticationBackend):
    """Every request loads the account behind its session; here it comes with its memberships, in one statement."""

    def get_user(self, user_id: UUID) -> Account | None:
        account, standings = find_standings(user_id, timezone.localdate())
        if account is None or not self.user_can_authenticate(account):
            return None
        account.standings = standings  # type: ignore[attr-defined]
        return account


class PatientArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2, at most two checks at once in a process."""

    def encode(self, password: str, salt: str) -> str:
        with _checks:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with _checks:
            return super().verify(password, encoded)
