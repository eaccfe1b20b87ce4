"""Faults that are asked for strike where and when they should, and leave what they should."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from aiohttp import ClientError, ServerDisconnectedError
from slack_sdk.errors import SlackApiError

from bot.sandbox import Fault, Faults, Sandbox
from tests.sandbox.world import bolt_app

if TYPE_CHECKING:
    from slack_sdk.web.async_client import AsyncWebClient


@pytest.fixture
def client(sandbox: Sandbox) -> AsyncWebClient:
    return bolt_app(sandbox).client


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
