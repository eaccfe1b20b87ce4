"""Carries events and interactions to the app, and events again when they are not acknowledged."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from bot.sandbox import events
from bot.sandbox.faults import Fault
from bot.sandbox.wire import Json, Unanswered

if TYPE_CHECKING:
    from bot.sandbox.faults import Faults
    from bot.sandbox.tasks import Tasks
    from bot.sandbox.workspace import Channel, Workspace


class Kind(StrEnum):
    """The kinds of envelopes, as Socket Mode names them."""

    EVENT = "events_api"
    INTERACTIVE = "interactive"
    COMMAND = "slash_commands"
    OPTIONS = "block_suggestion"


@dataclass(frozen=True, slots=True)
class Parcel:
    """Something to deliver; `attempt` counts from 0, `reason` says why it comes again."""

    kind: Kind
    payload: Json
    attempt: int = 0
    reason: str = ""


class Transport(Protocol):
    """A way to the app: a socket or signed HTTP."""

    async def send(self, parcel: Parcel, *, timeout_seconds: float) -> Any:
        """Deliver and give the payload of the acknowledgement. Raises `Unanswered`."""


class Delivery:
    """Slack's outgoing side: which events the app gets, in which order, and how often."""

    def __init__(self, space: Workspace, transport: Transport, *, faults: Faults, tasks: Tasks) -> None:
        self._space = space
        self._transport = transport
        self._faults = faults
        self._tasks = tasks
        self._held: Json | None = None
        self.unacknowledged = 0

    def publish(self, event: Json, channel: Channel | None = None) -> None:
        """Send an event if the app subscribes to it and, for a channel's events, is a member there."""
        self._space.changes.tell()
        config = self._space.config
        if channel and config.bot_user not in channel.members:
            return
        if _subscription(event, channel) in config.events:
            self._send(events.callback(event, self._space))

    def _send(self, body: Json) -> None:
        mishap = self._faults.of_event(body["event"]["type"])
        fault = mishap.fault if mishap else None
        if fault is Fault.LOSE:
            return
        if fault is Fault.REORDER and self._held is None:
            self._held = body
            return
        for each in [
            body,
            *([body] if fault is Fault.DUPLICATE else []),
            *([self._held] if self._held else []),
        ]:
            self.unacknowledged += 1
            self._tasks.start(self._until_acknowledged(each))
        self._held = None

    async def _until_acknowledged(self, body: Json) -> None:
        reason = ""
        try:
            for attempt, delay in enumerate((0.0, *self._space.config.retry_delays)):
                await asyncio.sleep(delay)
                try:
                    await self._transport.send(
                        Parcel(Kind.EVENT, body, attempt, reason),
                        timeout_seconds=self._space.config.ack_seconds,
                    )
                except Unanswered as unanswered:
                    reason = unanswered.reason
                else:
                    return
        finally:
            self.unacknowledged -= 1
            self._space.changes.tell()

    async def ask(self, kind: Kind, payload: Json) -> Any:
        """Deliver an interaction, which is never repeated, and give the app's answer. Raises `Unanswered`."""
        timeout = self._space.config.ack_seconds
        try:
            return await self._transport.send(Parcel(kind, payload), timeout_seconds=timeout)
        finally:
            self._space.changes.tell()


def _subscription(event: Json, channel: Channel | None) -> str:
    if event["type"] != "message":
        return str(event["type"])
    kinds = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}
    return kinds[channel.kind if channel else "channel"]
