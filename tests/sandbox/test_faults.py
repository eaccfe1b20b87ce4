"""Faults that are asked for strike where and when they should, and leave what they should."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import ClientError, ClientSession, ServerDisconnectedError
from slack_sdk.errors import SlackApiError

from bot.sandbox import Fault, Faults, How, Sandbox, Unanswered
from tests.sandbox.world import CONFIG, Api, bolt_app, by_socket

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncApp
    from slack_sdk.web.async_client import AsyncWebClient


@pytest.fixture
def client(sandbox: Sandbox) -> AsyncWebClient:
    return bolt_app(sandbox).client


def hearing(sandbox: Sandbox) -> tuple[AsyncApp, list[str]]:
    """Give an app, and the list of what it hears people say."""
    bolt = bolt_app(sandbox)
    got: list[str] = []

    @bolt.event("message")
    async def heard(event: dict[str, Any]) -> None:
        got.append(event["text"])

    return bolt, got


@pytest.mark.parametrize(
    ("fault", "stored"),
    [
        (Fault.DROP_BEFORE, 0),
        (Fault.DROP_AFTER, 1),
        (Fault.ERROR_BEFORE, 0),
        (Fault.ERROR_AFTER, 1),
        (Fault.LIMITED, 0),
    ],
)
async def test_the_post_fails_and_the_next_goes_well(
    sandbox: Sandbox, client: AsyncWebClient, fault: Fault, stored: int
) -> None:
    sandbox.faults.next("chat.postMessage", fault, seconds=7)
    with pytest.raises((SlackApiError, ClientError)) as failed:
        await client.chat_postMessage(channel="C1TEKNIK", text="a")
    assert len(sandbox.channel("teknik").messages) == stored
    if fault in {Fault.DROP_BEFORE, Fault.DROP_AFTER}:
        assert isinstance(failed.value, ServerDisconnectedError)
    if isinstance(failed.value, SlackApiError) and fault is Fault.LIMITED:
        assert failed.value.response.headers["Retry-After"] == "7"
    await client.chat_postMessage(channel="C1TEKNIK", text="b")
    assert len(sandbox.channel("teknik").messages) == stored + 1


async def test_a_call_that_hangs_ends_without_an_answer(sandbox: Sandbox, client: AsyncWebClient) -> None:
    for stored, fault in enumerate((Fault.HANG, Fault.HANG_AFTER)):
        sandbox.faults.next("*", fault, seconds=0.2)
        begun = time.monotonic()
        with pytest.raises(ServerDisconnectedError):
            await client.chat_postMessage(channel="C1TEKNIK", text="a")
        assert time.monotonic() - begun >= 0.2
        assert len(sandbox.channel("teknik").messages) == stored


async def test_slack_says_no_as_often_as_asked(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.faults.refuse(
        "chat.postMessage", "missing_scope", times=2, needed="chat:write", provided="users:read"
    )
    for _ in range(2):
        with pytest.raises(SlackApiError) as refused:
            await client.chat_postMessage(channel="C1TEKNIK", text="a")
        assert (refused.value.response["error"], refused.value.response["needed"]) == (
            "missing_scope",
            "chat:write",
        )
    await client.chat_postMessage(channel="C1TEKNIK", text="a")
    assert len(sandbox.channel("teknik").messages) == 1
    assert sandbox.faults.struck == [("chat.postMessage", Fault.REFUSED)] * 2


@pytest.mark.parametrize("error", ["token_revoked", "account_inactive", "invalid_auth"])
async def test_a_token_dies_and_comes_back(sandbox: Sandbox, client: AsyncWebClient, error: str) -> None:
    sandbox.revoke(error=error)
    with pytest.raises(SlackApiError, match=error):
        await client.auth_test()
    sandbox.reinstate()
    assert (await client.auth_test())["ok"]


async def test_scopes_may_go_while_the_app_runs(sandbox: Sandbox, client: AsyncWebClient) -> None:
    held = sandbox.scopes
    sandbox.scopes = held - {"usergroups:read"}
    assert "usergroups:read" not in (await client.auth_test()).headers["x-oauth-scopes"].split(",")
    with pytest.raises(SlackApiError, match="usergroups:read"):
        await client.usergroups_list()
    sandbox.scopes = held
    assert (await client.usergroups_list())["ok"]


@pytest.mark.parametrize(
    ("how", "seen"), [(How.BROKEN, ServerDisconnectedError), (How.UNAVAILABLE, SlackApiError)]
)
async def test_in_an_outage_nothing_comes_through_but_people_still_see_the_page(
    sandbox: Sandbox, client: AsyncWebClient, how: How, seen: type[Exception]
) -> None:
    with sandbox.outage(how):
        with pytest.raises(seen):
            await client.chat_postMessage(channel="C1TEKNIK", text="a")
        async with ClientSession() as session, session.get(sandbox.url) as page:
            assert page.status == 200
    await client.chat_postMessage(channel="C1TEKNIK", text="b")
    assert [each.text for each in sandbox.channel("teknik").messages] == ["b"]


async def test_after_an_outage_the_app_is_back_and_hears_what_is_sent_again() -> None:
    async with Sandbox(replace(CONFIG, retry_delays=(0.2, 1, 5))).running() as sandbox:
        bolt, got = hearing(sandbox)
        async with by_socket(sandbox, bolt):
            with sandbox.outage():
                assert not sandbox.connections
                await sandbox.person("anna").say("teknik", "under nedbruddet")
                await asyncio.sleep(0)
            await sandbox.until(lambda: got)
        assert got == ["under nedbruddet"]


async def test_a_late_event_comes_after_those_that_were_sent_later(sandbox: Sandbox) -> None:
    bolt, got = hearing(sandbox)
    async with by_socket(sandbox, bolt):
        sandbox.faults.next("message", Fault.LATE, seconds=0.2)
        for word in ("et", "to", "tre"):
            await sandbox.person("anna").say("teknik", word)
        await sandbox.until(lambda: len(got) == 3)
    assert got[-1] == "et"


async def test_an_event_that_none_follows_is_released_by_hand(sandbox: Sandbox) -> None:
    bolt, got = hearing(sandbox)
    async with by_socket(sandbox, bolt):
        sandbox.faults.next("message", Fault.REORDER)
        await sandbox.person("anna").say("teknik", "et")
        assert not sandbox.unacknowledged
        sandbox.release()
        await sandbox.until(lambda: got)
    assert got == ["et"]


async def test_a_command_that_is_lost_is_told_to_who_typed_it(sandbox: Sandbox) -> None:
    bolt, _got = hearing(sandbox)

    @bolt.command("/hoering")
    async def status(ack: Any) -> None:
        await ack("status")

    async with by_socket(sandbox, bolt):
        sandbox.faults.next("slash_commands", Fault.LOSE)
        with pytest.raises(Unanswered):
            await sandbox.person("anna").command("/hoering", channel="teknik")
        await sandbox.person("anna").command("/hoering", channel="teknik")
    assert [each.text for each in sandbox.person("anna").ephemerals("teknik")] == ["status"]


async def test_a_warning_lets_the_connection_live(sandbox: Sandbox) -> None:
    async with ClientSession() as session:
        address = (await Api(sandbox, session, sandbox.app_token)("apps.connections.open"))["url"]
        async with session.ws_connect(address) as socket:
            await socket.receive_json()
            await sandbox.warn()
            frame = await socket.receive_json()
            assert (frame["type"], frame["reason"]) == ("disconnect", "warning")
            assert sandbox.connections == 1


async def test_other_methods_are_spared(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.faults.next("chat.update", Fault.ERROR_BEFORE)
    assert (await client.auth_test())["user_id"] == "U0SANDBOX"


def test_chance_repeats_with_its_seed() -> None:
    def struck(seed: int) -> list[bool]:
        faults = Faults(seed)
        faults.at_rate("*", Fault.ERROR_BEFORE, rate=0.3)
        return [faults.of_call("chat.postMessage") is not None for _ in range(200)]

    assert struck(1) == struck(1)
    assert struck(1) != struck(2)
    assert 30 < sum(struck(1)) < 90


def test_cleared_faults_do_not_strike() -> None:
    faults = Faults()
    faults.next("*", Fault.LOSE, times=3)
    assert faults.of_event("message")
    faults.clear()
    assert faults.of_event("message") is None
