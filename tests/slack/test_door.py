"""What Slack delivers is kept before it is acknowledged, acted on once, and never forgotten."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from sqlmodel import col, select

from bot.sandbox import Fault, Message, Sandbox
from bot.sandbox.config import GroupSpec
from bot.slack import door as doors
from bot.slack.api.calls import UnknownOutcomeError
from bot.slack.app import bolt, socket
from bot.slack.door import SlackDoor
from bot.slack.posts import sending
from bot.slack.talk import Spoken
from handlers.intake.receive import Reception
from handlers.talk.collect import Said
from storage.database import Database
from storage.inbox import Arrival
from storage.models import Blob, Door, InboxItem
from tests.slack import threads
from tests.slack.bench import ABOUT_BIKES, HOME, Bench, bench, now, reached
from tests.world import KOORD, TEKNIK, plan, shown

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
    async with reached(town.sandbox, app, door=town.door):
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


def yes(message: Message) -> dict[str, Any]:
    """The event of Tove's ✅ on a message."""
    return {
        "type": "reaction_added", "reaction": "white_check_mark", "user": "U0TOVE",
        "event_ts": f"{time.time():.6f}",
        "item": {"type": "message", "channel": message.channel, "ts": message.ts},
    }  # fmt: skip


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
            "user": "U0TOVE",
            "item": {"type": "message", "channel": TEKNIK},
        }
        await left_behind(town, broken)
        for _ in range(4):
            await town.door.replay(town.app)
            await asyncio.sleep(0.05)
        [item] = await set_aside(town)
        assert item.key == "Ev1"
        assert item.set_aside == "no listener could read it"
        [whispered] = threads.told(town, "tove")
        assert whispered.startswith("Det, du gjorde her, kunne ikke læses og tæller ikke med.")


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
        await left_behind(town, body(yes(answer)))
        town.sandbox.faults.next("conversations.replies", Fault.ERROR_BEFORE, times=5)
        for _ in range(8):
            await town.door.replay(town.app)
            await asyncio.sleep(0.05)
        await town.settle()
        assert await set_aside(town) == []
        assert "Godkendt" in shown(card)


async def test_a_yes_waits_while_it_cannot_be_told_who_is_in_the_approving_group(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "_FIRST_WAIT", 0.0)
    seats = plan().departments
    grouped = replace(plan(), departments=(replace(seats[0], approvers=("S0CHEF",)), seats[1]))
    chiefs = GroupSpec(id="S0CHEF", name="Chefer", handle="chefer", members=("U0TOVE",))
    config = replace(HOME, groups=(chiefs,))
    async with bench(database_url, connected=False, wanted=grouped, config=config) as town:
        card = await town.one_card()
        answer = await town.person("tim").say(TEKNIK, ANSWER, thread=card)
        await left_behind(town, body(yes(answer)))
        town.sandbox.faults.refuse("usergroups.users.list", "missing_scope", times=5)
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
                    "event_ts": f"{time.time():.6f}",
                    "item": {"type": "message", "channel": TEKNIK, "ts": card.ts + "9"}}  # fmt: skip
        await left_behind(town, body(reaction))
        town.sandbox.faults.next("conversations.replies", Fault.ERROR_BEFORE)
        for _ in range(5):
            await town.door.replay(town.app)
        await asyncio.sleep(0.3)
        assert await town.unread() == 1


async def blobs(town: Bench) -> list[bytes]:
    async with town.database.begin() as store:
        return [bytes(raw) for raw in (await store.session.execute(select(Blob.bytes))).scalars()]


async def test_talk_outside_threads_is_neither_kept_nor_read(database_url: str) -> None:
    async with bench(database_url, config=HOME) as town:
        card = await town.one_card()
        tim = town.person("tim")
        talk = await tim.say(TEKNIK, "Skal vi spise frokost?")
        await tim.edit(talk, "Skal vi spise sen frokost?")
        await tim.delete(talk)
        await tim.say(TEKNIK, ANSWER, thread=card)
        await town.settle()
        assert "I arbejde" in shown(card)
        async with town.database.begin() as store:
            items = (
                await store.session.execute(select(InboxItem).where(col(InboxItem.door) == Door.SLACK))
            ).all()
        assert len(items) == 1


