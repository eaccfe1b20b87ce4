"""An SMTP door on a fresh database, with a hearing of two addresses."""

import pytest

from storage.database import Database
from tests.doors.house import House


@pytest.fixture
async def house(database: Database) -> House:
    made = House(database)
    await made.apply("hoering@ternevig.example", "plan@ternevig.example")
    return made
