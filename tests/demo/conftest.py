from datetime import date

import pytest

from bot.demo.material import material
from bot.demo.shapes import Material
from handlers.hearing.file import HearingPlan, read


@pytest.fixture(scope="session")
def today() -> date:
    return date(2027, 2, 3)


@pytest.fixture(scope="session")
def played(today: date) -> Material:
    return material(today)


@pytest.fixture(scope="session")
def plan(played: Material) -> HearingPlan:
    found = read(played.hearing, file="hearing.toml")
    assert isinstance(found, HearingPlan), found
    return found
