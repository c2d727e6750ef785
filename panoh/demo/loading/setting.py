"""What every file refers to: the ids of organisations, offices, members and agreements, and the country's code lists."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from panoh.demo import cast
from panoh.demo.histories import File
from panoh.rulebook.model import Rulebook

OFFICE_OF_LOCATION = {
    "Vahdat [Admin 3: POC]": "vahdat",
    "Vahdat District [Admin 2]": "vahdat",
    "Sughd Region [Admin 1]": "khujand",
    "Gorno-Badakhshan Autonomous Region [Admin 1]": "khorugh",
    "Khatlon Region [Admin 1]": "panji-poyon",
}
CLERKS = {
    "dushanbe": "clerk-dushanbe",
    "panji-poyon": "clerk",
    "khorugh": "clerk-khorugh",
    "khujand": "clerk-khujand",
    "vahdat": "clerk-vahdat",
    "unhcr-dushanbe": "register",
}
ENTRY_POINTS = (
    ("PANJI_POYON", 46),
    ("TEM", 12),
    ("ISHKOSHIM", 9),
    ("KOKUL", 8),
    ("RUZVAI", 5),
    ("SHOHON", 5),
    ("DUSHANBE_AIRPORT", 9),
    ("ELSEWHERE", 6),
)
# Where people of a counted place live: p-codes of districts, never finer.
DISTRICTS = {
    "3501000": ("3501263", "3501266", "3501268", "3501269"),
    "3505000": ("3505401", "3505256", "3505251", "3505242"),
    "3507000": ("3507401", "3507221", "3507223", "3507203", "3507234"),
    "3509000": ("3509038", "3509077", "3509084", "3509033"),
    "3590000": ("3590401", "3590208", "3590226"),
    "": ("3509038", "3507401", "3505401", "3509058", "3509065", "3507223"),
}


@dataclass(frozen=True)
class Hand:
    """A member who did something in the history: what the ledger notes of an actor, and the account behind it."""

    member_id: UUID
    organisation_id: UUID
    role: str
    purpose: str
    account_id: UUID
    office_id: UUID | None
    username: str


@dataclass
class Setting:
    """Ids by the codes of `cast`, and the rulebook."""

    book: Rulebook
    organisations: dict[str, UUID] = field(default_factory=dict)
    offices: dict[str, UUID] = field(default_factory=dict)
    hands: dict[str, Hand] = field(default_factory=dict)
    agreements: dict[tuple[str, str], UUID] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    until: date = date.max

    def __post_init__(self) -> None:
        # Nothing is recorded in the future, also where the demo plays today and the day is young.
        evening = datetime.combine(self.until, time(13), tzinfo=UTC)
        self.latest = min(evening, datetime.now(UTC) - timedelta(minutes=5))
        self.restricted_needs = {code.code for code in self.book.codes["needs"].where(restricted="yes")}

    def office_of(self, file: File, rng: random.Random) -> str:
        if custodian_of(file) == cast.UNHCR:
            return "unhcr-dushanbe"
        at_the_border = file.registered_on.year >= 2022 and rng.random() < 0.12
        return "panji-poyon" if at_the_border else OFFICE_OF_LOCATION.get(file.location, "dushanbe")

    def prefix(self, office: str) -> str:
        return next(one.prefix for one in cast.OFFICES if one.code == office)

    def clerk(self, office: str) -> Hand:
        return self.hands[CLERKS[office]]

    def counted_place(self, location: str) -> str:
        """The place code of a published label; "dispersed" is the country itself."""
        return self.places.get(location) or self.book.country.iso3

    def home(self, location: str, rng: random.Random) -> str:
        place = self.places.get(location, "")
        return rng.choice(DISTRICTS.get(place, (place,)))


def custodian_of(file: File) -> str:
    """The authority keeps its own applicants' files; UNHCR those of its mandate track, of headcounts and the stateless."""
    family = file.family
    if family.origin in ("UNK", "XXA") or family.procedure == "U":
        return cast.UNHCR
    return cast.AUTHORITY
