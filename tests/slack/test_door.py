"""What Slack delivers is kept before it is acknowledged, acted on once, and never forgotten."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.sandbox import Fault, Sandbox
from bot.slack import door as doors
from bot.slack.app import bolt, client, socket
from bot.slack.board import Board, RefusedError
from bot.slack.door import SlackDoor
from handlers.receive import Reception
from storage.database import Database
from storage.inbox import Arrival
from storage.models import Door, InboxItem
from tests.slack.bench import HOME, Bench, bench, now
from tests.world import TEKNIK, shown

ANSWER = "Forvaltningen er enig."


class Shaky(Reception):
    """A reception whose database is away for the first arrivals."""

    def __init__(self, database: Database, *, times: int) -> None:
        super().__init__(database, on_arrival=lambda: None)
        self.away = times

    async def receive(self, arrival: Arrival) -> None:
        if self.away:
            self.away -= 1
            raise ConnectionRefusedError("the database is away")
        await super().receive(arrival)


@asynccontextmanager
async def listening(town: Bench, app: AsyncApp) -> AsyncIterator[Sandbox]:
    async with socket(app, app_token=town.sandbox.app_token, api_url=town.sandbox.api_url):
        await town.sandbox.until(lambda: town.sandbox.connections)
        yield town.sandbox


def body(event: dict[str, Any], *, key: str = "Ev1") -> dict[str, Any]:
    return {
        "token": "made-up", "team_id": "T0SANDBOX", "api_app_id": "A0SANDBOX", "type": "event_callback",
        "event_id": key, "event_time": 1, "authorizations": [], "event": event,
    }  # fmt: skip


async def said_under(town: Bench, *, text: str = ANSWER, ts: str = "1.1", key: str = "Ev1") -> dict[str, Any]:
    """The event of a reply to the first card."""
    card = town.card_now(TEKNIK, 1) or await town.one_card()
    return body(
        {"type": "message", "channel": TEKNIK, "user": "U0TIM", "text": text, "ts": ts, "thread_ts": card.ts,
         "channel_type": "channel", "event_ts": ts},
        key=key,
    )  # fmt: skip


async def left_behind(town: Bench, *bodies: dict[str, Any]) -> None:
    """Kept a minute ago by a process that is gone."""
    long_ago = now().replace(year=2020)
    async with town.database.begin() as store:
        await store.inbox.keep(
            [Arrival(Door.SLACK, each["event_id"], json.dumps(each).encode(), long_ago) for each in bodies]
        )


async def set_aside(town: Bench) -> list[InboxItem]:
    async with town.database.begin() as store:
        return await store.inbox.set_aside([Door.SLACK])


async def replies(town: Bench) -> int:
    async with town.database.begin() as store:
        submission = await store.submissions.by_number(town.hearing.id, 1)
        assert submission is not None
        referrals = await store.submissions.referrals(submission.id)
        return len(await store.remarks.replied([each.id for each in referrals]))


async def test_what_cannot_be_kept_is_not_acknowledged_and_comes_again(database_url: str) -> None:
    async with bench(database_url, connected=False, config=HOME) as town:
        card = await town.one_card()
        shaky = Shaky(town.database, times=2)
        async with listening(town, bolt(replace(town.door, reception=shaky), signing_secret=None)):
            await town.person("tim").say(TEKNIK, ANSWER, thread=card)
            await town.sandbox.until(lambda: not town.sandbox.unacknowledged)
            await town.settle()
        assert shaky.away == 0
        assert "I arbejde" in shown(card)


async def test_a_slack_that_does_not_know_us_yet_loses_no_event(database_url: str) -> None:
    async with bench(database_url, connected=False, config=HOME) as town:
        card = await town.one_card()
        town.sandbox.faults.next("auth.test", Fault.ERROR_BEFORE, times=2)
        async with listening(town, town.app):
            await town.person("tim").say(TEKNIK, ANSWER, thread=card)
            await town.sandbox.until(lambda: not town.sandbox.unacknowledged)
            await town.settle()
        assert "I arbejde" in shown(card)


async def test_the_same_delivery_three_times_acts_once(database_url: str) -> None:
    async with bench(database_url, connected=False, config=HOME) as town:
        event = await said_under(town)
        for _ in range(3):
            answer = await town.app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=event))
            assert answer.status == 200
            await town.heard()
        async with town.database.begin() as store:
            assert len(await store.inbox.left_behind(Door.SLACK, before=now(), most=10)) == 0
        assert await replies(town) == 1


async def test_what_was_left_behind_is_read_by_the_next_process(database_url: str) -> None:
    async with bench(database_url, connected=False, config=HOME) as town:
        await left_behind(
            town, await said_under(town), await said_under(town, text="Mere", ts="1.2", key="E2")
        )
        await town.door.replay(town.app)
        await town.heard()
        assert await replies(town) == 1


async def test_what_just_came_is_left_to_who_is_reading_it(database_url: str) -> None:
    async with bench(database_url, connected=False, config=HOME) as town:
        event = await said_under(town)
        await town.door.reception.receive(Arrival(Door.SLACK, "Ev1", json.dumps(event).encode(), now()))
        await town.door.replay(town.app)
        await asyncio.sleep(0.1)
        assert await town.unread() == 1


async def test_what_no_listener_can_read_is_set_aside_after_its_tries(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "_FIRST_WAIT", 0.0)
    async with bench(database_url, connected=False, config=HOME) as town:
        broken = await said_under(town)
        broken["event"] = {
            "type": "reaction_added",
            "reaction": "white_check_mark",
            "item": {"type": "message"},
        }
        await left_behind(town, broken)
        for _ in range(4):
            await town.door.replay(town.app)
            await asyncio.sleep(0.05)
        [item] = await set_aside(town)
        assert item.key == "Ev1"
        assert item.set_aside == "no listener could read it"


async def test_what_nobody_listens_for_is_set_aside_at_once(database_url: str) -> None:
    async with bench(database_url, connected=False, config=HOME) as town:
        await left_behind(town, {"type": "app_rate_limited", "event_id": "E9", "team_id": "T0SANDBOX"})
        await town.door.replay(town.app)
        await town.door.replay(town.app)
        assert [item.key for item in await set_aside(town)] == ["E9"]


async def test_a_payload_waits_as_long_as_slack_is_away(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "_FIRST_WAIT", 0.0)
    async with bench(database_url, connected=False, config=HOME) as town:
        card = await town.one_card()
        answer = await town.person("tim").say(TEKNIK, ANSWER, thread=card)
        reaction = {"type": "reaction_added", "reaction": "white_check_mark", "user": "U0TOVE",
                    "item": {"type": "message", "channel": TEKNIK, "ts": answer.ts}}  # fmt: skip
        await left_behind(town, body(reaction))
        town.sandbox.faults.next("conversations.replies", Fault.ERROR_BEFORE, times=5)
        for _ in range(8):
            await town.door.replay(town.app)
            await asyncio.sleep(0.05)
        await town.settle()
        assert await set_aside(town) == []
        assert "Godkendt" in shown(card)


async def test_waits_between_tries_grow(database_url: str) -> None:
    async with bench(database_url, connected=False, config=HOME) as town:
        card = await town.one_card()
        reaction = {"type": "reaction_added", "reaction": "white_check_mark", "user": "U0TOVE",
                    "item": {"type": "message", "channel": TEKNIK, "ts": card.ts + "9"}}  # fmt: skip
        await left_behind(town, body(reaction))
        town.sandbox.faults.next("conversations.replies", Fault.ERROR_BEFORE)
        for _ in range(5):
            await town.door.replay(town.app)
        await asyncio.sleep(0.3)
        assert await town.unread() == 1


async def test_a_whisper_that_slack_refuses_undoes_nothing() -> None:
    class Silent(Board):
        async def whisper(self, *_: str, **__: str | None) -> None:
            raise RefusedError("chat.postEphemeral", "user_not_in_channel")

    database = Database("postgresql+psycopg://nobody@127.0.0.1:9/none")
    board = Silent(client("http://127.0.0.1:9/api/", "xoxb-made-up"))
    door = SlackDoor(database, Reception(database, on_arrival=lambda: None), board, now)
    await door.whisper("Psst", channel=TEKNIK, person="U0TIM")
