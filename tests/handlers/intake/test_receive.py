"""Keep, then say yes: who arrives together shares a commit, and who gives up harms nobody."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from handlers.intake.receive import Reception
from storage.database import Database
from storage.inbox import Arrival
from storage.models import Door
from tests.handlers.building import NOW


def _arrival(key: str) -> Arrival:
    return Arrival(Door.SMTP, key, key.encode(), NOW)


async def _kept(database: Database) -> list[str]:
    async with database.engine.connect() as connection:
        return [row.key for row in await connection.execute(text("SELECT key FROM inbox_item ORDER BY key"))]


class _Bell:
    """Rings at every commit."""

    def __init__(self) -> None:
        self.rung = 0

    def __call__(self) -> None:
        self.rung += 1


async def test_an_arrival_is_durable_when_the_desk_answers(database: Database) -> None:
    bell = _Bell()
    desk = Reception(database, on_arrival=bell)
    for key in ("a", "b"):
        await desk.receive(_arrival(key))
        assert key in await _kept(database)
    assert bell.rung == 2


async def test_who_arrives_together_shares_one_commit(database: Database) -> None:
    bell = _Bell()
    desk = Reception(database, on_arrival=bell, most=20)
    await asyncio.gather(*(desk.receive(_arrival(f"{number:02}")) for number in range(50)))
    assert await _kept(database) == [f"{number:02}" for number in range(50)]
    assert bell.rung == 3


async def test_who_arrives_while_others_are_kept_is_kept_next(database: Database) -> None:
    bell = _Bell()
    desk = Reception(database, on_arrival=bell)
    first = asyncio.create_task(desk.receive(_arrival("a")))
    async with database.engine.connect() as connection:
        await connection.execute(text("SELECT 1"))
    await asyncio.gather(first, desk.receive(_arrival("b")), desk.receive(_arrival("c")))
    assert await _kept(database) == ["a", "b", "c"]
    assert bell.rung <= 3


async def test_the_same_arrival_twice_at_once_is_kept_once_and_answered_twice(database: Database) -> None:
    desk = Reception(database, on_arrival=_Bell())
    await asyncio.gather(desk.receive(_arrival("a")), desk.receive(_arrival("a")))
    assert await _kept(database) == ["a"]


async def test_a_failure_reaches_everybody_who_waits_and_the_desk_opens_again(database: Database) -> None:
    bell = _Bell()
    desk = Reception(database, on_arrival=bell, most=2)
    bad = Arrival(Door.SMTP, "nul\x00", b"", NOW)
    outcomes = await asyncio.gather(
        desk.receive(_arrival("a")), desk.receive(bad), desk.receive(_arrival("c")), return_exceptions=True
    )
    assert [isinstance(outcome, DBAPIError) for outcome in outcomes] == [True, True, False]
    assert (await _kept(database), bell.rung) == (["c"], 1)
    await desk.receive(_arrival("a"))
    assert await _kept(database) == ["a", "c"]


async def test_nobody_hears_yes_from_a_database_that_is_gone(tmp_path: Path) -> None:
    gone = Database(f"postgresql+psycopg://nobody@/nothing?host={tmp_path}")
    bell = _Bell()
    desk = Reception(gone, on_arrival=bell)
    outcomes = await asyncio.gather(*(desk.receive(_arrival(key)) for key in "abc"), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [OperationalError] * 3
    assert bell.rung == 0
    await gone.close()


@pytest.mark.parametrize("turns", [0, 1, 2, 5, 20, 60])
async def test_who_gives_up_harms_nobody(database: Database, turns: int) -> None:
    """Whoever is cancelled, and however far the keeping has come, the others are kept."""
    desk = Reception(database, on_arrival=_Bell())
    waiting = [asyncio.create_task(desk.receive(_arrival(key))) for key in "abc"]
    for _ in range(turns):
        await asyncio.sleep(0)
    waiting[0].cancel()
    with suppress(asyncio.CancelledError):
        await waiting[0]
    await asyncio.gather(waiting[1], waiting[2], desk.receive(_arrival("d")))
    assert {"b", "c", "d"} <= set(await _kept(database))


async def test_when_the_keeping_itself_is_stopped_nobody_waits_for_ever(database: Database) -> None:
    desk = Reception(database, on_arrival=_Bell())
    async with database.engine.begin() as holder:
        await holder.execute(text("LOCK TABLE inbox_item IN ACCESS EXCLUSIVE MODE"))
        waiting = asyncio.create_task(desk.receive(_arrival("a")))
        await asyncio.sleep(0.05)
        (keeper,) = asyncio.all_tasks() - {waiting, asyncio.current_task()}
        keeper.cancel()
        with pytest.raises(OSError, match="stopped before"):
            await waiting
    await desk.receive(_arrival("b"))
    assert await _kept(database) == ["b"]
