"""What we owe Slack stands there with the job that posts it, or not at all."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from handlers.owe import Priority, owe_post
from storage.database import Database
from storage.models import PostKind
from storage.store import Store
from storage.talk import SlackPost
from tests.handlers.building import NOW, applied

_JOBS = text("SELECT args->>'channel' FROM procrastinate_jobs WHERE task_name = 'post' ORDER BY 1")


async def _owe(
    store: Store,
    key: str,
    *,
    channel: str = "C0PARK",
    priority: Priority = Priority.CARD,
    now: datetime = NOW,
) -> SlackPost:
    [hearing] = await store.hearings.all()
    return owe_post(
        key, PostKind.NOTICE, hearing_id=hearing.id, channel=channel, priority=priority, now=now, store=store
    )


async def _keys(store: Store) -> list[str]:
    return list((await store.session.execute(select(SlackPost.key))).scalars())


async def _jobs(store: Store) -> list[str]:
    return list((await store.session.execute(_JOBS)).scalars())


async def test_whatever_is_owed_has_a_job_for_its_channel(database: Database) -> None:
    await applied(database)
    async with database.begin() as store:
        await _owe(store, "a")
        await _owe(store, "b")
        await _owe(store, "c", channel="C0SKOLE")
    async with database.begin() as store:
        assert await _jobs(store) == ["C0PARK", "C0SKOLE"]


async def test_what_is_not_committed_is_not_owed(database: Database) -> None:
    await applied(database)
    with pytest.raises(LookupError):
        async with database.begin() as store:
            await _owe(store, "a")
            raise LookupError
    async with database.begin() as store:
        assert (await _keys(store), await _jobs(store)) == ([], [])


async def test_nothing_is_owed_twice_under_one_key(database: Database) -> None:
    await applied(database)
    async with database.begin() as store:
        await _owe(store, "a")
    with pytest.raises(IntegrityError):
        async with database.begin() as store:
            await _owe(store, "a", channel="C0SKOLE")
    async with database.begin() as store:
        assert (await _keys(store), await _jobs(store)) == (["a"], ["C0PARK"])


async def test_what_people_wait_for_goes_first_and_equals_go_in_their_order(database: Database) -> None:
    await applied(database)
    later = NOW + timedelta(seconds=1)
    async with database.begin() as store:
        for priority in Priority:
            await _owe(store, f"{priority.name} later", priority=priority, now=later)
            await _owe(store, priority.name, priority=priority)
    seen = []
    async with database.begin() as store:
        while (post := await store.posts.owed("C0PARK")) is not None:
            seen.append(post.key)
            post.tried_at, post.ts = NOW, post.key
            await store.session.flush()
    names = ["NOTAT", "CARD", "TEXT", "TALK", "FILE"]
    assert seen == [key for name in names for key in (name, f"{name} later")]
