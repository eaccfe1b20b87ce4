"""Slack over HTTP: only what Slack signed just now is taken in, and what comes twice acts once."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest

from bot.slack.app import bolt
from bot.slack.sweep import Sweep
from bot.web import RETRY, SLACK_PATH, web_door
from tests.slack.bench import HOME, Bench, bench, now
from tests.slack.threads import ANSWER, remarks
from tests.world import TEKNIK, shown

SECRET = "made-up-secret"
JSON, FORM = "application/json", "application/x-www-form-urlencoded"


@asynccontextmanager
async def _listening(town: Bench, sweep: Sweep | None = None) -> AsyncIterator[str]:
    app, doubted = bolt(town.door, signing_secret=SECRET), (sweep or Sweep(town.door)).doubted
    door = web_door(town.database, slack=app, host="127.0.0.1", port=0, on_retry=doubted)
    async with door as (host, port):
        yield f"http://{host}:{port}{SLACK_PATH}"


async def _send(
    url: str, body: str, *, kind: str = JSON, age: float = 0.0, secret: str = SECRET, again: bool = False
) -> int:
    """The status of a request that was signed some seconds ago."""
    stamp = str(int(time.time() - age))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    signed = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}", "Content-Type": kind}
    signed |= {RETRY: "1"} if again else {}
    async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=signed) as answer:
        return answer.status


def _event(event: dict[str, Any], *, key: str) -> str:
    told = {"type": "event_callback", "team_id": "T0SANDBOX", "api_app_id": "A0SANDBOX", "event_id": key}
    return json.dumps(told | {"event": event, "event_time": 1, "authorizations": []})


def _reply(card_ts: str) -> str:
    said = {"type": "message", "channel": TEKNIK, "user": "U0TIM", "text": "Forvaltningen er enig."}
    return _event(said | {"ts": "1.1", "thread_ts": card_ts, "event_ts": "1.1"}, key="Ev1")


@pytest.mark.parametrize(
    "signed", [{"age": 301.0}, {"age": -301.0}, {"secret": "another"}], ids=["old", "early", "forged"]
)
async def test_what_slack_did_not_sign_just_now_is_refused_and_not_kept(
    database_url: str, signed: dict[str, Any]
) -> None:
    async with bench(database_url, connected=False, config=HOME) as town, _listening(town) as url:
        card = await town.one_card()
        assert await _send(url, _reply(card.ts), **signed) == 401
        async with aiohttp.ClientSession() as session, session.post(url, data=_reply(card.ts)) as answer:
            assert answer.status == 401
        assert await town.unread() == 0
        await town.settle()
        assert "I arbejde" not in shown(card)


async def test_the_same_signed_requests_twice_act_once(database_url: str) -> None:
    async with bench(database_url, connected=False, config=HOME) as town, _listening(town) as url:
        card = await town.one_card()
        reply = await town.person("tim").say(TEKNIK, ANSWER, thread=card)
        click = {
            "type": "message_action", "callback_id": "use_as_remark", "trigger_id": "1.2.a",
            "user": {"id": "U0TIM"}, "team": {"id": "T0SANDBOX"}, "channel": {"id": TEKNIK},
            "message": {"ts": reply.ts, "thread_ts": card.ts, "user": "U0TIM", "text": ANSWER},
        }  # fmt: skip
        approve = {"type": "reaction_added", "user": "U0TOVE", "reaction": "white_check_mark",
                   "item": {"type": "message", "channel": TEKNIK, "ts": reply.ts},
                   "event_ts": f"{time.time() + 1:.6f}"}  # fmt: skip
        form = urlencode({"payload": json.dumps(click)})
        for body, kind in ((form, FORM), (form, FORM), *[(_event(approve, key="Ev2"), JSON)] * 2):
            assert await _send(url, body, kind=kind) == 200
            await town.heard()
        await town.settle()
        [facts] = await remarks(town)
        assert len(facts.approvals) == 1
        assert "Godkendt" in shown(card)


async def test_what_slack_could_not_deliver_at_first_has_all_threads_read_again(database_url: str) -> None:
    async with bench(database_url, connected=False, config=HOME) as town:
        long_ago = now() - timedelta(hours=1)
        sweep = Sweep(town.door, connected_at=long_ago)
        async with _listening(town, sweep) as url:
            card = await town.one_card()
            assert await _send(url, _reply(card.ts)) == 200
            assert await _send(url, _reply(card.ts), secret="another", again=True) == 401
            assert sweep.connected_at == long_ago
            assert await _send(url, _reply(card.ts), again=True) == 200
            assert sweep.connected_at > long_ago
            await town.heard()


async def test_slack_may_ask_whether_the_address_is_ours(database_url: str) -> None:
    async with bench(database_url, connected=False, config=HOME) as town, _listening(town) as url:
        assert await _send(url, json.dumps({"type": "url_verification", "challenge": "abc"})) == 200
        assert await town.unread() == 0
