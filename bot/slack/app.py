"""The Bolt app, and the socket it listens on in Socket Mode."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.door import SlackDoor
from bot.slack.listeners import register
from bot.trace import traced

log = logging.getLogger(__name__)

_FIRST_WAIT, _LONGEST_WAIT = 1.0, 60.0
_BOLT = "bot.slack.bolt"
_TALKATIVE = (_BOLT, "slack_bolt", "slack_sdk")  # at DEBUG they log whole payloads, with people's words


def client(api_url: str, token: str | None) -> AsyncWebClient:
    """A client that never repeats a call by itself (see `board`)."""
    return AsyncWebClient(token=token, base_url=api_url, retry_handlers=[], timeout=30)


def bolt(door: SlackDoor, *, signing_secret: str | None) -> AsyncApp:
    """The app with all listeners; with a signing secret it wants every call signed (HTTP mode)."""
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.INFO)

    async def authorize() -> AuthorizeResult:
        # Bolt's own way acknowledges, and so loses, whatever comes while Slack does not say who we are.
        us = await door.board.us()
        return AuthorizeResult(
            enterprise_id=us.get("enterprise_id"), team_id=us["team_id"], bot_user_id=us["user_id"],
            bot_id=us["bot_id"], bot_token=door.board.client.token,
        )  # fmt: skip

    app = AsyncApp(
        client=client(door.board.client.base_url, None), authorize=authorize,
        signing_secret=signing_secret or "", request_verification_enabled=bool(signing_secret),
        logger=logging.getLogger(_BOLT),
    )  # fmt: skip
    app.middleware(door.keep)
    register(app, door)

    @app.error
    async def on_error(error: Exception, context: AsyncBoltContext) -> None:
        # The payload stays unread and is read again; what a person wrote stays out of the log.
        log.error("a payload could not be read: %s", traced(error))
        door.failed(context, error)

    return app


@asynccontextmanager
async def socket(app: AsyncApp, *, app_token: str, api_url: str) -> AsyncIterator[None]:
    """Hold a Socket Mode connection; when Slack is out of reach, go on trying meanwhile."""
    handler = AsyncSocketModeHandler(app, app_token, web_client=client(api_url, app_token))
    connecting = asyncio.create_task(_connect(handler), name="slack-socket")
    try:
        yield
    finally:
        connecting.cancel()
        await asyncio.gather(connecting, return_exceptions=True)
        await handler.close_async()  # type: ignore[no-untyped-call]


async def _connect(handler: AsyncSocketModeHandler) -> None:
    wait = _FIRST_WAIT
    while True:
        try:
            await handler.connect_async()  # type: ignore[no-untyped-call]
        except (SlackApiError, SlackClientError, aiohttp.ClientError, OSError, TimeoutError) as fault:
            log.warning("Slack is out of reach (%s), again in %.0f s", type(fault).__name__, wait)
            await asyncio.sleep(wait)
            wait = min(2 * wait, _LONGEST_WAIT)
        else:
            log.info("connected to Slack")
            return
