"""Keeps other web sites out: a request must name a host of ours, and come from a page of ours if from any."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def guard(space: Workspace) -> Middleware:
    """Give the middleware that refuses foreign hosts and origins with 403."""

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        public = urlsplit(space.config.public_url).hostname
        allowed = LOOPBACK | space.config.allowed_hosts | ({public} if public else set())
        if request.url.host not in allowed:
            return web.Response(status=403, text="unknown host")
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != request.host:
            return web.Response(status=403, text="foreign origin")
        return await handler(request)

    return check
