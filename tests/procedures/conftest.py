import pytest

from tests.procedures.stories import Story


@pytest.fixture
def story(world) -> Story:
    found = Story(world)
    found.register()
    return found
