"""Makes the sandbox say everything it can say once, and writes it down by name."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType

from bot.sandbox import Sandbox
from bot.sandbox.config import SCOPES
from tests.sandbox.building import actions, button, entry, modal
from tests.sandbox.world import CONFIG, Api

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

Json = dict[str, Any]
Recording = dict[str, list[Json]]
TEKNIK = {"channel": "C1TEKNIK"}
HOME = {"type": "home", "blocks": [{"type": "divider"}]}


class Recorder:
    """Writes down `api.METHOD`, `event.TYPE.SUBTYPE`, `interactive.TYPE` and `socket.TYPE`."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.found: Recording = {}

    def keep(self, name: str, body: Json) -> Json:
        self.found.setdefault(name, []).append(body)
        return body

    async def ask(self, method: str, **arguments: Any) -> Json:
        body = self.keep(f"api.{method}", await self.api(method, **arguments))
        assert body["ok"], (method, body)
        return body

    async def listen(self, socket: ClientWebSocketResponse) -> None:
        """Acknowledge all that comes."""
        async for frame in socket:
            if frame.type is WSMsgType.TEXT:
                self._came(frame.json())
                if envelope := frame.json().get("envelope_id"):
                    await socket.send_json({"envelope_id": envelope})

    def _came(self, envelope: Json) -> None:
        self.keep(f"socket.{envelope['type']}", envelope)
        payload = envelope.get("payload", {})
        if "event" in payload:
            subtype = payload["event"].get("subtype")
            self.keep(f"event.{payload['event']['type']}" + (f".{subtype}" if subtype else ""), payload)
        elif payload:
            self.keep(f"interactive.{payload.get('type', 'command')}", payload)


@asynccontextmanager
async def recorder() -> AsyncIterator[Recorder]:
    """Give a recorder that is connected as an app would be."""
    config = replace(CONFIG, scopes=SCOPES | {"team:read"})
    async with Sandbox(config).running() as sandbox, ClientSession() as session:
        opener = Recorder(Api(sandbox, session, token=sandbox.app_token))
        address = (await opener.ask("apps.connections.open"))["url"]
        async with session.ws_connect(address) as socket:
            one = Recorder(Api(sandbox, session))
            one.found = opener.found
            listening = asyncio.create_task(one.listen(socket))
            yield one
            await sandbox.disconnect()
            await listening


async def record() -> Recording:
    """Give everything, said once."""
    async with recorder() as one:
        await _who_is_who(one)
        await _what_is_said(one)
        await _what_is_clicked(one)
        await _what_people_do(one)
        await one.api.sandbox.until(lambda: not one.api.sandbox.unacknowledged)
    return one.found


async def _who_is_who(one: Recorder) -> None:
    for method in ("auth.test", "users.list", "team.info", "bots.info", "conversations.list"):
        await one.ask(method)
    await one.ask("usergroups.list", include_users=True, include_count=True)
    await one.ask("users.info", user="U1ANNA")
    await one.ask("users.info", user="U0SANDBOX")
    await one.ask("users.lookupByEmail", email="anna@lillerup.example")
    await one.ask("usergroups.users.list", usergroup="S1GODKEND")
    for method in ("conversations.info", "conversations.join", "conversations.members"):
        await one.ask(method, **TEKNIK, include_num_members=True)
    await one.ask("conversations.open", users="U1ANNA", return_im=True)


async def _what_is_said(one: Recorder) -> None:
    sandbox = one.api.sandbox
    metadata = {"event_type": "job", "event_payload": {"key": "k"}}
    post = {"text": "kort", "blocks": actions(button("press")), "metadata": metadata}
    ts = (await one.ask("chat.postMessage", **TEKNIK, **post))["ts"]
    reply = await one.ask("chat.postMessage", **TEKNIK, text="svar", thread_ts=ts, reply_broadcast=True)
    await one.ask("chat.update", **TEKNIK, ts=ts, **post | {"text": "nyt kort"})
    await one.ask("chat.postEphemeral", **TEKNIK, user="U1ANNA", text="kun dig")
    await one.ask("chat.getPermalink", **TEKNIK, message_ts=ts)
    await one.ask("reactions.add", **TEKNIK, timestamp=ts, name="eyes")
    await one.ask("reactions.get", **TEKNIK, timestamp=ts)
    await _upload(one, ts)
    await one.ask("conversations.history", **TEKNIK, include_all_metadata=True)
    await one.ask("conversations.replies", **TEKNIK, ts=ts, include_all_metadata=True)
    await one.ask("reactions.remove", **TEKNIK, timestamp=ts, name="eyes")
    await one.ask("chat.delete", **TEKNIK, ts=reply["ts"])
    assert sandbox.channel("teknik").messages


async def _upload(one: Recorder, thread: str) -> None:
    place = await one.ask("files.getUploadURLExternal", filename="a.txt", length=4)
    async with one.api.session.post(place["upload_url"], data=b"fire") as answer:
        assert answer.status == 200
    files = [{"id": place["file_id"]}]
    await one.ask("files.completeUploadExternal", files=files, channel_id="C1TEKNIK", thread_ts=thread)
    channel = one.api.sandbox.channel("teknik")
    await one.api.sandbox.until(lambda: [each for each in channel.thread(thread) if each.files])
    await one.ask("files.info", file=place["file_id"])
    await one.ask("files.delete", file=place["file_id"])


async def _what_is_clicked(one: Recorder) -> None:
    sandbox = one.api.sandbox
    anna = sandbox.person("anna")
    card = sandbox.channel("teknik").messages[0]
    await anna.click(card, "press")
    await anna.shortcut(card, "approve")
    await anna.command("/hoering", "status", channel="teknik")
    form = modal(entry("b", {"type": "plain_text_input"}), actions(button("inside"))[0], notify_on_close=True)
    opened = await one.ask("views.open", trigger_id=sandbox.trigger("U1ANNA"), view=form)
    await one.ask("views.update", view_id=opened["view"]["id"], view=form)
    view = anna.modal()
    assert view
    await anna.click(view, "inside")
    await anna.submit(view, {"a": "tekst"})
    await one.ask("views.open", trigger_id=sandbox.trigger("U1ANNA"), view=form)
    await one.ask("views.push", trigger_id=sandbox.trigger("U1ANNA"), view=form)
    top = anna.modal()
    assert top
    await anna.close(top)
    await one.ask("views.publish", user_id="U1ANNA", view=HOME)
    await anna.open_home()


async def _what_people_do(one: Recorder) -> None:
    anna, bo = one.api.sandbox.person("anna"), one.api.sandbox.person("bo")
    root = await anna.say("teknik", "Hej <@U0SANDBOX>")
    reply = await bo.say("teknik", "svar", thread=root)
    await bo.say("teknik", "også i kanalen", thread=root, broadcast=True)
    await anna.edit(root, "Hej igen")
    await anna.react(reply, "eyes")
    await anna.unreact(reply, "eyes")
    await bo.delete(reply)
    await anna.upload("teknik", "kort.pdf", b"%PDF", typed="se her")
    await bo.leave("teknik")
    await anna.invite("U2BO", "teknik")
    await anna.rename("teknik", "teknik-og-miljoe")
    await anna.archive("C1TEKNIK")
    await anna.archive("C1TEKNIK", archived=False)
