"""What Slack's answers mean, and what is done again."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from bot.sandbox import Fault, Sandbox
from bot.sandbox.config import GroupSpec
from bot.slack.api import calls as web_api
from bot.slack.api.board import Board, Picture, Upload
from bot.slack.api.calls import RefusedError, UnknownOutcomeError
from bot.slack.app import client
from handlers.rules import people
from tests.world import CONFIG, KOORD, TEKNIK, key_of

HELLO = Picture("Goddag", [{"type": "section", "text": {"type": "plain_text", "text": "Goddag"}}])
ROOM = "C0KANTINE"


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(CONFIG).running() as sandbox:
        yield sandbox


@pytest.fixture
def board(sandbox: Sandbox) -> Board:
    return Board(client(sandbox.api_url, sandbox.bot_token))


def calls(sandbox: Sandbox, method: str) -> int:
    return sum(1 for called, _ in sandbox.calls if called == method)


async def test_a_message_carries_its_key_and_nothing_unfolds(sandbox: Sandbox, board: Board) -> None:
    channel, ts = await board.post(ROOM, HELLO, key="k1")
    [message] = sandbox.channel(ROOM).messages
    assert (channel, ts, key_of(message)) == (ROOM, message.ts, "k1")
    [(_, arguments)] = [call for call in sandbox.calls if call[0] == "chat.postMessage"]
    assert arguments["unfurl_links"] in {False, "false", "0"}


async def test_too_fast_is_waited_for_and_repeated(sandbox: Sandbox, board: Board) -> None:
    sandbox.faults.next("chat.postMessage", Fault.LIMITED, seconds=1)
    began = time.monotonic()
    await board.post(ROOM, HELLO, key="k1")
    assert time.monotonic() - began >= 1
    assert len(sandbox.channel(ROOM).messages) == 1


@pytest.mark.parametrize(
    "fault", [Fault.DROP_AFTER, Fault.ERROR_AFTER, Fault.DROP_BEFORE, Fault.ERROR_BEFORE]
)
async def test_an_outcome_nobody_knows_is_never_repeated_by_itself(
    sandbox: Sandbox, board: Board, fault: Fault
) -> None:
    sandbox.faults.next("chat.postMessage", fault)
    with pytest.raises(UnknownOutcomeError):
        await board.post(ROOM, HELLO, key="k1")
    stored = fault in {Fault.DROP_AFTER, Fault.ERROR_AFTER}
    assert len(sandbox.channel(ROOM).messages) == stored
    found = await board.find(ROOM, key="k1", since=time.time() - 60, thread=None)
    assert (found is not None) == stored


async def test_a_no_is_a_no_with_slacks_reason(sandbox: Sandbox, board: Board) -> None:
    with pytest.raises(RefusedError) as no:
        await board.post("C0NOWHERE", HELLO, key="k1")
    assert no.value.reason == "channel_not_found"
    bad = Picture("x", [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}])
    with pytest.raises(RefusedError, match="invalid_blocks"):
        await board.post(ROOM, bad, key="k2")
    assert not sandbox.channel(ROOM).messages


def test_of_slacks_details_only_the_places_are_told() -> None:
    quoting = "[ERROR] invalid url: Vi er imod [json-pointer:/blocks/0/text]"
    assert str(RefusedError("chat.postMessage", "invalid_blocks", [quoting])) == (
        "chat.postMessage: invalid_blocks json-pointer:/blocks/0/text"
    )


async def test_a_public_channel_is_joined_when_it_must_be(sandbox: Sandbox, board: Board) -> None:
    assert sandbox.space.config.bot_user not in sandbox.channel(TEKNIK).members
    await board.post(TEKNIK, HELLO, key="k1")
    await board.whisper(KOORD, "U0KAREN", "Psst")
    file = await board.upload(Upload("a.txt", b"a"))
    await board.share("C0BOERN01", [(file, "A")], thread=None)
    assert calls(sandbox, "conversations.join") == 3


async def test_a_message_is_found_by_its_key_in_channel_and_thread(sandbox: Sandbox, board: Board) -> None:
    _, ts = await board.post(ROOM, HELLO, key="card:1")
    _, reply = await board.post(ROOM, HELLO, key="text:1", thread=ts)
    await sandbox.person("tim").say(ROOM, "card:1")
    since = time.time() - 60
    assert await board.find(ROOM, key="card:1", since=since, thread=None) == (ROOM, ts)
    assert await board.find(ROOM, key="text:1", since=since, thread=ts) == (ROOM, reply)
    assert await board.find(ROOM, key="text:1", since=since, thread=None) is None
    assert await board.find(ROOM, key="card:1", since=time.time() + 60, thread=None) is None
    assert await board.find("#kantine", key="card:1", since=since, thread=None) == (ROOM, ts)
    assert await board.find(TEKNIK, key="card:1", since=since, thread=None) is None


async def test_a_message_is_found_among_hundreds(sandbox: Sandbox, board: Board) -> None:
    since = time.time() - 60
    _, ts = await board.post(ROOM, HELLO, key="card:1")
    for number in range(250):
        await sandbox.person("tim").say(ROOM, f"Besked {number}")
    assert await board.find(ROOM, key="card:1", since=since, thread=None) == (ROOM, ts)


async def test_an_update_keeps_the_key(sandbox: Sandbox, board: Board) -> None:
    _, ts = await board.post(ROOM, HELLO, key="k1")
    await board.update(ROOM, ts, Picture("Farvel", HELLO.blocks), key="k1")
    [message] = sandbox.channel(ROOM).messages
    assert (message.text, key_of(message)) == ("Farvel", "k1")


async def test_channels_are_known_by_name_too(sandbox: Sandbox, board: Board) -> None:
    assert await board.channel_id("#teknik") == TEKNIK
    assert await board.channel_id("#koordinering") == KOORD
    assert calls(sandbox, "conversations.list") == 1
    with pytest.raises(RefusedError, match="channel_not_found"):
        await board.channel_id("#findesikke")


async def test_names_are_asked_for_once_and_left_out_when_untold(sandbox: Sandbox, board: Board) -> None:
    for _ in range(2):
        assert await board.names(["U0TIM", "C0TEKNIK1", "U0NOBODY"]) == {
            "U0TIM": "Tim Tang", "C0TEKNIK1": "teknik",
        }  # fmt: skip
    assert calls(sandbox, "conversations.info") == 1
    sandbox.faults.refuse("users.info", "token_revoked", times=2)
    assert await board.names(["U0KAREN"]) == {}
    with pytest.raises(RefusedError, match="token_revoked"):
        await board.names(["U0KAREN"], for_good=True)
    assert await board.names(["U0KAREN", "U0NOBODY"], for_good=True) == {"U0KAREN": "Karen Krogh"}


async def test_who_is_in_a_group_is_asked_once_a_minute_and_a_no_to_us_does_not_say_nobody() -> None:
    group = GroupSpec(id="S0PLAN", name="Planteamet", handle="plan", members=("U0TIM", "U0TOVE"))
    async with Sandbox(replace(CONFIG, groups=(group,))).running() as sandbox:
        board = Board(client(sandbox.api_url, sandbox.bot_token))
        for _ in range(2):
            assert await board.members(["S0PLAN"]) == {"S0PLAN": frozenset({"U0TIM", "U0TOVE"})}
        assert calls(sandbox, "usergroups.users.list") == 1
        assert await board.members(["S0NONE"]) == {"S0NONE": frozenset()}
        board = Board(client(sandbox.api_url, sandbox.bot_token))
        sandbox.faults.refuse("usergroups.users.list", "missing_scope", needed="usergroups:read")
        untold = (await board.members(["S0PLAN"]))["S0PLAN"]
        assert isinstance(untold, RefusedError)
        assert "usergroups:read" in untold.remedy
        with pytest.raises(RefusedError):
            people(["U0KAREN", "S0PLAN"], {"S0PLAN": untold})
        assert people(["U0KAREN"], {"S0PLAN": untold}) == {"U0KAREN"}
        assert await board.members(["S0PLAN"]) == {"S0PLAN": frozenset({"U0TIM", "U0TOVE"})}
        assert await board.names(["S0PLAN", "S0NONE"]) == {"S0PLAN": "Planteamet"}


async def test_files_are_shared_in_a_thread_and_found_there(sandbox: Sandbox, board: Board) -> None:
    _, ts = await board.post(ROOM, HELLO, key="k1")
    ids = [await board.upload(Upload(name, payload)) for name, payload in (("a.pdf", b"A"), ("b.pdf", b"B"))]
    assert not await board.holds_file(ROOM, ids[0], since=time.time() - 60, thread=ts)
    await board.share(ROOM, [(ids[0], "Kort"), (ids[1], "Bilag")], thread=ts, comment="Filer")
    held = await sandbox.until(lambda: sandbox.channel(ROOM).thread(ts)[1:])
    assert [(file.name, file.content) for file in held[0].files] == [("a.pdf", b"A"), ("b.pdf", b"B")]
    assert await board.holds_file(ROOM, ids[0], since=time.time() - 60, thread=ts)


async def test_one_message_is_fetched_as_it_stands_now(sandbox: Sandbox, board: Board) -> None:
    tim = sandbox.person("tim")
    parent = await tim.say(ROOM, "Først")
    reply = await tim.say(ROOM, "Svar", thread=parent)
    await tim.say(ROOM, "Mere", thread=parent)
    await tim.edit(reply, "Rettet")
    assert (await board.message(ROOM, reply.ts) or {})["text"] == "Rettet"
    assert (await board.message(ROOM, parent.ts) or {})["text"] == "Først"
    await tim.delete(reply)
    assert await board.message(ROOM, reply.ts) is None


async def test_slack_out_of_reach_is_an_unknown_outcome() -> None:
    board = Board(client("http://127.0.0.1:9/api/", "xoxb-made-up"))
    with pytest.raises(UnknownOutcomeError):
        await board.post(ROOM, HELLO, key="k1")


class Curbed(Board):
    """A Slack that leaves most people out of a reaction, and gives few messages a page."""

    async def _call(self, method: str, **arguments: Any) -> dict[str, Any]:
        answer = await super()._call(method, **arguments)
        for message in answer.get("messages", ()):
            for reaction in message.get("reactions", ()):
                reaction["users"] = reaction["users"][:1]
        return answer


async def test_of_a_reaction_all_who_put_it_are_named(sandbox: Sandbox) -> None:
    first = await sandbox.person("tim").say(ROOM, "Ja")
    for name in ("tim", "karen"):
        await sandbox.person(name).react(first, "white_check_mark")
    thread = await Curbed(client(sandbox.api_url, sandbox.bot_token)).thread(ROOM, first.ts)
    assert thread[first.ts]["reactions"][0]["users"] == ["U0TIM", "U0KAREN"]


async def test_a_thread_that_is_gone_has_no_messages(board: Board) -> None:
    assert await board.thread(ROOM, "1.000001") == {}


async def test_a_scope_that_is_missing_is_named(sandbox: Sandbox, board: Board) -> None:
    sandbox.faults.refuse("chat.postMessage", "missing_scope", needed="chat:write", provided="commands")
    with pytest.raises(RefusedError) as refusal:
        await board.post(ROOM, HELLO, key="k1")
    assert refusal.value.remedy.startswith("The Slack app lacks the permission chat:write:")


async def test_pages_that_are_kept_small_are_told_once(
    sandbox: Sandbox, board: Board, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(web_api, "_PAGE", 15)
    first = await sandbox.person("tim").say(ROOM, "Ja")
    for number in range(40):
        await sandbox.person("tim").say(ROOM, f"Nr. {number}", thread=first)
    for _ in range(2):
        assert len(await board.thread(ROOM, first.ts)) == 41
    assert len([each for each in caplog.messages if "as it does for apps that are sold" in each]) == 1
