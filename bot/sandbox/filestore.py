"""The addresses of files: where bytes are sent to, and where they are fetched with a token."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from aiohttp import web

from bot.sandbox.wire import SlackError

if TYPE_CHECKING:
    from bot.sandbox.workspace import File, Workspace

_SIGN_IN = (
    "<!DOCTYPE html><html lang=en><title>Sign in | Slack</title><h1>Sign in to your workspace</h1></html>"
)
MOST_BYTES = 256 * 1024 * 1024


class FileStore:
    """Takes uploads and gives downloads."""

    def __init__(self, space: Workspace) -> None:
        self._space = space

    def routes(self) -> list[web.RouteDef]:
        """Give the routes of uploads and downloads."""
        return [
            web.post("/upload/v1/{file}", self.take),
            web.get("/files-pri/{key}/{name}", self.give),
            web.get("/files-pri/{key}/download/{name}", self.give),
        ]

    async def take(self, request: web.Request) -> web.Response:
        """Take a file's bytes, raw or as a form; the length must be what was said."""
        file = self._space.files.get(request.match_info["file"])
        if file is None or file.uploaded:
            return web.Response(status=404, text="not found")
        content = await _content(request)
        if len(content) != file.length:
            return web.Response(status=400, text="length mismatch")
        file.content, file.uploaded = content, True
        return web.Response(text=f"OK - {len(content)}")

    async def give(self, request: web.Request) -> web.Response:
        """Give a file to who has the token; others get a page to sign in on, with status 200."""
        held = request.headers.get("Authorization", "")
        if held != f"Bearer {self._space.config.bot_token}":
            return web.Response(text=_SIGN_IN, content_type="text/html")
        try:
            file = self._space.file(request.match_info["key"].rpartition("-")[2])
        except SlackError:
            return web.Response(status=404, text="not found")
        return download(file)


def download(file: File) -> web.Response:
    """Give a file's bytes as a download, never to be shown as a page of ours."""
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name)}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox",
    }
    return web.Response(body=file.content, content_type=file.mimetype, headers=headers)


async def _content(request: web.Request) -> bytes:
    if request.content_type != "multipart/form-data":
        return await request.read()
    for part in (await request.post()).values():
        if isinstance(part, web.FileField):
            return part.file.read()
    return b""
