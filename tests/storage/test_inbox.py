"""The inbox holds what came in until it was read, and gives it to one reader at a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from storage import blobs
from storage.database import Database
from storage.inbox import Arrival
from storage.models import Door

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)


def _arrival(key: str, raw: bytes = b"raw", door: Door = Door.SMTP) -> Arrival:
    return Arrival(door, key, raw, NOW, {"recipients": [key]})


async def test_keeping_says_how_many_are_new(database: Database) -> None:
    async with database.begin() as store:
        assert await store.inbox.keep([]) == 0
        assert await store.inbox.keep([_arrival("a"), _arrival("b"), _arrival("a")]) == 2
    async with database.begin() as store:
        assert await store.inbox.keep([_arrival("b", b"other"), _arrival("c")]) == 1
        assert await store.inbox.keep([_arrival("a", door=Door.SLACK)]) == 1


async def test_what_is_kept_stays_as_it_first_came(database: Database) -> None:
    async with database.begin() as store:
        await store.inbox.keep([_arrival("a", b"first")])
        await store.inbox.keep([_arrival("a", b"second")])
        taken = await store.inbox.take(Door.SMTP, "a")
    assert taken is not None
    assert (taken[1], taken[0].envelope) == (b"first", {"recipients": ["a"]})


async def test_an_item_is_taken_until_it_was_read(database: Database) -> None:
    async with database.begin() as store:
        await store.inbox.keep([_arrival("a")])
        taken = await store.inbox.take(Door.SMTP, "a")
        assert taken is not None
        taken[0].read_at = NOW
    async with database.begin() as store:
        assert await store.inbox.take(Door.SMTP, "a") is None
        assert await store.inbox.take(Door.SMTP, "b") is None
        assert await store.inbox.unread([Door.SMTP], most=5) == []


async def test_what_was_left_behind_is_found_by_its_age(database: Database) -> None:
    async with database.begin() as store:
        await store.inbox.keep([_arrival("a"), _arrival("b", door=Door.SLACK)])
        later = NOW + timedelta(seconds=1)
        assert await store.inbox.left_behind(Door.SMTP, before=later, most=5) == [("a", b"raw")]
        assert await store.inbox.left_behind(Door.SMTP, before=NOW, most=5) == []


async def test_a_door_sees_its_own_items_only(database: Database) -> None:
    async with database.begin() as store:
        await store.inbox.keep([_arrival("a"), _arrival("b", door=Door.SLACK)])
        assert [item.key for item, _ in await store.inbox.unread([Door.SLACK], most=5)] == ["b"]
        assert len(await store.inbox.unread([Door.SMTP, Door.SLACK], most=5)) == 2


async def test_the_same_bytes_are_kept_once_under_their_hash(database: Database) -> None:
    async with database.begin() as store:
        await blobs.keep([b"a", b"b", b"a"], session=store.session)
        await blobs.keep([b"a"], session=store.session)
        await blobs.keep([], session=store.session)
        assert await blobs.fetch(blobs.name_of(b"a"), session=store.session) == b"a"
    assert blobs.name_of(b"a") == "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
