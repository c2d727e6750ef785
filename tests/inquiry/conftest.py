"""A claim that was lodged, from which every test of this room starts; once in the test's transaction, once really committed."""

from __future__ import annotations

import pytest

from tests.procedures.stories import Story


def lodged(world) -> Story:
    found = Story(world)
    found.register()
    found.open("asylum", "government", "registration_clerk")
    return found


@pytest.fixture
def story(world) -> Story:
    return lodged(world)


@pytest.fixture
def committed_story(committed_world) -> Story:
    return lodged(committed_world)
