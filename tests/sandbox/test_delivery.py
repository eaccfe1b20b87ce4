"""How events travel: one connection each, again when not acknowledged, signed over HTTP."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, WSServerHandshakeError, web

from bot.sandbox import Mode, Sandbox
from tests.sandbox.world import CONFIG, Api

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

Json = dict[str, Any]


@asynccontextmanager
async def socket(sandbox: Sandbox) -> AsyncIterator[ClientWebSocketResponse]:
    """Open a connection as an app does, and read its hello."""
    async with ClientSession() as session:
        address = (await Api(sandbox, session, sandbox.app_token)("apps.connections.open"))["url"]
        async with session.ws_connect(address) as opened:
            assert (await opened.receive_json())["type"] in {"hello", "disconnect"}
            yield opened


async def test_an_envelope_comes_again_until_it_is_acknowledged(sandbox: Sandbox) -> None:
    async with Sandbox(replace(CONFIG, ack_seconds=0.1)).running() as quick, socket(quick) as app:
        await quick.person("anna").say("teknik", "hej")
        first = await app.receive_json()
        second = await app.receive_json()
        await app.send_json({"envelope_id": second["envelope_id"]})
        await quick.until(lambda: not quick.unacknowledged)
        with pytest.raises(TimeoutError):
            await app.receive_json(timeout=0.3)
    assert (first["retry_attempt"], first["retry_reason"]) == (0, "")
    assert (second["retry_attempt"], second["retry_reason"]) == (1, "timeout")
    assert first["payload"] == second["payload"]
    assert first["envelope_id"] != second["envelope_id"]
    assert sandbox.unacknowledged == 0


async def test_each_payload_goes_to_one_connection(sandbox: Sandbox) -> None:
    async with socket(sandbox) as one, socket(sandbox) as other:
        for n in range(4):
            await sandbox.person("anna").say("teknik", str(n))
        found = []
        for app in (one, other):
            for _ in range(2):
                envelope = await app.receive_json(timeout=2)
                found.append(envelope["payload"]["event"]["text"])
                await app.send_json({"envelope_id": envelope["envelope_id"]})
        await sandbox.until(lambda: not sandbox.unacknowledged)
    assert sorted(found) == ["0", "1", "2", "3"]


async def test_a_broken_connection_hands_its_envelope_to_the_next(sandbox: Sandbox) -> None:
    async with socket(sandbox) as first:
        await sandbox.person("anna").say("teknik", "hej")
        await first.receive_json()
        sandbox.cut()
    async with socket(sandbox) as second:
        envelope = await second.receive_json(timeout=2)
        await second.send_json({"envelope_id": envelope["envelope_id"]})
        await sandbox.until(lambda: not sandbox.unacknowledged)
    assert envelope["payload"]["event"]["text"] == "hej"
    assert envelope["retry_attempt"] >= 1


async def test_the_eleventh_connection_is_one_too_many(sandbox: Sandbox) -> None:
    async with ClientSession() as session:
        api = Api(sandbox, session, sandbox.app_token)
        addresses = [(await api("apps.connections.open"))["url"] for _ in range(11)]
        opened = [await session.ws_connect(each) for each in addresses]
        greetings = [await each.receive_json() for each in opened]
        assert [each["type"] for each in greetings] == ["hello"] * 10 + ["disconnect"]
        assert greetings[-1]["reason"] == "too_many_websockets"
        await asyncio.gather(*(each.close() for each in opened))


async def test_a_ticket_opens_one_connection_once(sandbox: Sandbox) -> None:
    async with ClientSession() as session:
        address = (await Api(sandbox, session, sandbox.app_token)("apps.connections.open"))["url"]
        await (await session.ws_connect(address)).close()
        with pytest.raises(WSServerHandshakeError, match="403"):
            await session.ws_connect(address)


@asynccontextmanager
async def address(answers: list[int]) -> AsyncIterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    """An app's address that answers with these statuses in turn, and what came to it."""
    came: list[tuple[dict[str, str], bytes]] = []

    async def take(request: web.Request) -> web.Response:
        came.append((dict(request.headers), await request.read()))
        return web.Response(status=answers[min(len(came), len(answers)) - 1])

    server = web.Application()
    server.router.add_post("/", take)
    runner = web.AppRunner(server, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/", came
    await runner.cleanup()


async def test_requests_are_signed_and_their_repetitions_counted() -> None:
    config = replace(CONFIG, mode=Mode.HTTP)
    async with address([500, 302, 200]) as (url, came), Sandbox(config).running() as sandbox:
        sandbox.events_url = url
        await sandbox.person("anna").say("teknik", "hej")
        await sandbox.until(lambda: not sandbox.unacknowledged)
    assert [headers.get("x-slack-retry-num") for headers, _body in came] == [None, "1", "2"]
    assert [headers.get("x-slack-retry-reason") for headers, _body in came] == [
        None,
        "http_error",
        "http_error",
    ]
    for headers, body in came:
        base = f"v0:{headers['X-Slack-Request-Timestamp']}:".encode() + body
        digest = hmac.new(CONFIG.signing_secret.encode(), base, hashlib.sha256).hexdigest()
        assert headers["X-Slack-Signature"] == f"v0={digest}"


async def test_an_overheard_request_is_sent_again_as_it_was_or_forged() -> None:
    config = replace(CONFIG, mode=Mode.HTTP)
    async with address([200]) as (url, came), Sandbox(config).running() as sandbox:
        sandbox.events_url = url
        await sandbox.person("anna").say("teknik", "hej")
        await sandbox.until(lambda: not sandbox.unacknowledged)
        [request] = sandbox.requests
        assert await sandbox.send_again(request) == 200
        await sandbox.send_again(request, secret="another")
        await sandbox.send_again(request, age=600)
    signed = [headers["X-Slack-Signature"] for headers, _body in came]
    assert signed[0] == signed[1]
    assert len(set(signed)) == 3
    stamps = [int(headers["X-Slack-Request-Timestamp"]) for headers, _body in came]
    assert 599 <= stamps[0] - stamps[3] <= 601
    assert {body for _headers, body in came} == {request.body}


async def test_an_event_nobody_takes_is_given_up_in_the_end() -> None:
    async with Sandbox(
        replace(CONFIG, mode=Mode.HTTP, events_url="http://127.0.0.1:9/")
    ).running() as sandbox:
        await sandbox.person("anna").say("teknik", "hej")
        assert sandbox.unacknowledged == 1
        await sandbox.until(lambda: not sandbox.unacknowledged)


async def test_events_that_the_app_did_not_subscribe_to_are_not_sent() -> None:
    config = replace(CONFIG, events=frozenset({"reaction_added"}))
    async with Sandbox(config).running() as sandbox, socket(sandbox) as app:
        said = await sandbox.person("anna").say("teknik", "hej")
        await sandbox.person("anna").react(said, "eyes")
        envelope: Json = await app.receive_json()
        await app.send_json({"envelope_id": envelope["envelope_id"]})
        await sandbox.until(lambda: not sandbox.unacknowledged)
    assert envelope["payload"]["event"]["type"] == "reaction_added"
