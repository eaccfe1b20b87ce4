"""Takes a call of the Web API: who asks, how often, what goes wrong, and which method answers."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.sandbox.api import chat, conversations, files, people, reactions, reading, views
from bot.sandbox.api.call import Backroom, Call, Method, TooFast
from bot.sandbox.faults import Fault, Faults, Mishap
from bot.sandbox.outage import broken
from bot.sandbox.wire import Json, SlackError

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

METHODS: dict[str, Method] = (
    chat.METHODS
    | conversations.METHODS
    | reading.METHODS
    | files.METHODS
    | people.METHODS
    | reactions.METHODS
    | views.METHODS
)


class Desk:
    """Answers `/api/METHOD` as Slack does: 200 with `ok`, or 429; all else is a fault asked for."""

    def __init__(self, room: Backroom, faults: Faults) -> None:
        self._room = room
        self._faults = faults
        self.calls: list[tuple[str, Json]] = []

    async def serve(self, request: web.Request) -> web.Response:
        """Answer one request."""
        method = request.match_info["method"]
        mishap = self._faults.of_call(method)
        if mishap and (early := await _before(mishap, request)):
            return early
        try:
            body = {"ok": True, **await self._answer(method, request, mishap)}
        except SlackError as refusal:
            body = refusal.answer()
        except TooFast as limit:
            return _limited(limit.seconds)
        if mishap and (late := await _after(mishap, request)):
            return late
        scopes = ",".join(sorted(self._room.space.config.scopes))
        return web.json_response(body, headers={"x-oauth-scopes": scopes})

    async def _answer(self, name: str, request: web.Request, mishap: Mishap | None) -> Json:
        arguments = await _arguments(request)
        token = _token(request, arguments)
        if name not in METHODS:
            raise SlackError("unknown_method", req_method=name)
        _allow(METHODS[name], token, self._room.space)
        if mishap and mishap.refusal:
            raise mishap.refusal
        if wait := self._room.limits.of_method(name, METHODS[name].per_minute):
            raise TooFast(wait)
        self.calls.append((name, arguments))
        return await METHODS[name].run(Call(name, arguments, self._room))


async def _arguments(request: web.Request) -> Json:
    """Merge query, form, multipart and JSON: clients use all of them, some at once."""
    arguments: Json = dict(request.query)
    if request.content_type == "application/json":
        arguments |= _parsed(await request.text())
    elif request.method == "POST":
        form = await request.post()
        arguments |= {key: value for key, value in form.items() if isinstance(value, str)}
    return arguments


def _parsed(text: str) -> Json:
    if not text:
        return {}
    try:
        body: Any = json.loads(text)
    except ValueError as error:
        raise SlackError("invalid_json") from error
    if not isinstance(body, dict):
        raise SlackError("json_not_object")
    return body


def _token(request: web.Request, arguments: Json) -> str:
    held = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    token = str(held or arguments.pop("token", ""))
    if not token:
        raise SlackError("not_authed")
    return token


def _allow(method: Method, token: str, space: Workspace) -> None:
    config = space.config
    if token in space.dead_tokens:
        raise SlackError(space.dead_tokens[token])
    if token not in {config.bot_token, config.app_token}:
        raise SlackError("invalid_auth")
    if (token == config.app_token) is not method.app_token:
        raise SlackError("not_allowed_token_type")
    if method.scopes and not config.scopes.intersection(method.scopes):
        provided = ",".join(sorted(config.scopes))
        raise SlackError("missing_scope", needed=",".join(method.scopes), provided=provided)


def _limited(seconds: float) -> web.Response:
    body = {"ok": False, "error": "ratelimited"}
    return web.json_response(body, status=429, headers={"Retry-After": f"{seconds:.0f}"})


async def _before(mishap: Mishap, request: web.Request) -> web.Response | None:
    match mishap.fault:
        case Fault.LIMITED:
            return _limited(mishap.seconds)
        case Fault.ERROR_BEFORE:
            return web.Response(status=500, text="Internal Server Error")
        case Fault.DROP_BEFORE:
            return broken(request)
        case Fault.HANG:
            await asyncio.sleep(mishap.seconds)
            return broken(request)
        case _:
            return None


async def _after(mishap: Mishap, request: web.Request) -> web.Response | None:
    match mishap.fault:
        case Fault.ERROR_AFTER:
            return web.Response(status=500, text="Internal Server Error")
        case Fault.DROP_AFTER:
            return broken(request)
        case Fault.HANG_AFTER:
            await asyncio.sleep(mishap.seconds)
            return broken(request)
        case _:
            return None
