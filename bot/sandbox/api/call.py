"""One call of the Web API: its arguments, and what methods are made of."""

from __future__ import annotations

import base64
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.sandbox.wire import Json, SlackError

if TYPE_CHECKING:
    from bot.sandbox.pace import Limits
    from bot.sandbox.talk import Talk
    from bot.sandbox.tasks import Tasks
    from bot.sandbox.views import Views
    from bot.sandbox.workspace import Channel, Workspace


@dataclass(frozen=True, slots=True)
class Backroom:
    """What the methods work with."""

    space: Workspace
    talk: Talk
    views: Views
    limits: Limits
    tasks: Tasks
    ticket: Callable[[], str]


class TooFast(Exception):  # noqa: N818 - an answer, HTTP 429, not a fault
    """Too many calls; `seconds` is the Retry-After."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"retry after {seconds}")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Call:
    """The arguments of one call, from query, form or JSON, and where it works."""

    method: str
    arguments: Json
    room: Backroom

    def text(self, name: str, default: str = "") -> str:
        """Give an argument as text."""
        value = self.arguments.get(name)
        return default if value is None else str(value)

    def needed(self, name: str, error: str = "invalid_arguments") -> str:
        """Give an argument as text. Raises `error` when it is missing or empty."""
        if not (value := self.text(name)):
            if error == "invalid_arguments":
                more = {"messages": [f"[ERROR] missing required field: {name}"]}
                raise SlackError(error, response_metadata=more)
            raise SlackError(error)
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Give an argument as a truth value: Slack takes true and 1 as text too."""
        value = self.arguments.get(name, default)
        return value in {"true", "True", "1"} if isinstance(value, str) else bool(value)

    def number(self, name: str, default: int, *, most: int = 1000) -> int:
        """Give a whole number from 1 to `most`. Raises `invalid_limit`."""
        try:
            value = int(self.arguments.get(name) or default)
        except (ValueError, TypeError) as error:
            raise SlackError("invalid_limit") from error
        if value < 1:
            raise SlackError("invalid_limit")
        return min(value, most)

    def structure(self, name: str, error: str) -> Any:
        """Give an argument that is JSON, as text or already parsed. Raises `error` when it is no JSON."""
        value = self.arguments.get(name)
        if not isinstance(value, str) or not value:
            return value
        try:
            return json.loads(value)
        except ValueError as wrong:
            raise SlackError(error) from wrong


@dataclass(frozen=True, slots=True)
class Method:
    """A method: its code, the scopes of which one is enough, its calls a minute, and the token it takes."""

    run: Callable[[Call], Awaitable[Json]]
    scopes: tuple[str, ...] = ()
    per_minute: int = 100
    app_token: bool = False


def known_channel(call: Call, right: str) -> Channel:
    """Give the channel that a call is about, when its kind's scope is held; `right` is read or history."""
    channel = call.room.space.seen_by_bot(call.needed("channel", "channel_not_found"))
    kinds = {"channel": "channels", "group": "groups", "im": "im"}
    scoped(call, f"{kinds[channel.kind]}:{right}")
    return channel


def scoped(call: Call, needed: str) -> None:
    """Check a scope; what is known of direct messages comes with im:write too. Raises `missing_scope`."""
    held = call.room.space.config.scopes
    if needed not in held and not (needed == "im:read" and "im:write" in held):
        raise SlackError("missing_scope", needed=needed, provided=",".join(sorted(held)))


TIER_1, TIER_2, TIER_3, TIER_4 = 20, 20, 50, 100
UNLIMITED = 600


def page(call: Call, rows: list[Any], *, default: int = 100) -> tuple[list[Any], str]:
    """Give a page and the cursor of the next, empty at the end. Raises `invalid_cursor`."""
    start = _start(call.text("cursor"))
    end = start + call.number("limit", default)
    following = base64.b64encode(f"next:{end}".encode()).decode() if end < len(rows) else ""
    return rows[start:end], following


def _start(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
    except ValueError as error:
        raise SlackError("invalid_cursor") from error
