"""Socket Mode: websockets to the app, envelopes, acknowledgements, disconnects.

Source: https://docs.slack.dev/apis/events-api/using-socket-mode
"""

from __future__ import annotations

import asyncio
import json
import secrets
import uuid
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from bot.sandbox.delivery import Kind
from bot.sandbox.wire import Json, Unanswered

if TYPE_CHECKING:
    from bot.sandbox.delivery import Parcel
    from bot.sandbox.workspace import Workspace

MOST_CONNECTIONS = 10
_ANSWERED = frozenset({Kind.INTERACTIVE, Kind.COMMAND, Kind.OPTIONS})


class Sockets:
    """The open connections of one app; each payload goes to one of them, in turn."""

    def __init__(self, space: Workspace) -> None:
        self._space = space
        self._tickets: set[str] = set()
        self._open: list[web.WebSocketResponse] = []
        self._turn = 0
        self._waiting: dict[str, tuple[web.WebSocketResponse, asyncio.Future[Any]]] = {}

    @property
    def count(self) -> int:
        """Give the number of open connections."""
        return len(self._open)

    def ticket(self) -> str:
        """Give a ticket that opens one connection, once."""
        ticket = secrets.token_hex(16)
        self._tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer a websocket request that brings a ticket."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            raise web.HTTPForbidden(text="invalid ticket")
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(compress=False)
        await socket.prepare(request)
        if self.count >= MOST_CONNECTIONS:
            await socket.send_json(self._frame("disconnect", reason="too_many_websockets"))
            await socket.close()
            return socket
        await self._converse(socket)
        return socket

    async def _converse(self, socket: web.WebSocketResponse) -> None:
        self._open.append(socket)
        try:
            await socket.send_json(self._frame("hello"))
            self._space.changes.tell()
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    self._acknowledged(frame.data)
        except ConnectionError:
            return
        finally:
            self._gone(socket)

    def _frame(self, kind: str, **more: str) -> Json:
        return {
            "type": kind,
            **more,
            "num_connections": self.count,
            "debug_info": {
                "host": "applink-sandbox",
                **({"build_number": 10, "approximate_connection_time": 18060} if kind == "hello" else {}),
            },
            "connection_info": {"app_id": self._space.config.app_id},
        }

    def _acknowledged(self, data: str) -> None:
        frame = json.loads(data)
        _socket, waiting = self._waiting.get(frame.get("envelope_id", ""), (None, None))
        if waiting and not waiting.done():
            waiting.set_result(frame.get("payload"))

    def _gone(self, socket: web.WebSocketResponse) -> None:
        if socket in self._open:
            self._open.remove(socket)
        for owner, waiting in self._waiting.values():
            if owner is socket and not waiting.done():
                waiting.set_exception(Unanswered("timeout"))
        self._space.changes.tell()

    async def send(self, parcel: Parcel, *, timeout_seconds: float) -> Any:
        """Send an envelope over one connection and wait for its acknowledgement."""
        if not self._open:
            raise Unanswered("timeout")
        self._turn += 1
        socket = self._open[self._turn % len(self._open)]
        envelope = _envelope(parcel)
        waiting: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[envelope["envelope_id"]] = (socket, waiting)
        try:
            await socket.send_json(envelope)
            return await asyncio.wait_for(waiting, timeout_seconds)
        except (TimeoutError, ConnectionError) as error:
            raise Unanswered("timeout") from error
        finally:
            del self._waiting[envelope["envelope_id"]]

    async def tell(self, kind: str, **more: str) -> None:
        """Send a frame that is no envelope over every connection."""
        for socket in list(self._open):
            await socket.send_json(self._frame(kind, **more))

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Tell every connection to go, as Slack does every few hours, and close it."""
        for socket in list(self._open):
            self._open.remove(socket)
            await socket.send_json(self._frame("disconnect", reason=reason))
            await socket.close()

    def cut(self) -> None:
        """Break every connection without a word."""
        for socket in list(self._open):
            self._gone(socket)
            if socket._req and socket._req.transport:  # noqa: SLF001 - aiohttp has no public way to break one
                socket._req.transport.abort()  # noqa: SLF001

    async def close(self) -> None:
        """Close every connection at the end of the sandbox."""
        for socket in list(self._open):
            await socket.close(code=1001)


def _envelope(parcel: Parcel) -> Json:
    kind = Kind.INTERACTIVE if parcel.kind is Kind.OPTIONS else parcel.kind
    envelope: Json = {
        "envelope_id": str(uuid.uuid4()),
        "payload": parcel.payload,
        "type": str(kind),
        "accepts_response_payload": parcel.kind in _ANSWERED and _may_answer(parcel),
    }
    if parcel.kind is Kind.EVENT:
        envelope |= {"retry_attempt": parcel.attempt, "retry_reason": parcel.reason}
    return envelope


def _may_answer(parcel: Parcel) -> bool:
    """Only commands, submissions and look-ups of options take an answer with the acknowledgement."""
    return parcel.kind is not Kind.INTERACTIVE or parcel.payload["type"] == "view_submission"
