"""HTTP mode: events and interactions as signed requests to the app's address.

Source: https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import aiohttp

from bot.sandbox.delivery import Kind
from bot.sandbox.wire import Json, Unanswered

if TYPE_CHECKING:
    from bot.sandbox.delivery import Parcel
    from bot.sandbox.workspace import Workspace


class SignedRequests:
    """Posts to `events_url`; anything but 2xx in time counts as not acknowledged."""

    def __init__(self, space: Workspace) -> None:
        self._space = space
        self._session: aiohttp.ClientSession | None = None
        self.events_url = space.config.events_url

    async def send(self, parcel: Parcel, *, timeout_seconds: float) -> Any:
        """Post it, signed, and give the answer: an object, a text, or None."""
        self._session = self._session or aiohttp.ClientSession()
        body, kind = _body(parcel)
        headers = _signature(body, self._space.config.signing_secret) | {"Content-Type": kind}
        if parcel.attempt:
            headers |= {"x-slack-retry-num": str(parcel.attempt), "x-slack-retry-reason": parcel.reason}
        timeout = aiohttp.ClientTimeout(total=timeout_seconds)
        try:
            async with self._session.post(
                self.events_url, data=body, headers=headers, timeout=timeout, allow_redirects=False
            ) as answer:
                return await _read(answer)
        except TimeoutError as error:
            raise Unanswered("http_timeout") from error
        except (aiohttp.ClientError, ValueError) as error:
            raise Unanswered("connection_failed") from error

    async def close(self) -> None:
        """Close the connections to the app."""
        if self._session:
            await self._session.close()


def _body(parcel: Parcel) -> tuple[bytes, str]:
    if parcel.kind is Kind.EVENT:
        return json.dumps(parcel.payload).encode(), "application/json"
    fields: Json = parcel.payload if parcel.kind is Kind.COMMAND else {"payload": json.dumps(parcel.payload)}
    return urlencode(fields).encode(), "application/x-www-form-urlencoded"


def _signature(body: bytes, secret: str) -> dict[str, str]:
    stamp = str(int(time.time()))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={digest}",
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
    }


async def _read(answer: aiohttp.ClientResponse) -> Any:
    if not 200 <= answer.status < 300:
        raise Unanswered("http_error")
    text = await answer.text()
    if not text:
        return None
    return json.loads(text) if answer.content_type == "application/json" else text
