"""How the ledger's verification looks at papers: what was confirmed is what still stands in the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from panoh.access.context import acting_as_system
from panoh.papers.models import Paper


def paper_states(subjects: Sequence[UUID]) -> Mapping[UUID, dict[str, str]]:
    """The state of each confirmed paper among the subjects, as `operations.confirming` committed to it."""
    with acting_as_system("ledger verification: states of papers"):
        found = Paper.objects.filter(pk__in=subjects).values_list("id", "content_sha256", "photo_sha256")
        return {key: {"content_sha256": content, "photo_sha256": photo} for key, content, photo in found}
