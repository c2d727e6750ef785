"""How accounts come in: nobody signs up by himself, and a storm of sign-ins does not fill the memory."""

import threading

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.http import HttpRequest

# Each check of an argon2 password takes 0.2 s of CPU and 100 MiB: two at a time in one process, the rest wait.
_checks = threading.BoundedSemaphore(2)


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator, never by whoever finds the page."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class PatientArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2, at most two checks at once in a process."""

    def encode(self, password: str, salt: str) -> str:
        with _checks:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with _checks:
            return super().verify(password, encoded)
