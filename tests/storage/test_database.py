import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from storage.database import Database
from storage.inbox import Arrival
from storage.models import Door
from storage.queue import Owed
from storage.store import Store
from tests.doors.house import hearing as a_hearing

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)


async def _jobs(database: Database) -> list[tuple[str, str | None]]:
    async with database.engine.connect() as connection:
        rows = await connection.execute(text("SELECT task_name, lock FROM procrastinate_jobs ORDER BY id"))
        return [(row.task_name, row.lock) for row in rows]


async def test_the_migrations_make_exactly_the_tables_that_the_nouns_describe(database: Database) -> None:
    def differences(sync: Connection) -> list[object]:
        def ours(name: str | None, kind: str, _parents: object) -> bool:
            return kind != "table" or not str(name).startswith(("procrastinate_", "alembic_"))

        context = MigrationContext.configure(sync, opts={"include_name": ours, "compare_type": True})
        return list(compare_metadata(context, SQLModel.metadata))

    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_processes_that_start_at_once_migrate_once(database: Database) -> None:
    await asyncio.gather(*(database.migrate() for _ in range(4)))


async def test_the_queue_came_through_the_migration_unharmed(database: Database) -> None:
    doubled = text(
        "SELECT count(*) FROM pg_proc WHERE proname LIKE 'procrastinate%' AND prosrc LIKE '%\\%\\%%'"
    )
    async with database.engine.connect() as connection:
        assert (await connection.execute(doubled)).scalar_one() == 0


async def test_the_same_thing_delivered_twice_is_one_row(database: Database) -> None:
    arrival = Arrival(Door.SMTP, "key", b"raw", NOW)
    for _ in range(2):
        async with database.begin() as store:
            await store.inbox.keep([arrival, arrival])
    async with database.begin() as store:
        assert [(item.key, raw) for item, raw in await store.inbox.unread([Door.SMTP], most=9)] == [
            ("key", b"raw")
        ]


async def test_two_readers_never_hold_the_same_item(database: Database) -> None:
    async with database.begin() as store:
        await store.inbox.keep([Arrival(Door.SMTP, str(n), b"raw", NOW) for n in range(4)])
    async with database.begin() as one, database.begin() as other:
        mine = {item.key for item, _ in await one.inbox.unread([Door.SMTP], most=3)}
        theirs = {item.key for item, _ in await other.inbox.unread([Door.SMTP], most=3)}
    assert (len(mine), len(theirs), mine & theirs) == (3, 1, set())


async def test_a_rollback_leaves_neither_fact_nor_job(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.begin() as store:
            store.note("something", by="us", at=NOW)
            store.owe([Owed("post", lane="C1", once="C1"), Owed("send")])
            await store.settle()
            raise ZeroDivisionError
    assert await _jobs(database) == []


async def test_of_acts_that_do_all_that_is_left_one_waits(database: Database) -> None:
    for _ in range(2):
        async with database.begin() as store:
            store.owe([Owed("post", lane="C1", once="C1"), Owed("post", lane="C2", once="C2")])
    assert sorted(await _jobs(database)) == [("post", "C1"), ("post", "C2")]


async def test_a_waiting_job_does_not_start_before_facts_that_joined_it_are_there(database: Database) -> None:
    async with database.begin() as store:
        store.owe([Owed("post", lane="C1", once="C1")])
    fetch = text("SELECT id FROM procrastinate_jobs WHERE status = 'todo' FOR UPDATE SKIP LOCKED")
    async with database.engine.connect() as worker:
        async with database.begin() as store:
            store.owe([Owed("post", lane="C1", once="C1")])
            await store.settle()
            assert (await worker.execute(fetch)).all() == []
        assert len((await worker.execute(fetch)).all()) == 1


@pytest.mark.parametrize("act", ["UPDATE journal_entry SET act = 'other'", "DELETE FROM journal_entry"])
async def test_nobody_rewrites_the_journal(database: Database, act: str) -> None:
    async with database.begin() as store:
        store.note("something", by="us", at=NOW, number=1)
    async with database.engine.connect() as connection:
        with pytest.raises(DBAPIError, match="append-only"):
            await connection.execute(text(act))


async def test_an_error_of_the_database_never_repeats_what_a_citizen_wrote(database: Database) -> None:
    with pytest.raises(DBAPIError) as failure:
        async with database.engine.begin() as connection:
            await connection.execute(
                text("INSERT INTO department (id, key, name, short) VALUES (NULL, :secret, '', '')"),
                {"secret": "citizens own words"},
            )
    assert "parameters hidden" in str(failure.value)


async def _unread(store: Store) -> list[str]:
    later = NOW + timedelta(seconds=1)
    return [key for key, _ in await store.inbox.left_behind(Door.SMTP, before=later, most=5)]


async def test_a_snapshot_answers_everything_as_of_its_first_question(database: Database) -> None:
    async with database.begin(snapshot=True) as store:
        assert await _unread(store) == []
        async with database.begin() as other:
            await other.inbox.keep([Arrival(Door.SMTP, "key", b"raw", NOW)])
        assert await _unread(store) == []
    async with database.begin() as store:
        assert await _unread(store) == ["key"]


async def test_after_a_snapshot_the_connection_is_as_any_other(database: Database) -> None:
    for _ in range(3):
        async with database.begin(snapshot=True) as store:
            with pytest.raises(DBAPIError):
                await store.inbox.keep([Arrival(Door.SMTP, "key", b"raw", NOW)])
            await store.session.rollback()
        async with database.begin() as store:
            assert (await store.session.execute(text("SHOW transaction_isolation"))).scalar_one() == (
                "read committed"
            )


async def test_who_holds_a_hearing_never_waits_for_who_refers_to_it(database: Database) -> None:
    """Two transactions owe the same act while one holds the row that the other's facts belong to."""
    async with database.begin() as store:
        store.add(hearing := a_hearing())
    held = asyncio.Event()

    async def holding() -> None:
        async with database.begin() as store:
            await store.hearings.hold(hearing.id)
            held.set()
            await asyncio.sleep(0.2)
            store.owe([Owed("post", lane="C1", once="C1")])

    async def referring() -> None:
        await held.wait()
        async with database.begin() as store:
            store.note("something", by="us", at=NOW, hearing_id=hearing.id)
            store.owe([Owed("post", lane="C1", once="C1")])
            await store.settle()
            await asyncio.sleep(0.4)

    await asyncio.gather(holding(), referring())
    assert await _jobs(database) == [("post", "C1")]
