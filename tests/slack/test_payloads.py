"""Whatever Slack sends, in any of its shapes, is taken in without a fault."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from typing import Any

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.slack import payloads, talk
from storage.models import Door
from tests.slack.bench import HOME, Bench, bench
from tests.world import TEKNIK

Json = dict[str, Any]
WHO: Json = {"id": "U0TIM", "username": "tim", "name": "tim", "team_id": "T0SANDBOX"}
TEAM: Json = {"id": "T0SANDBOX", "domain": "sandbox"}
FILE: Json = {
    "id": "F0KORT001",
    "name": "kort.pdf",
    "mimetype": "application/pdf",
    "mode": "hosted",
    "size": 4,
}


def _message(**more: Any) -> Json:
    return {"type": "message", "channel": TEKNIK, "channel_type": "channel", "user": "U0TIM",
            "text": "Hej &amp; tak", "ts": "1795000002.000200", "event_ts": "1.2"} | more  # fmt: skip


def _events() -> list[Json]:
    before = _message(thread_ts="1795000001.000100")
    after = before | {"text": "Rettet", "edited": {"user": "U0TIM", "ts": "1795000003.000000"}}
    tombstone = after | {"subtype": "tombstone", "hidden": True, "user": "USLACKBOT"}
    outer = {"type": "message", "channel": TEKNIK, "channel_type": "channel", "ts": "1795000004.000400"}
    strange = {
        "type": "rich_text",
        "elements": [{"type": "rich_text_video", "elements": [{"type": "hologram"}]}],
    }
    item = {"type": "message", "channel": TEKNIK, "ts": "1795000002.000200"}
    return [
        _message(),
        before,
        before | {"blocks": [strange, {"type": "made_of_cheese"}]},
        before | {"subtype": "thread_broadcast", "root": _message()},
        before | {"subtype": "file_share", "files": [FILE, {"id": "F0VAEK001", "mode": "tombstone"}]},
        before | {"subtype": "bot_message", "bot_id": "B0ANDEN", "username": "Anden", "user": None},
        before | {"text": None, "blocks": None, "attachments": [{"fallback": "kun dette"}]},
        outer | {"subtype": "message_changed", "message": after, "previous_message": before},
        outer | {"subtype": "message_changed", "message": tombstone, "previous_message": before},
        outer | {"subtype": "message_deleted", "deleted_ts": before["ts"], "previous_message": before},
        outer | {"subtype": "message_deleted", "deleted_ts": before["ts"]},
        outer | {"subtype": "channel_join", "user": "U0TIM", "text": "<@U0TIM> has joined the channel"},
        {"type": "reaction_added", "user": "U0TIM", "reaction": "white_check_mark", "item": item,
         "event_ts": "1795000005.000100"},
        {"type": "reaction_added", "user": "U0TIM", "reaction": "white_check_mark", "item_user": "U0TOVE",
         "item": {"type": "file", "file": "F0KORT001"}},
        {"type": "reaction_removed", "user": "U0TIM", "reaction": "heavy_check_mark::skin-tone-6",
         "item": item},
        {"type": "member_joined_channel", "user": "U0TIM", "channel": TEKNIK, "channel_type": "C"},
        {"type": "member_left_channel", "user": "U0TIM", "channel": TEKNIK, "channel_type": "C"},
        {"type": "app_mention", "user": "U0TIM", "text": "<@U0SANDBOX> hej", "ts": "1.2", "channel": TEKNIK},
        {"type": "app_home_opened", "user": "U0TIM", "channel": "D0TIM", "tab": "home", "event_ts": "1.3"},
        {"type": "channel_rename", "channel": {"id": TEKNIK, "name": "teknik-2", "created": 1}},
        {"type": "channel_archive", "channel": TEKNIK, "user": "U0TIM"},
        {"type": "file_shared", "file_id": "F0KORT001", "user_id": "U0TIM", "channel_id": TEKNIK},
        {"type": "invented_next_year", "whatever": [1, 2, 3]},
    ]  # fmt: skip


def _interactions() -> list[Json]:
    base = {"token": "made-up", "api_app_id": "A0SANDBOX", "team": TEAM, "user": WHO, "enterprise": None,
            "is_enterprise_install": False}  # fmt: skip
    channel = {"id": TEKNIK, "name": "teknik"}
    view = {"id": "V1", "type": "modal", "callback_id": "unknown_form", "private_metadata": "", "blocks": [],
            "state": {"values": {}}, "hash": "1.a", "title": {"type": "plain_text", "text": "x"}}  # fmt: skip
    click = {"type": "button", "action_id": "unknown", "block_id": "b", "value": "v", "action_ts": "1.1"}
    container = {"type": "message", "message_ts": "1.1", "channel_id": TEKNIK, "is_ephemeral": False}
    shortcut = {"type": "message_action", "callback_id": "approve_reply", "channel": channel,
                "message_ts": "1.1", "action_ts": "1.2", "message": _message()}  # fmt: skip
    return [
        base | {"type": "block_actions", "actions": [click], "container": container, "channel": channel,
                "message": _message()},
        base | {"type": "block_actions", "actions": [click], "container": {"type": "view", "view_id": "V1"},
                "view": view},
        base | shortcut,
        base | shortcut | {"callback_id": "use_as_remark", "message": {"type": "message", "ts": "1.1"}},
        base | {"type": "shortcut", "callback_id": "somewhere", "action_ts": "1.2"},
        base | {"type": "view_submission", "view": view, "response_urls": []},
        base | {"type": "view_closed", "view": view, "is_cleared": False},
    ]  # fmt: skip


async def _deliver(town: Bench, bodies: list[Json]) -> list[int]:
    requests = [AsyncBoltRequest(mode="socket_mode", body=body) for body in bodies]
    answers = [await town.app.async_dispatch(request) for request in requests]
    await town.heard()
    await asyncio.sleep(0.05)
    return [answer.status for answer in answers]


async def test_every_payload_is_acknowledged_and_read(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    events = [
        {"token": "made-up", "team_id": "T0SANDBOX", "api_app_id": "A0SANDBOX", "type": "event_callback",
         "event_id": f"Ev{number}", "event_time": 1, "event": event}
        for number, event in enumerate(_events())
    ]  # fmt: skip
    bodies = [*events, *({**body, "trigger_id": f"1.{at}"} for at, body in enumerate(_interactions()))]
    caplog.set_level(logging.WARNING)
    async with bench(database_url, connected=False, config=HOME) as town:
        assert set(await _deliver(town, bodies)) == {200}
        async with town.database.begin() as store:
            assert await store.inbox.set_aside([Door.SLACK]) == []
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


def test_deliveries_of_one_thing_have_one_key_and_others_another() -> None:
    first = {"type": "event_callback", "event_id": "Ev1", "event_time": 1}
    assert payloads.key_of(first) == payloads.key_of(first | {"retry_num": 1}) == "Ev1"
    assert payloads.key_of({"trigger_id": "7.1"}) != payloads.key_of({"trigger_id": "7.2"})
    plain = {"type": "app_rate_limited", "minute_rate_limited": 1}
    assert payloads.key_of(plain) == payloads.key_of(dict(reversed(plain.items())))
    assert payloads.key_of(plain) != payloads.key_of(plain | {"minute_rate_limited": 2})


def test_an_edit_is_newer_than_the_message_though_slack_gives_it_in_whole_seconds() -> None:
    posted = talk.spoken(_message(thread_ts="1.1", ts="1795000002.900000"))
    edited = talk.message_in(
        TEKNIK, _message(thread_ts="1.1", edited={"user": "U0TIM", "ts": "1795000002.000000"})
    )
    assert posted is not None
    assert edited is not None
    assert edited.version > posted.version


def test_a_reaction_tells_when_it_was_put() -> None:
    item = {"type": "message", "channel": TEKNIK, "ts": "1795000002.000200"}
    event = {"type": "reaction_added", "user": "U0TIM", "reaction": "heavy_check_mark", "item": item,
             "event_ts": "1795000005.250000"}  # fmt: skip
    put = payloads.reaction(event)
    assert put is not None
    assert put.at == datetime.fromtimestamp(1795000005.25, UTC)
