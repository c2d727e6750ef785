"""A panel that scores, for tests: some cases of one procedure on the agenda of an open sitting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from panoh.access.context import acting_as_system
from panoh.procedures.models import AgendaItem, Case, Ranking, Sitting
from panoh.procedures.operations.scores import close_scores, score_item
from tests.procedures.stories import Story
from tests.world import World

KEEPER = "register_officer"
MEMBERS = ("protection_officer", "mandate_officer")


def marks(value: int) -> dict[str, int]:
    """The same mark for every criterion of the sheet: a score of ten times as much."""
    return dict.fromkeys(("academic", "vulnerability", "motivation"), value)


@dataclass
class Panel:
    story: Story
    cases: list[Case]
    sitting: Sitting
    items: list[AgendaItem]

    @property
    def world(self) -> World:
        return self.story.world

    @classmethod
    def of(cls, world: World, cases: int) -> Panel:
        story = Story(world)
        story.register()
        found = []
        for person in story.persons[:cases]:
            story.open("dafi", "programme", "protection_officer", persons=[person])
            story.take("check", "protection_officer", eligible=True)
            story.take("interview", "protection_officer")
            found.append(story.case)
        story.convene("committee", role=KEEPER)
        story.open_sitting(role=KEEPER, office=world.members[KEEPER].office.code)
        with acting_as_system("test"):
            items = {item.case_id: item for item in story.sitting.items.select_related("sitting", "case")}
        return cls(story, found, story.sitting, [items[case.pk] for case in found])

    def acting(self, role: str) -> Any:
        return self.story.acting(role)

    def version(self) -> int:
        return Sitting.objects.get(pk=self.sitting.pk).version

    def score(self, role: str, case: int, value: int) -> None:
        with self.acting(role) as member:
            score_item(by=member, item=self.items[case], marks=marks(value))

    def score_all(self, values: Mapping[int, tuple[int, int]]) -> None:
        for case, of_members in values.items():
            for role, value in zip(MEMBERS, of_members, strict=True):
                self.score(role, case, value)

    def close(self, **places: int) -> Ranking:
        with self.acting(KEEPER) as keeper:
            return close_scores(by=keeper, sitting=self.sitting, places=places, expected_version=self.version())
