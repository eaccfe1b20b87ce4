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
    from bot.sandbox.outage import Outage
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

    def __init__(
        self, space: Workspace, transport: Transport, *, faults: Faults, outage: Outage, tasks: Tasks
    ) -> None:
        self._space = space
        self._transport = transport
        self._faults = faults
        self._outage = outage
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
        wait = mishap.seconds if mishap and fault is Fault.LATE else 0.0
        for each in [body] * (2 if fault is Fault.DUPLICATE else 1):
            self._start(each, wait)
        self.release()

    def release(self) -> None:
        """Send the event that was held back until another had gone before it, if there is one."""
        held, self._held = self._held, None
        if held:
            self._start(held, 0.0)

    def _start(self, body: Json, wait: float) -> None:
        self.unacknowledged += 1
        self._tasks.start(self._until_acknowledged(body, wait))

    async def _until_acknowledged(self, body: Json, wait: float) -> None:
        reason = ""
        try:
            for attempt, delay in enumerate((wait, *self._space.config.retry_delays)):
                await asyncio.sleep(delay)
                try:
                    await self._hand_over(Parcel(Kind.EVENT, body, attempt, reason))
                except Unanswered as unanswered:
                    reason = unanswered.reason
                else:
                    return
        finally:
            self.unacknowledged -= 1
            self._space.changes.tell()

    async def ask(self, kind: Kind, payload: Json) -> Any:
        """Deliver an interaction, which is never repeated, and give the app's answer. Raises `Unanswered`."""
        try:
            if self._faults.of_interaction(str(payload.get("type", kind))):
                raise Unanswered("timeout")
            return await self._hand_over(Parcel(kind, payload))
        finally:
            self._space.changes.tell()

    async def _hand_over(self, parcel: Parcel) -> Any:
        if self._outage.now:
            raise Unanswered("timeout")
        return await self._transport.send(parcel, timeout_seconds=self._space.config.ack_seconds)


def _subscription(event: Json, channel: Channel | None) -> str:
    if event["type"] != "message":
        return str(event["type"])
    kinds = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}
    return kinds[channel.kind if channel else "channel"]
