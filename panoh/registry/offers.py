"""What a family is asked to agree to: one question for each organisation and purpose, by the agreements in force."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone
from django.utils.translation import get_language

from panoh import rulebook
from panoh.access.models import Agreement
from panoh.access.queries import in_force


@dataclass(frozen=True, slots=True)
class Offer:
    """One tick: who would see the file, for which purpose. `key` is what a form sends."""

    key: str
    receiver_id: UUID
    receiver: str
    purpose: str
    purpose_title: str

    @property
    def title(self) -> str:
        return f"{self.receiver}: {self.purpose_title}"


def list_offers(giver_id: UUID) -> list[Offer]:
    """Two agreements with one receiver for one purpose are one question: a consent names no agreement."""
    book, language = rulebook.current(), get_language() or "en"
    agreements = (
        Agreement.objects.filter(in_force(timezone.localdate()), giver_id=giver_id, needs_consent=True)
        .select_related("receiver")
        .order_by("receiver__code", "id")
    )
    found: dict[tuple[UUID, str], Offer] = {}
    for agreement in agreements:
        for purpose in agreement.purposes:
            offer = Offer(
                f"{agreement.pk}:{purpose}",
                agreement.receiver_id,
                book.text(agreement.receiver.titles, language),
                purpose,
                book.codes["purposes"].title(purpose, language),
            )
            found.setdefault((agreement.receiver_id, purpose), offer)
    return list(found.values())
