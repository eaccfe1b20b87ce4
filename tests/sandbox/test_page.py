"""The page: who may ask, what it shows, and that everything on it works as at the driver."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import ClientSession, FormData
from slack_sdk.errors import SlackApiError

from bot.sandbox.page import STATIC
from tests.sandbox.building import actions, button
from tests.sandbox.world import bolt_app, by_socket, heard

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.sandbox import Sandbox

Json = dict[str, Any]


@pytest.fixture
async def session(sandbox: Sandbox) -> AsyncIterator[ClientSession]:
    async with ClientSession(sandbox.url) as session:
        yield session


async def act(session: ClientSession, deed: str, **body: Any) -> Json:
    async with session.post(f"/page/act/{deed}", json={"person": "U1ANNA", **body}) as answer:
        found: Json = await answer.json()
        return found


async def view(session: ClientSession, person: str = "U1ANNA", **query: str) -> Json:
    async with session.get("/page/view", params={"person": person, **query}) as answer:
        found: Json = await answer.json()
        return found


async def test_every_file_of_the_page_is_served_and_nothing_else(session: ClientSession) -> None:
    for name in ["", *(f"static/{each.name}" for each in STATIC.iterdir())]:
        async with session.get(f"/{name}") as answer:
            assert answer.status == 200
            assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    for name in ("static/../page.py", "static/%2e%2e%2fpage.py", "static/nothing"):
        async with session.get(f"/{name}") as answer:
            assert answer.status == 404


def test_no_script_puts_text_in_as_markup() -> None:
    for script in STATIC.glob("*.js"):
        found = re.findall(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b", script.read_text("utf-8")
        )
        assert found == []


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"Origin": "https://evil.example"}, {"Origin": "null"}],
)
async def test_other_sites_are_kept_out(session: ClientSession, headers: dict[str, str]) -> None:
    async with session.post("/page/act/say", json={"person": "U1ANNA"}, headers=headers) as answer:
        assert answer.status == 403


async def test_a_form_of_another_page_cannot_act(session: ClientSession) -> None:
    async with session.post("/page/act/say", data={"person": "U1ANNA"}) as answer:
        assert answer.status == 415


async def test_one_sees_ones_own_channels_and_whispers(sandbox: Sandbox, session: ClientSession) -> None:
    client = bolt_app(sandbox).client
    await client.chat_postEphemeral(channel="C1TEKNIK", user="U1ANNA", text="kun Anna")
    anna = await view(session, channel="C1TEKNIK")
    bo = await view(session, "U2BO", channel="C1TEKNIK")
    assert [each["text"] for each in anna["channel"]["messages"]] == ["kun Anna"]
    assert bo["channel"]["messages"] == []
    assert {each["name"] for each in anna["channels"]} - {each["name"] for each in bo["channels"]} == {
        "lukket"
    }


async def test_one_writes_edits_reacts_and_deletes(sandbox: Sandbox, session: ClientSession) -> None:
    ts = (await act(session, "say", channel="C1TEKNIK", typed="hej"))["ts"]
    await act(session, "say", channel="C1TEKNIK", typed="svar", thread=ts)
    await act(session, "edit", channel="C1TEKNIK", ts=ts, typed="hej *igen*")
    await act(session, "react", channel="C1TEKNIK", ts=ts, name="eyes")
    found = await view(session, channel="C1TEKNIK", thread=ts)
    assert [each["text"] for each in found["thread"]] == ["hej *igen*", "svar"]
    assert found["thread"][0]["reactions"][0]["users"] == ["U1ANNA"]
    await act(session, "react", channel="C1TEKNIK", ts=ts, name="eyes")
    assert sandbox.channel("teknik").message(ts).reactions == {}
    reply = sandbox.channel("teknik").thread(ts)[1].ts
    await act(session, "delete", channel="C1TEKNIK", ts=reply)
    await act(session, "delete", channel="C1TEKNIK", ts=ts)
    assert sandbox.channel("teknik").messages == []


async def test_a_refusal_is_told_by_its_name(session: ClientSession) -> None:
    assert (await act(session, "say", channel="C2BOERN", typed="hej"))["error"] == "not_in_channel"
    assert (await act(session, "command", channel="C1TEKNIK", typed="/hoering status"))[
        "error"
    ] == "unanswered"
    assert (await act(session, "say", channel="C1TEKNIK"))["error"] == "invalid_arguments"
    assert (await act(session, "submit"))["error"] == "not_found"


async def test_a_button_on_the_page_reaches_the_app(sandbox: Sandbox, session: ClientSession) -> None:
    bolt = bolt_app(sandbox)
    got: list[str] = []

    @bolt.action("press")
    async def pressed(ack: Any, body: Json) -> None:
        await ack()
        got.append(f"{body['user']['id']} {body['actions'][0]['value']}")

    async with by_socket(sandbox, bolt):
        await bolt.client.chat_postMessage(
            channel="C1TEKNIK", text="kort", blocks=actions(button("press", "7"))
        )
        shown = (await view(session, channel="C1TEKNIK"))["channel"]["messages"][0]
        block = shown["blocks"][0]["block_id"]
        await act(session, "click", channel="C1TEKNIK", ts=shown["ts"], block_id=block, action_id="press")
        await sandbox.until(lambda: got)
    assert got == ["U1ANNA 7"]


async def test_a_file_is_shared_and_fetched(sandbox: Sandbox, session: ClientSession) -> None:
    form = FormData({"person": "U1ANNA", "channel": "C1TEKNIK", "thread": ""})
    form.add_field("file", b"<script>", filename="a.html", content_type="text/html")
    async with session.post("/page/upload", data=form) as answer:
        assert (await answer.json())["ok"]
    [file] = sandbox.channel("teknik").messages[0].files
    async with session.get(f"/page/files/{file.id}") as answer:
        assert await answer.read() == b"<script>"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def pull(session: ClientSession, lever: str, **body: Any) -> Json:
    async with session.post(f"/page/levers/{lever}", json=body) as answer:
        found: Json = await answer.json()
        return found


async def test_everything_that_may_go_wrong_has_a_lever(sandbox: Sandbox, session: ClientSession) -> None:
    client = bolt_app(sandbox).client
    await pull(session, "plan", target="auth.test", fault="refused", error="fatal_error", times=2)
    await pull(session, "plan", fault="lose", times=0)
    await pull(session, "tokens", error="account_inactive")
    await pull(session, "scopes", scopes=["chat:write"])
    standing = await pull(session, "outage", how="unavailable")
    assert [each["error"] for each in standing["plans"]] == ["fatal_error", ""]
    assert (standing["down"], standing["dead_tokens"]) == ("unavailable", ["account_inactive"])
    assert standing["scopes"] == ["chat:write"]
    with pytest.raises(SlackApiError, match="503"):
        await client.auth_test()
    standing = await pull(session, "clear")
    assert (standing["plans"], standing["down"], standing["dead_tokens"]) == ([], "", [])
    assert standing["scopes"] == sorted(sandbox.granted)
    assert (await client.auth_test())["ok"]
    assert not (await pull(session, "plan", fault="flood"))["ok"]


async def test_connections_and_messages_have_levers_too(sandbox: Sandbox, session: ClientSession) -> None:
    async with heard(sandbox) as got:
        said = await sandbox.person("anna").say("teknik", "https://lillerup.example")
        for lever in ("unfurl", "touch"):
            await pull(session, lever, channel="C1TEKNIK", ts=said.ts)
        await sandbox.until(lambda: len(got) == 3)
        await pull(session, "disconnect", reason="warning")
        assert sandbox.connections == 1
        await pull(session, "disconnect", reason="cut")
        assert sandbox.connections == 0
    assert [each["event"].get("subtype") for each in got] == [None, "message_changed", "message_changed"]


async def test_a_channel_is_archived_renamed_and_left_by_the_app(session: ClientSession) -> None:
    await act(session, "rename", channel="C1TEKNIK", name="#miljoe")
    await act(session, "bot", channel="C1TEKNIK")
    shown = (await view(session, channel="C1TEKNIK"))["channel"]
    assert (shown["name"], shown["bot"]) == ("miljoe", False)
    await act(session, "bot", channel="C1TEKNIK")
    await act(session, "archive", channel="C1TEKNIK")
    shown = (await view(session, channel="C1TEKNIK"))["channel"]
    assert (shown["archived"], shown["bot"]) == (True, True)


async def test_the_page_hears_of_changes(sandbox: Sandbox, session: ClientSession) -> None:
    async with session.get("/page/changes") as stream:
        assert stream.content_type == "text/event-stream"
        first = await stream.content.readuntil(b"\n\n")
        await sandbox.person("anna").say("teknik", "nyt")
        second = await asyncio.wait_for(stream.content.readuntil(b"\n\n"), 5)
    assert first != second
