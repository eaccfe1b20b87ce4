"""The Bolt app, and the socket it listens on in Socket Mode."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.api.calls import RefusedError, UnknownOutcomeError
from bot.slack.api.silence import Silence
from bot.slack.door import SlackDoor
from bot.slack.listeners import register
from bot.trace import traced

log = logging.getLogger(__name__)

_GIVES_UP_AFTER = 30  # seconds without an answer to a call
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 60.0
_WATCHES_EVERY, _CONNECTS_WITHIN = 10.0, 15.0
_NOT_OUR_APP = frozenset({
    "invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive",
    "not_allowed_token_type", "missing_scope", "forbidden_team",
})  # fmt: skip
_APP_TOKEN = "Set HOERING_SLACK_APP_TOKEN to a valid app-level token with connections:write and start again."  # noqa: S105
_BOLT = "bot.slack.bolt"
_SOCKET = "apps.connections.open"
_TALKATIVE = (_BOLT, "slack_bolt", "slack_sdk")  # at DEBUG they log whole payloads, with people's words


def client(api_url: str, token: str | None) -> AsyncWebClient:
    """A client that never repeats a call by itself (see `board`)."""
    return AsyncWebClient(token=token, base_url=api_url, retry_handlers=[], timeout=_GIVES_UP_AFTER)


def bolt(door: SlackDoor, *, signing_secret: str | None) -> AsyncApp:
    """The app with all listeners; with a signing secret it wants every call signed (HTTP mode)."""
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.INFO)
    logging.getLogger(_BOLT).addFilter(_is_news)

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
        was_told = isinstance(error, UnknownOutcomeError)  # of Slack's silence
        why = f" ({error}). {error.remedy}" if isinstance(error, RefusedError) else ""
        level = logging.INFO if was_told else logging.ERROR
        what = "nobody could be told of a payload" if door.is_read(context) else "a payload could not be read"
        log.log(level, "%s: %s%s", what, traced(error), why)
        door.failed(context, error)

    return app


@asynccontextmanager
async def socket(
    app: AsyncApp, *, app_token: str, api_url: str, on_hello: Callable[[], None] = lambda: None,
    silence: Silence | None = None,
) -> AsyncIterator[None]:  # fmt: skip
    """Hold a Socket Mode connection; when Slack is out of reach, go on trying meanwhile.

    `on_hello` is called whenever Slack begins to tell us what happens, over each new connection; `silence`
    is told whether we are connected.
    """
    handler = AsyncSocketModeHandler(app, app_token, web_client=client(api_url, app_token))

    async def heard(_client: object, frame: dict[str, Any], _raw: str | None = None) -> None:
        if frame.get("type") == "hello":
            log.info("connected to Slack")
            on_hello()

    handler.client.message_listeners.append(heard)
    connecting = asyncio.create_task(_hold(handler, silence or Silence()), name="slack-socket")
    try:
        yield
    finally:
        connecting.cancel()
        await asyncio.gather(connecting, return_exceptions=True)
        await handler.close_async()  # type: ignore[no-untyped-call]


async def _hold(handler: AsyncSocketModeHandler, silence: Silence) -> None:
    """Connect, and see to it for ever that we are: the client alone might try a used-up address for ever."""
    told, wait = "", 0.0
    while True:
        await asyncio.sleep(wait)
        if await handler.client.is_connected():
            silence.answered(_SOCKET)
            told, wait = "", _WATCHES_EVERY
            continue
        why = await _connect(handler, again=bool(wait))
        if why in _NOT_OUR_APP:
            if why != told:
                log.error("Slack is out of reach (%s). %s", why, _APP_TOKEN)
        elif why:
            silence.noted(_SOCKET, f"{_SOCKET}: {why}")
        told, wait = why, min(2 * wait, _LONGEST_WAIT) if why and wait else _FIRST_WAIT


async def _connect(handler: AsyncSocketModeHandler, *, again: bool) -> str:
    """Try once; why it failed. Once begun, the client itself uses the new address, good for half a minute."""
    try:
        handler.client.wss_uri = await handler.client.issue_new_wss_url()
        async with asyncio.timeout(_CONNECTS_WITHIN):
            if not again:
                await handler.connect_async()  # type: ignore[no-untyped-call]
    except SlackApiError as refusal:
        answer = refusal.response.data
        return str(answer.get("error", "")) if isinstance(answer, dict) else str(refusal.response.status_code)
    except Exception as fault:  # noqa: BLE001  whatever it is: who gives up would never hear of Slack again
        return type(fault).__name__
    return ""


def _is_news(record: logging.LogRecord) -> bool:
    """Whether it is none of the client's complaints of each try: `_hold` tells once, in a sentence."""
    return not str(record.msg).startswith(("Failed to connect", "Failed to retrieve", "Failed to check the"))
