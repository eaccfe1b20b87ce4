"""Puts the sandbox together and serves it."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from aiohttp import web

from bot.sandbox.api.call import Backroom
from bot.sandbox.api.desk import Desk
from bot.sandbox.backstage import Backstage
from bot.sandbox.config import Config, Mode
from bot.sandbox.delivery import Delivery
from bot.sandbox.faults import Faults
from bot.sandbox.filestore import MOST_BYTES, FileStore
from bot.sandbox.guard import guard
from bot.sandbox.hooks import Hooks
from bot.sandbox.interactions import Interactions
from bot.sandbox.mail import Mailbox
from bot.sandbox.outage import Outage
from bot.sandbox.pace import Limits
from bot.sandbox.page import Page
from bot.sandbox.people import Counter, Person
from bot.sandbox.signed import SignedRequests
from bot.sandbox.socket import Sockets
from bot.sandbox.talk import Talk
from bot.sandbox.tasks import Tasks
from bot.sandbox.views import View, Views
from bot.sandbox.wire import Json, SlackError
from bot.sandbox.workspace import Channel, Workspace

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

T = TypeVar("T")


class Sandbox(Backstage):
    """A Slack workspace on this machine. `async with Sandbox(config).running() as sandbox: ...`."""

    def __init__(self, config: Config, *, seed: int = 0) -> None:
        self.space = Workspace(config)
        self.granted = config.scopes
        self.faults = Faults(seed)
        self._outage = Outage()
        self.mailbox = Mailbox(self.space)
        self._tasks = Tasks()
        self._sockets = Sockets(self.space)
        self._http = SignedRequests(self.space)
        transport = self._sockets if config.mode is Mode.SOCKET else self._http
        self._delivery = Delivery(
            self.space, transport, faults=self.faults, outage=self._outage, tasks=self._tasks
        )
        self._talk = Talk(self.space, self._delivery)
        self._views = Views(self.space)
        self._hooks = Hooks(self._talk)
        interactions = Interactions(self.space, self._delivery, views=self._views, hooks=self._hooks)
        self._counter = Counter(self._talk, interactions, self._views)
        self._desk = Desk(self._backroom(config), self.faults)
        self._page = Page(self)

    def _backroom(self, config: Config) -> Backroom:
        return Backroom(
            self.space,
            self._talk,
            self._views,
            Limits(config.pace),
            self._tasks,
            self._sockets.ticket,
        )

    @asynccontextmanager
    async def running(self, *, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[Sandbox]:
        """Serve until the block ends; port 0 takes any free one. Mail is taken on the same host."""
        runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port).start()
            mail_port = await self.mailbox.open(host, self.space.config.mail_port)
            bound = runner.addresses[0][1]
            public = self.space.config.public_url or f"http://{_reachable(host)}:{bound}"
            self.space.config = replace(self.space.config, public_url=public, mail_port=mail_port)
            yield self
        finally:
            await self._close()
            await runner.cleanup()

    async def _close(self) -> None:
        self._page.close()
        await self._tasks.close()
        await self._sockets.close()
        await self._http.close()
        await self.mailbox.close()

    def _app(self) -> web.Application:
        app = web.Application(
            middlewares=[guard(self.space), self._outage.middleware()], client_max_size=MOST_BYTES
        )
        app.router.add_route("GET", "/api/{method}", self._desk.serve)
        app.router.add_route("POST", "/api/{method}", self._desk.serve)
        app.router.add_get("/link/", self._sockets.serve)
        app.router.add_post("/hooks/{name}", self._hook)
        app.add_routes(FileStore(self.space).routes())
        app.add_routes(self._page.routes())
        return app

    async def _hook(self, request: web.Request) -> web.Response:
        """Take an answer at a response URL, as JSON or as a form with `payload`."""
        try:
            text = await request.text()
            self._hooks.answer(request.match_info["name"], json.loads(text))
        except SlackError as refusal:
            return web.Response(status=404, text=refusal.error)
        except ValueError:
            return web.Response(status=400, text="invalid_payload")
        return web.Response(text="ok")

    @property
    def url(self) -> str:
        """Give where the page for people is."""
        return self.space.config.public_url

    @property
    def api_url(self) -> str:
        """Give the base address of the Web API, with its slash."""
        return f"{self.url}/api/"

    @property
    def bot_token(self) -> str:
        """Give the token for all methods but one."""
        return self.space.config.bot_token

    @property
    def app_token(self) -> str:
        """Give the token for apps.connections.open."""
        return self.space.config.app_token

    @property
    def signing_secret(self) -> str:
        """Give the secret that HTTP requests are signed with."""
        return self.space.config.signing_secret

    @property
    def mail_port(self) -> int:
        """Give the port where the sandbox takes mail."""
        return self.space.config.mail_port

    def mail_to(self, host: str, port: int, *, addresses: tuple[str, ...]) -> None:
        """Say where the citizen's form sends its mail from now on, and to which addresses it may write."""
        self.space.config = replace(
            self.space.config, smtp_host=host, smtp_port=port, hearing_addresses=addresses
        )
        self.space.changes.tell()

    @property
    def calls(self) -> list[tuple[str, dict[str, object]]]:
        """Give the calls of the Web API that reached a method: name and arguments."""
        return self._desk.calls

    def person(self, wanted: str) -> Person:
        """Give a person by id or user name. Raises `user_not_found`."""
        for each in self.space.people.values():
            if wanted in {each.id, each.name}:
                return Person(each.id, self._counter)
        raise SlackError("user_not_found")

    def channel(self, wanted: str) -> Channel:
        """Give a channel by id or name. Raises `channel_not_found`."""
        return self.space.channel(wanted)

    def direct(self, user: str) -> Channel:
        """Give the direct message between a person and the app."""
        return self.space.direct(user)

    def trigger(self, user: str) -> str:
        """Give a trigger id, as if this person had just clicked something."""
        return self._views.triggers.issue(user)

    def rendered(self, view: View) -> Json:
        """Give a view as Slack writes it."""
        return self._views.render(view)

    async def until(self, found: Callable[[], T | None], *, timeout: float = 10.0) -> T:  # noqa: ASYNC109 - reads best
        """Wait until `found` gives something true, looking again at each change, and give that.

        Raises `TimeoutError`.
        """
        return await self.space.changes.until(found, timeout_seconds=timeout)


def _reachable(host: str) -> str:
    return "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 - compares only