async def test_what_was_read_leaves_no_raw_copy_however_often_it_is_delivered(database_url: str) -> None:
    async with bench(database_url, connected=False, config=HOME) as town:
        event = await said_under(town)
        elsewhere = body(event["event"] | {"thread_ts": "1.0", "text": "Om noget andet"}, key="Ev2")
        for each in (event, elsewhere, event, elsewhere):
            await town.app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=each))
            await town.heard()
        assert not [raw for raw in await blobs(town) if b"event_callback" in raw]
        assert await replies(town) == 1


async def test_what_cannot_be_read_yet_is_kept_as_it_came(database_url: str) -> None:
    async with bench(database_url, connected=False, config=HOME) as town:
        await left_behind(town, {"type": "app_rate_limited", "event_id": "E9", "team_id": "T0SANDBOX"})
        await town.door.replay(town.app)
        await town.door.replay(town.app)
        assert [raw for raw in await blobs(town) if b"app_rate_limited" in raw]


async def test_a_reply_under_a_card_that_is_not_noted_yet_waits_for_it(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "_FIRST_WAIT", 0.0)
    monkeypatch.setattr(sending, "_LOOKS_AGAIN", 0.1)
    async with bench(database_url, connected=False, config=HOME) as town:
        town.sandbox.faults.next("chat.postMessage", Fault.DROP_AFTER)
        await town.keep_and_read(ABOUT_BIKES)
        with pytest.raises(UnknownOutcomeError):
            await town.posting.drain(TEKNIK)
        await left_behind(town, await said_under(town))
        for _ in range(4):
            await town.door.replay(town.app)
            await asyncio.sleep(0.05)
        assert (await town.unread(), await set_aside(town)) == (1, [])
        await town.posting.drain(TEKNIK)
        await town.door.replay(town.app)
        await town.heard()
        assert await replies(town) == 1


async def test_talk_in_a_thread_older_than_what_is_on_its_way_is_none_of_ours(database_url: str) -> None:
    async with bench(database_url, connected=False, config=HOME) as town:
        town.sandbox.faults.next("chat.postMessage", Fault.DROP_AFTER)
        await town.keep_and_read(ABOUT_BIKES)
        with pytest.raises(UnknownOutcomeError):
            await town.posting.drain(TEKNIK)
        assert await town.door.ours(TEKNIK, f"{time.time() - 120:.6f}") is None
        assert await town.door.ours(KOORD, f"{time.time():.6f}") is None
        with pytest.raises(doors.NotNotedYetError):
            await town.door.ours(TEKNIK, f"{time.time():.6f}")


async def test_a_listener_that_fails_tells_the_log_where_and_not_what(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    class Talkative(SlackDoor):
        async def said(self, spoken: Spoken | None, *, referral: Any = None) -> Said | None:
            assert spoken is not None
            assert referral is None
            raise ValueError(spoken.body["text"])

    async with bench(database_url, connected=False, config=HOME) as town:
        event = await said_under(town, text="Min nabo er syg")
        door = Talkative(town.door.board, town.database, town.door.reception, now)
        await bolt(door, signing_secret=None).async_dispatch(AsyncBoltRequest(mode="socket_mode", body=event))
        await town.until(lambda: "could not be read" in caplog.text or None)
        assert "ValueError at test_door.py:" in caplog.text
        assert "nabo" not in caplog.text


@pytest.mark.socket("over HTTP Slack needs no token of ours")
async def test_what_counts_already_is_not_called_unread_when_telling_of_it_fails(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    class Speechless(SlackDoor):
        async def reply(self, *_: object, **__: object) -> None:
            raise ValueError("Min nabo er syg")

    async with bench(database_url, connected=False, config=HOME) as town:
        typed = {
            "command": "/hoering", "text": "status", "user_id": "U0TIM", "channel_id": TEKNIK,
            "team_id": "T0SANDBOX", "trigger_id": "1.2.a", "response_url": "https://hooks.example/1",
        }  # fmt: skip
        door = Speechless(town.door.board, town.database, town.door.reception, now)
        app = bolt(door, signing_secret=None)
        await app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=typed))
        await town.until(lambda: "nobody could be told of a payload: ValueError" in caplog.text or None)
        assert (await town.unread(), "could not be read" in caplog.text) == (0, False)


async def test_an_app_token_that_slack_does_not_take_is_told_with_what_to_do(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with bench(database_url, connected=False) as town:
        async with socket(town.app, app_token="xapp-made-up", api_url=town.sandbox.api_url):
            await town.until(lambda: "Slack is out of reach (invalid_auth)" in caplog.text or None)
        assert "Set HOERING_SLACK_APP_TOKEN to a valid app-level token" in caplog.text
