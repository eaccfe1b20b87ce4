"""What events did not tell is found in the thread: it is the truth."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bot.sandbox import Fault
from bot.slack.sweep import Sweep
from tests.slack.bench import HOME, Bench, bench, now
from tests.slack.threads import ANSWER, OTHER, answered, approved, marked, remarks
from tests.world import TEKNIK, shown

TICK = "white_check_mark"


@asynccontextmanager
async def deaf(town: Bench) -> AsyncIterator[None]:
    """While nothing that happens in Slack reaches us."""
    town.sandbox.faults.at_rate("*", Fault.LOSE, rate=1.0)
    try:
        yield
    finally:
        town.sandbox.faults.clear()


async def looks(town: Bench) -> int:
    """Look at every thread of the hearing; how many things that told."""
    sweep = Sweep(town.door, connected_at=now())
    async with town.database.begin() as store:
        threads = await store.threads.of_hearing(town.hearing.id)
    told = sum([await sweep.look(thread) for thread in threads])
    await town.settle()
    return told


async def looked_long_ago(town: Bench) -> None:
    """Somebody looked two minutes ago, and nobody since."""
    async with town.database.begin() as store:
        for thread in await store.threads.of_hearing(town.hearing.id):
            await store.threads.looked(thread.post_id, at=now() - timedelta(minutes=2))


async def test_a_reply_and_a_check_mark_that_we_were_not_told_of_count(database_url: str) -> None:
    async with bench(database_url, config=HOME) as town:
        card = await town.one_card()
        async with deaf(town):
            answer = await town.person("tim").say(TEKNIK, ANSWER, thread=card)
            await town.person("tove").react(answer, TICK)
        assert await looks(town) == 2
        assert await approved(town) == [ANSWER]
        assert "Godkendt" in shown(card)
        assert await looks(town) == 0


async def test_an_edit_that_we_were_not_told_of_asks_for_a_new_approval(database_url: str) -> None:
    async with bench(database_url, config=HOME) as town:
        card, answer = await answered(town)
        await town.person("tove").react(answer, TICK)
        await town.settle()
        async with deaf(town):
            await town.person("tim").edit(answer, OTHER)
        await looks(town)
        assert await approved(town) == [ANSWER]
        assert "Ændret efter godkendelse" in shown(card)
        assert town.ours(card, "changed")


async def test_of_a_message_deleted_unseen_the_approved_copy_stays(
    database_url: str,
) -> None:
    async with bench(database_url, config=HOME) as town:
        card, answer = await answered(town)
        await town.person("tove").react(answer, TICK)
        await town.settle()
        async with deaf(town):
            await town.person("tim").delete(answer)
        await looks(town)
        assert await approved(town) == [ANSWER]
        assert "beskeder er slettet" in shown(town.ours(card, "draft")[0])
        assert await looks(town) == 0


@pytest.mark.parametrize("on", ["message", "draft"])
async def test_a_check_mark_taken_away_unseen_takes_the_approval_back(database_url: str, on: str) -> None:
    async with bench(database_url, config=HOME) as town:
        _card, answer, draft = await marked(town)
        place = draft if on == "draft" else answer
        await town.person("tove").react(place, TICK)
        await town.settle()
        assert await approved(town) == [ANSWER]
        async with deaf(town):
            await town.person("tove").unreact(place, TICK)
        await looks(town)
        assert await approved(town) == []
        async with deaf(town):
            await town.person("tove").react(place, TICK)
        await looks(town)
        assert await approved(town) == [ANSWER]


async def test_a_check_mark_beside_an_edit_asks_and_does_not_guess(database_url: str) -> None:
    async with bench(database_url, config=HOME) as town:
        card, answer = await answered(town)
        async with deaf(town):
            await town.person("tove").react(answer, TICK)
            await town.person("tim").edit(answer, OTHER)
        await looks(town)
        assert await approved(town) == []
        [notice] = town.ours(card, "unsure")
        assert "det kan ikke ses, hvad der skete først" in shown(notice)
        [draft] = town.ours(card, "draft")
        assert OTHER in shown(draft)
        assert await looks(town) == 0
        await town.person("tove").click(draft, "approve_remark")
        await town.settle()
        assert await approved(town) == [OTHER]


async def test_a_check_mark_put_after_a_look_that_saw_the_edit_counts(database_url: str) -> None:
    async with bench(database_url, config=HOME) as town:
        _card, answer = await answered(town)
        await town.person("tim").edit(answer, OTHER)
        answer.edited = {"user": "U0TIM", "ts": f"{int(time.time()) - 300}.000000"}
        await town.settle()
        await looks(town)
        await looked_long_ago(town)
        async with deaf(town):
            await town.person("tove").react(answer, TICK)
        await looks(town)
        assert await approved(town) == [OTHER]


async def test_a_check_mark_that_was_refused_once_counts_not_later_either(database_url: str) -> None:
    async with bench(database_url, config=HOME) as town:
        _card, answer = await answered(town)
        await town.person("karen").react(answer, TICK)
        await town.settle()
        assert await looks(town) == 0
        async with deaf(town):
            await town.person("tim").react(answer, TICK)
        assert await looks(town) == 1
        assert await looks(town) == 0
        assert await remarks(town) == []


async def test_a_long_thread_is_read_to_its_end(database_url: str) -> None:
    async with bench(database_url, config=HOME) as town:
        card = await town.one_card()
        async with deaf(town):
            for number in range(410):
                last = await town.person("tim").say(TEKNIK, f"Nr. {number}", thread=card)
            await town.person("tove").react(last, TICK)
        assert await looks(town) == 411
        assert await approved(town) == ["Nr. 409"]
