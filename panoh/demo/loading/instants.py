"""Ids and instants of a history: made from the seed, in order, and looking as if they had been made on that day."""

from __future__ import annotations

import random
import uuid
from datetime import UTC, date, datetime, time, timedelta

OPENS = time(3, 30, tzinfo=UTC)  # half past eight in Dushanbe
WORKING_SECONDS = 8 * 3600


class Clockwork:
    """The working day of one file: acts come one after another, and ids carry their instants (UUID version 7)."""

    def __init__(self, rng: random.Random, not_after: datetime) -> None:
        self.rng, self.not_after = rng, not_after
        self.last = datetime.min.replace(tzinfo=UTC)
        self._millisecond, self._counter = 0, 0

    def instant(self, day: date) -> datetime:
        """Some time in the working hours of that day, later than the act before."""
        chosen = datetime.combine(day, OPENS) + timedelta(
            seconds=self.rng.randrange(WORKING_SECONDS), microseconds=self.rng.randrange(1_000_000)
        )
        if chosen <= self.last:
            chosen = self.last + timedelta(seconds=self.rng.randint(40, 240))
        self.last = min(chosen, max(self.not_after, self.last + timedelta(microseconds=1)))
        return self.last

    def new_id(self, at: datetime | None = None) -> uuid.UUID:
        millisecond = int((at or self.last).timestamp() * 1000)
        if millisecond == self._millisecond:
            self._counter += 1
        else:
            self._millisecond, self._counter = millisecond, 0
        overflow, counter = divmod(self._counter, 0x1000)
        number = (millisecond + overflow) << 80 | 7 << 76 | counter << 64 | 0b10 << 62 | self.rng.getrandbits(62)
        return uuid.UUID(int=number)
