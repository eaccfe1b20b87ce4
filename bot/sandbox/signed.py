"""HTTP mode: events and interactions as signed requests to the app's address.

Source: https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import aiohttp

from bot.sandbox.delivery import Kind
from bot.sandbox.wire import Json, Unanswered

if TYPE_CHECKING:
    from bot.sandbox.delivery import Parcel
    from bot.sandbox.workspace import Workspace


MOST_KEPT = 1000


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it was sent to the app, to the byte."""

    body: bytes
    headers: dict[str, str]


class SignedRequests:
    """Posts to `events_url`; anything but 2xx in time counts as not acknowledged."""

    def __init__(self, space: Workspace) -> None:
        self._space = space
        self._session: aiohttp.ClientSession | None = None
        self.events_url = space.config.events_url
        self.sent: deque[Sent] = deque(maxlen=MOST_KEPT)

    async def send(self, parcel: Parcel, *, timeout_seconds: float) -> Any:
        """Post it, signed, and give the answer: an object, a text, or None."""
        self._session = self._session or aiohttp.ClientSession()
        body, kind = _body(parcel)
        headers = _signature(body, self._space.config.signing_secret, int(time.time())) | {
            "Content-Type": kind
        }
        if parcel.attempt:
            headers |= {"x-slack-retry-num": str(parcel.attempt), "x-slack-retry-reason": parcel.reason}
        timeout = aiohttp.ClientTimeout(total=timeout_seconds)
        self.sent.append(Sent(body, headers))
        try:
            async with self._session.post(
                self.events_url, data=body, headers=headers, timeout=timeout, allow_redirects=False
            ) as answer:
                return await _read(answer)
        except TimeoutError as error:
            raise Unanswered("http_timeout") from error
        except (aiohttp.ClientError, ValueError) as error:
            raise Unanswered("connection_failed") from error

    async def again(self, one: Sent, *, secret: str = "", age: float = 0.0) -> int:
        """Send an old request as somebody would who overheard it, and give the status of the answer.

        It goes as it was; with `secret` or `age` it is signed anew: by that secret, that many seconds ago.
        """
        headers = dict(one.headers)
        if secret or age:
            key = secret or self._space.config.signing_secret
            headers |= _signature(one.body, key, int(time.time() - age))
        self._session = self._session or aiohttp.ClientSession()
        async with self._session.post(self.events_url, data=one.body, headers=headers) as answer:
            return answer.status

    async def close(self) -> None:
        """Close the connections to the app."""
        if self._session:
            await self._session.close()


def _body(parcel: Parcel) -> tuple[bytes, str]:
    if parcel.kind is Kind.EVENT:
        return json.dumps(parcel.payload).encode(), "application/json"
    fields: Json = parcel.payload if parcel.kind is Kind.COMMAND else {"payload": json.dumps(parcel.payload)}
    return urlencode(fields).encode(), "application/x-www-form-urlencoded"


def _signature(body: bytes, secret: str, moment: int) -> dict[str, str]:
    stamp = str(moment)
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
