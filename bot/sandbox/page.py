"""The page for people: what it shows, and what is done on it. Its words are in `static/`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiosmtplib
from aiohttp import web

from bot.sandbox import levers, mail, snapshot
from bot.sandbox.deeds import DEEDS, Deed
from bot.sandbox.filestore import download
from bot.sandbox.wire import SlackError, Unanswered

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox

STATIC = Path(__file__).parent / "static"
_QUIET = 0.05
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


class Page:
    """Serves the page and carries out what people do there."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._closing = asyncio.Event()

    def routes(self) -> list[web.RouteDef]:
        """Give the page's routes."""
        return [
            web.get("/", self._asset),
            web.get("/static/{name}", self._asset),
            web.get("/page/view", self._view),
            web.get("/page/changes", self._changes),
            web.get("/page/files/{file}", self._file),
            web.post("/page/act/{deed}", self._act),
            web.get("/page/levers", self._levers),
            web.post("/page/levers/{lever}", self._pull),
            web.post("/page/upload", self._upload),
            web.post("/page/mail", self._mail),
        ]

    def close(self) -> None:
        """End the streams of changes."""
        self._closing.set()

    async def _asset(self, request: web.Request) -> web.StreamResponse:
        names = {each.name: each for each in STATIC.iterdir()}
        found = names.get(request.match_info.get("name", "index.html"))
        if found is None:
            return web.Response(status=404, text="not found")
        return web.FileResponse(found, headers=_HEADERS)

    async def _view(self, request: web.Request) -> web.Response:
        """Give what one person sees: `person`, `channel` and `thread` are in the query."""
        try:
            person = self._sandbox.person(request.query["person"])
            body = snapshot.of(self._sandbox, person, request.query)
        except KeyError:
            body = snapshot.everybody(self._sandbox)
        except SlackError as refusal:
            body = refusal.answer()
        return web.json_response(body, headers=_HEADERS)

    async def _changes(self, request: web.Request) -> web.StreamResponse:
        """Send a line at each change (server-sent events), until the page goes or the sandbox closes."""
        stream = web.StreamResponse(headers=_HEADERS | {"Content-Type": "text/event-stream"})
        await stream.prepare(request)
        closing = asyncio.create_task(self._closing.wait())
        try:
            while not closing.done():
                await stream.write(f"data: {self._sandbox.space.changes.version}\n\n".encode())
                await self._next_change(closing)
        except ConnectionError:
            return stream
        finally:
            closing.cancel()
        return stream

    async def _next_change(self, closing: asyncio.Task[Any]) -> None:
        change = asyncio.create_task(self._sandbox.space.changes.wait())
        try:
            await asyncio.wait({change, closing}, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.wait({closing}, timeout=_QUIET)
        finally:
            change.cancel()

    async def _file(self, request: web.Request) -> web.Response:
        try:
            return download(self._sandbox.space.file(request.match_info["file"]))
        except SlackError:
            return web.Response(status=404, text="not found")

    async def _act(self, request: web.Request) -> web.Response:
        """Do what a person does; the body is JSON, which no foreign page can send without asking first."""
        if request.content_type != "application/json":
            return web.Response(status=415, text="JSON only")
        body = await request.json()
        deed = DEEDS.get(request.match_info["deed"])
        if deed is None:
            return web.Response(status=404, text="not found")
        return web.json_response(await self._done(deed, body))

    async def _done(self, deed: Deed, body: Any) -> Any:
        try:
            person = self._sandbox.person(str(body["person"]))
            return {"ok": True, **await deed(self._sandbox, person, body)}
        except SlackError as refusal:
            return refusal.answer()
        except Unanswered:
            return {"ok": False, "error": "unanswered"}
        except (KeyError, LookupError, ValueError) as wrong:
            return {"ok": False, "error": "invalid_arguments", "detail": str(wrong)}

    async def _levers(self, _request: web.Request) -> web.Response:
        return web.json_response({"ok": True, **levers.standing(self._sandbox)}, headers=_HEADERS)

    async def _pull(self, request: web.Request) -> web.Response:
        """Let something go wrong, or right again; the body is JSON as for `act`."""
        if request.content_type != "application/json":
            return web.Response(status=415, text="JSON only")
        lever = levers.LEVERS.get(request.match_info["lever"])
        if lever is None:
            return web.Response(status=404, text="not found")
        try:
            await lever(self._sandbox, await request.json())
        except SlackError as refusal:
            return web.json_response(refusal.answer())
        except (KeyError, ValueError) as wrong:
            return web.json_response({"ok": False, "error": "invalid_arguments", "detail": str(wrong)})
        self._sandbox.space.changes.tell()
        return await self._levers(request)

    async def _upload(self, request: web.Request) -> web.Response:
        form = await request.post()
        file = form.get("file")
        if not isinstance(file, web.FileField):
            return web.json_response({"ok": False, "error": "no_file"})

        async def share(sandbox: Sandbox, person: Any, body: Any) -> dict[str, Any]:
            channel = sandbox.channel(body["channel"])
            content = file.file.read()
            await person.upload(channel, file.filename, content, thread=body.get("thread") or None)
            return {}

        return web.json_response(await self._done(share, dict(form)))

    async def _mail(self, request: web.Request) -> web.Response:
        """Mail what a citizen filled in; says `ok: false` with the reason when the door will not have it."""
        form = await request.post()
        files = [
            each for each in form.getall("file", []) if isinstance(each, web.FileField) and each.filename
        ]
        words = {key: str(form.get(key, "")).strip() for key in ("name", "address", "subject", "text", "to")}
        config = self._sandbox.space.config
        if words["to"] not in config.hearing_addresses:
            return web.json_response({"ok": False, "error": "unknown_address"})
        content = tuple((each.filename, each.file.read()) for each in files)
        try:
            submission = mail.Submission(**words, files=content)
            await mail.send(submission, host=config.smtp_host, port=config.smtp_port)
        except (OSError, ValueError, aiosmtplib.SMTPException) as error:
            return web.json_response({"ok": False, "error": "not_sent", "detail": str(error)})
        return web.json_response({"ok": True})
