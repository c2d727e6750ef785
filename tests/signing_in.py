"""Signing in for tests of pages: as the world's member of a role, second factor included or left out."""

from __future__ import annotations

import time

from django.test import Client


def client_of(member, *, second_factor: bool = True) -> Client:
    """A client whose session belongs to the member; by default its second factor has been shown."""
    client = Client(raise_request_exception=False)
    client.force_login(member.account, backend="panoh.access.sign_in.AccountBackend")
    session = client.session
    session["member_id"] = str(member.pk)
    session["seen_at"] = int(time.time())
    if second_factor:
        session["second_factor"] = True
    session.save()
    return client
