"""Sessions whose keys the database does not know: it keeps a hash of each, the browser alone has the key.

Otherwise one statement injected into a page would read the key of an administrator's session, second factor and all, and
whoever puts it into a cookie is she. For the same reason the content is signed together with the key: copied into another
row it is worth nothing. Sessions are read with one statement by hand, since every request reads one.
"""

from __future__ import annotations

import hashlib

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

KEPT_LENGTH = 40  # letters of the column: 160 bits


def kept_key(session_key: str) -> str:
    """What the table holds in the place of a key. Keys are random, so neither salt nor slowness adds anything."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:KEPT_LENGTH]


class SessionStore(db.SessionStore):
    """The engine of the setting SESSION_ENGINE."""

    @property
    def key_salt(self) -> str:
        return f"panoh.access.sessions.{self.session_key}"

    def _get_session_from_db(self) -> Session | None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT session_data, expire_date FROM django_session WHERE session_key = %s AND expire_date > %s",
                [kept_key(self.session_key or ""), timezone.now()],
            )
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return None
        return Session(session_key=self.session_key, session_data=row[0], expire_date=row[1])

    def exists(self, session_key: str) -> bool:
        return super().exists(kept_key(session_key))

    def create_model_instance(self, data: dict) -> Session:
        kept = super().create_model_instance(data)
        kept.session_key = kept_key(kept.session_key)
        return kept

    def delete(self, session_key: str | None = None) -> None:
        session_key = session_key or self.session_key
        if session_key is not None:
            super().delete(kept_key(session_key))
