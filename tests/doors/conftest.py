"""What stands before and behind the doors: a house on a fresh database, and mail servers."""

from collections.abc import AsyncIterator, Iterator

import pytest

from storage.database import Database
from tests.doors.dovecot import MISSING, dovecot, has_dovecot
from tests.doors.house import House
from tests.doors.mailservers import Person, pymap
from tests.doors.watched import OTHER, USER, Watched


@pytest.fixture
async def house(database: Database) -> House:
    """A house with a hearing of two addresses."""
    made = House(database)
    await made.apply("hoering@ternevig.example", "plan@ternevig.example")
    return made


@pytest.fixture(scope="session")
def dovecot_port() -> Iterator[int]:
    if not has_dovecot():
        pytest.skip(MISSING)
    with dovecot() as port:
        yield port


@pytest.fixture(params=["pymap", "dovecot"])
async def imap_port(request: pytest.FixtureRequest) -> AsyncIterator[int]:
    """A server, one after the other."""
    if request.param == "dovecot":
        yield request.getfixturevalue("dovecot_port")
        return
    async with pymap(USER, OTHER) as number:
        yield number


@pytest.fixture
def person(imap_port: int, request: pytest.FixtureRequest) -> Person:
    """Somebody with a mailbox that no other test has used."""
    is_shared = "dovecot" in request.node.callspec.params.values()
    return Person(imap_port, f"{abs(hash(request.node.name))}@ternevig.example" if is_shared else USER)


@pytest.fixture
def watched(database: Database) -> Watched:
    return Watched(House(database))
