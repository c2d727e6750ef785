"""What surrounds a household: where it lives and is counted, what it agreed to, and whom that lets in."""

from __future__ import annotations

import random
from datetime import date, datetime
from typing import Any
from uuid import UUID

from panoh.access.models import Grant
from panoh.demo import cast
from panoh.demo.histories import File
from panoh.demo.loading.instants import Clockwork
from panoh.demo.loading.people_rows import pick
from panoh.demo.loading.setting import Hand, Setting
from panoh.demo.loading.shapes import shape
from panoh.ledger.composition import Composed
from panoh.registry import models

ResidenceRow, ConsentRow, LocationRow, GrantRow = (
    shape(model) for model in (models.Residence, models.Consent, models.Location, Grant)
)

CONSENT_LANGUAGE = {"AFG": "PRS", "XXA": "PET", "IRN": "PES", "PAK": "URD"}
METHODS = (("written", 5), ("thumbprint", 4), ("interpreter", 2), ("oral", 1))
STREETS = ("Сомонӣ", "Рӯдакӣ", "Фирдавсӣ", "Айнӣ", "Истиқлол", "Дӯстӣ", "Наврӯз", "Ваҳдат", "Гулистон", "Боғи Ирам")


class Surroundings:
    """Makes the rows; `Writing` adds them with the entry of the act."""

    def __init__(self, file: File, setting: Setting, custodian: str, clock: Clockwork, rng: random.Random) -> None:
        self.file, self.setting, self.custodian, self.clock, self.rng = file, setting, custodian, clock, rng

    def home(self, household_id: UUID, day: date, at: datetime) -> Any:
        rng = self.rng
        return ResidenceRow(
            id=self.clock.new_id(at), household_id=household_id, place=self.setting.home(self.file.location, rng),
            detail=f"кӯчаи {rng.choice(STREETS)}, хонаи {rng.randint(1, 140)}", valid_from=day, recorded_at=at,
        )  # fmt: skip

    def location(self, household_id: UUID, since: date, entry: Composed, at: datetime) -> Any:
        return LocationRow(
            id=self.clock.new_id(at), household_id=household_id, place=self.setting.counted_place(self.file.location),
            location_label=self.file.location, valid_from=since, recorded_at=at, entry_id=entry.id,
        )  # fmt: skip

    def consents(self, household_id: UUID, day: date) -> list[Any]:
        """To UNHCR nearly everybody; to legal aid and UNDP those who need them."""
        language = CONSENT_LANGUAGE.get(self.file.family.origin, "PRS")
        wanted = [(cast.UNHCR, "protection", 0.93), (cast.LEGAL_AID, "legal_aid", 0.22), (cast.UNDP, "assistance", 0.3)]
        if self.custodian == cast.UNHCR:
            wanted = [(cast.LEGAL_AID, "legal_aid", 0.15)]
        return [
            ConsentRow(
                id=self.clock.new_id(), household_id=household_id, purpose=purpose,
                recipient_id=self.setting.organisations[recipient], method=pick(METHODS, self.rng), language=language,
                given_on=day,
            )
            for recipient, purpose, share in wanted
            if self.rng.random() < share
        ]  # fmt: skip

    def grant(self, consent: Any, entry: Composed, by: Hand) -> Any | None:
        """A consent opens the file where an agreement with that recipient is in force (registry.operations.consents)."""
        agreement = self.setting.agreements.get((self.custodian, consent.purpose))
        if agreement is None:
            return None
        return GrantRow(
            id=self.clock.new_id(entry.recorded_at), household_id=consent.household_id,
            organisation_id=consent.recipient_id, basis=Grant.CONSENT, agreement_id=agreement, purpose=consent.purpose,
            valid_from=entry.recorded_at, given_by_id=by.member_id, given_by_organisation_id=by.organisation_id,
            entry_id=entry.id,
        )  # fmt: skip
