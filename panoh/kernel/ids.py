"""Ids of everything: UUID version 7 (RFC 9562 §5.7), sortable by the time they were made.

Made in Python, not in the database, so that a device at a border post without a network makes them in the same form.
Within one process ids only grow (RFC 9562 §6.2, method 1: a counter in rand_a), so rows made in one act keep their order.
"""

from __future__ import annotations

import os
import threading
import time
import uuid
from datetime import UTC, datetime

_lock = threading.Lock()
_last_millisecond = 0
_counter = 0


def new_id() -> uuid.UUID:
    """A fresh UUIDv7, greater than every id this process made before, also when the clock was set back."""
    global _last_millisecond, _counter
    random = int.from_bytes(os.urandom(10))
    with _lock:
        now = time.time_ns() // 1_000_000
        if now > _last_millisecond:
            # The counter starts in the lower half, so that 2,048 ids fit into the poorest millisecond.
            _last_millisecond, _counter = now, (random >> 64) & 0x7FF
        else:
            _counter += 1
            if _counter > 0xFFF:
                _last_millisecond, _counter = _last_millisecond + 1, 0
        millisecond, counter = _last_millisecond, _counter
    return uuid.UUID(int=millisecond << 80 | 7 << 76 | counter << 64 | 0b10 << 62 | random & (1 << 62) - 1)


def made_at(identifier: uuid.UUID) -> datetime:
    """The instant an id claims to be made at. A hint for people who look into a matter, never a business date."""
    if identifier.version != 7:
        raise ValueError(f"{identifier} is not a UUID of version 7")
    return datetime.fromtimestamp((identifier.int >> 80) / 1000, UTC)
