"""The web door: whether the service is well, and Slack when it calls us instead of us opening a socket."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from storage.database import Database

SLACK_PATH, HEALTH_PATH = "/slack/events", "/health"
RETRY = "X-Slack-Retry-Num"
"""https://docs.slack.dev/apis/events-api#retries"""
_LARGEST = 4 * 2**20  # bytes; Slack's payloads are far smaller


@asynccontextmanager
async def web_door(
    database: Database, *, slack: AsyncApp | None, host: str, port: int,
    mailboxes: Callable[[], Mapping[str, str]] = dict, on_retry: Callable[[], None] = lambda: None,
) -> AsyncIterator[tuple[str, int]]:  # fmt: skip
    """Listen, and yield host and port. `slack` is the app that signed calls go to, None in Socket Mode.

    `mailboxes` tells how each stands. One that is away is no ill health of ours: a new start mends nothing.
    `on_retry` is called when Slack says that it could not reach us before.
    """
    app = web.Application(client_max_size=_LARGEST)

    async def health(_request: web.Request) -> web.Response:
        try:
            async with database.engine.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except (SQLAlchemyError, OSError):
            return web.json_response({"ok": False, "why": "the database does not answer"}, status=503)
        return web.json_response({"ok": True, "mailboxes": dict(mailboxes())})

    app.router.add_get(HEALTH_PATH, health)
    if slack is not None:

        async def events(request: web.Request) -> web.Response:
            answer = await slack.async_dispatch(await to_bolt_request(request))
            if RETRY in request.headers and answer.status == HTTPStatus.OK:  # else anybody may have said so
                on_retry()
            return await to_aiohttp_response(answer)

        app.router.add_post(SLACK_PATH, events)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        bound = runner.addresses[0]
        yield bound[0], bound[1]
    finally:
        await runner.cleanup()
