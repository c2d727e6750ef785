"""Sources taken in by the protection officer, for tests of what happens afterwards."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from panoh.access.context import acting
from panoh.library.models import Document
from panoh.library.operations.taking_in import take_in
from panoh.library.reading.files import read_file
from panoh.library.sources import Source
from tests.library.reading.sources import cable

OPEN_CABLE = cable(**{"SENSITIVE \n": " \n", "(SBU)": "(U)", "(C)": "(U)"})
SECRET_CABLE = cable(**{"000412": "000413", "#0412": "#0413", "00000412": "00000413"})


@dataclass
class Shelves:
    world: object

    def take_in(self, text: str | bytes, name: str = "telegram.txt", role: str = "protection_officer") -> Document:
        content = text.encode() if isinstance(text, str) else text
        with acting(self.world.actor(role)) as actor:
            (taken,) = take_in(by=actor, sources=[Source.of(name, content, read_file(name, content))])
        return taken.document


@pytest.fixture
def shelves(world) -> Shelves:
    return Shelves(world)


@pytest.fixture
def opened(shelves) -> Document:
    """An open cable."""
    return shelves.take_in(OPEN_CABLE)


@pytest.fixture
def closed(shelves) -> Document:
    """The same with a paragraph marked confidential."""
    return shelves.take_in(SECRET_CABLE)
