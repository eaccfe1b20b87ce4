"""The service as a process of its own that kills itself, as kill -9 does, at the point that it is told."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import bot.app
from bot.settings import settings
from bot.slack.api.board import Board
from bot.slack.posts.posting import Posting
from handlers.intake.receive import Reception
from storage.inbox import Arrival
from storage.models import Door
from tests.world import open_hearing


def _die(*_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _after(owner: type[Any], name: str, *, when: Callable[..., bool] = lambda *_: True) -> None:
    """Die when this method has done its work, before anybody hears of it."""
    whole: Callable[..., Awaitable[Any]] = getattr(owner, name)

    async def deadly(self: Any, *args: Any, **kwargs: Any) -> Any:
        outcome = await whole(self, *args, **kwargs)
        if when(*args):
            _die()
        return outcome

    setattr(owner, name, deadly)


def _is_mail(arrival: Arrival) -> bool:
    return arrival.door == Door.SMTP


def _is_reaction(arrival: Arrival) -> bool:
    return b'"reaction_added"' in arrival.raw


POINTS: dict[str, Callable[[], None]] = {
    "never": lambda: None,
    "kept, before 250": lambda: _after(Reception, "receive", when=_is_mail),
    "read, before posting": lambda: setattr(Posting, "drain", _die),
    "posted, before noting": lambda: _after(Board, "post"),
    "shared, before noting": lambda: _after(Board, "share"),
    "approval kept, before ack": lambda: _after(Reception, "receive", when=_is_reaction),
}


async def _serve() -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with bot.app.service(settings()) as running:
        await open_hearing(running.database)
        print(json.dumps([running.smtp, running.http]), flush=True)  # noqa: T201  to the test
        await stop.wait()


if __name__ == "__main__":
    POINTS[sys.argv[1]]()
    asyncio.run(_serve())
