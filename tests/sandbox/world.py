"""A workspace of made-up people, and clients and Bolt apps against it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import ClientSession, ClientWebSocketResponse, web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import (
    ChannelSpec,
    CommandSpec,
    Config,
    GroupSpec,
    Pace,
    PersonSpec,
    Sandbox,
    ShortcutSpec,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

Json = dict[str, Any]

PEOPLE = (
    PersonSpec(id="U1ANNA", name="anna", real_name="Anna Aagaard", email="anna@lillerup.example"),
    PersonSpec(id="U2BO", name="bo", real_name="Bo Brandt", email="bo@lillerup.example"),
)
CONFIG = Config(
    people=PEOPLE,
    channels=(
        ChannelSpec(id="C1TEKNIK", name="teknik", members=("U1ANNA", "U2BO"), bot=True),
        ChannelSpec(id="C2BOERN", name="boern", members=("U2BO",)),
        ChannelSpec(id="G1LUKKET", name="lukket", members=("U1ANNA",), private=True),
        ChannelSpec(id="C3GAMMEL", name="gammel", members=("U1ANNA",), archived=True, bot=True),
    ),
    groups=(GroupSpec(id="S1GODKEND", handle="godkendere", name="Godkendere", members=("U1ANNA",)),),
    commands=(CommandSpec(command="/hoering", usage_hint="status"),),
    shortcuts=(ShortcutSpec(callback_id="approve", name="Godkend svar"),),
    pace=Pace.off(),
    retry_delays=(0.05, 0.2, 0.5),
    share_delay=0.01,
)


@dataclass
class Api:
    """Calls the Web API with nothing of an SDK between."""

    sandbox: Sandbox
    session: ClientSession
    token: str = ""

    async def __call__(self, method: str, **arguments: Any) -> Json:
        headers = {"Authorization": f"Bearer {self.token or self.sandbox.bot_token}"}
        address = self.sandbox.api_url + method
        async with self.session.post(address, json=arguments, headers=headers) as answer:
            assert answer.status == 200
            body: Json = await answer.json()
            return body


@dataclass
class App:
    """A Bolt app that is connected; `got` is what its listeners wrote down."""

    bolt: AsyncApp
    sandbox: Sandbox
    got: list[Any] = field(default_factory=list)

    @property
    def client(self) -> AsyncWebClient:
        return self.bolt.client


def bolt_app(sandbox: Sandbox) -> AsyncApp:
    client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])
    return AsyncApp(client=client, signing_secret=sandbox.signing_secret)


@asynccontextmanager
async def heard(sandbox: Sandbox) -> AsyncIterator[list[Json]]:
    """Listen as an app that acknowledges all and does nothing; gives the payloads as they come."""
    got: list[Json] = []
    async with ClientSession() as session:
        address = (await Api(sandbox, session, sandbox.app_token)("apps.connections.open"))["url"]
        async with session.ws_connect(address) as socket:
            listening = asyncio.create_task(_acknowledge(socket, got))
            try:
                await sandbox.until(lambda: sandbox.connections)
                yield got
            finally:
                listening.cancel()


async def _acknowledge(socket: ClientWebSocketResponse, got: list[Json]) -> None:
    async for frame in socket:
        envelope = frame.json()
        if "envelope_id" in envelope:
            got.append(envelope["payload"])
            await socket.send_json({"envelope_id": envelope["envelope_id"]})


@asynccontextmanager
async def by_socket(sandbox: Sandbox, bolt: AsyncApp) -> AsyncIterator[None]:
    web_client = AsyncWebClient(token=sandbox.app_token, base_url=sandbox.api_url)
    handler = AsyncSocketModeHandler(bolt, sandbox.app_token, web_client=web_client, ping_interval=1)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    try:
        await sandbox.until(lambda: sandbox.connections)
        yield
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]


@asynccontextmanager
async def by_http(sandbox: Sandbox, bolt: AsyncApp) -> AsyncIterator[None]:
    async def events(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await bolt.async_dispatch(await to_bolt_request(request)))

    server = web.Application()
    server.router.add_post("/slack/events", events)
    runner = web.AppRunner(server, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sandbox.events_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    try:
        yield
    finally:
        await runner.cleanup()
