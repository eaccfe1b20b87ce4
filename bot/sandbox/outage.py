"""Slack out of reach, for as long as somebody wants it to be."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler, Middleware

_DOORS = ("/api/", "/link/", "/hooks/", "/upload/", "/files-pri/")


class How(StrEnum):
    """What an app sees of an outage: connections that break, or 503."""

    BROKEN = "broken"
    UNAVAILABLE = "unavailable"


class Outage:
    """Whether Slack can be reached by apps; people still see the page."""

    def __init__(self) -> None:
        self.now: How | None = None

    def middleware(self) -> Middleware:
        """Give the middleware that lets nothing through to the app's doors during an outage."""

        @web.middleware
        async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
            if self.now is None or not request.path.startswith(_DOORS):
                return await handler(request)
            if self.now is How.BROKEN:
                return broken(request)
            return web.Response(status=503, text="Service Unavailable")

        return check


def broken(request: web.Request) -> web.Response:
    """Break the connection that a request came on; the answer never leaves."""
    if request.transport:
        request.transport.abort()
    return web.Response()
