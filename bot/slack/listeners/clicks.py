"""How a click comes to its step: acknowledged, read once, and answered where it was made."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from re import Pattern
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from bot.slack import payloads
from bot.slack.door import RECEIVED_AT, SlackDoor
from bot.slack.payloads import Click
from bot.slack.views.elements import Json
from handlers.rules import NO_GROUPS, Groups, Refusal
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Hand:
    """What a step is done with: the store, the time, and when Slack told us, the same whenever it is read.

    `groups` tells who is in the user groups that may approve, where that was asked for.
    """

    store: Store
    now: datetime
    received_at: datetime
    groups: Groups


def hand_of(store: Store, context: AsyncBoltContext, *, door: SlackDoor, groups: Groups = NO_GROUPS) -> Hand:
    """What a step is done with while a payload is read."""
    return Hand(store, door.now(), context[RECEIVED_AT], groups)


Act = Callable[[Click, Hand], Awaitable[object]]
"""A step after a click; what comes of it, or why not."""
Fill = Callable[[Click, Hand], Awaitable[Json | Refusal]]
"""What the window behind a click shows, or why it shows nothing."""


def on_clicks(
    app: AsyncApp, door: SlackDoor, acts: Mapping[str | Pattern[str], Act], *, grouped: bool = False
) -> None:
    """Tie each action to its step; `grouped` steps are told who is in the approving groups."""

    def tie(action: str | Pattern[str], act: Act) -> None:
        @app.action(action)
        async def clicked(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
            await ack()
            await take(payloads.click(body), act, context, door=door, grouped=grouped)

    for action, act in acts.items():
        tie(action, act)


def on_windows(app: AsyncApp, door: SlackDoor, fills: Mapping[str, Fill]) -> None:
    """Tie each action to the window that it opens."""

    def tie(action: str, fill: Fill) -> None:
        @app.action(action)
        async def clicked(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
            await ack()
            await show(payloads.click(body), fill, context, door=door)

    for action, fill in fills.items():
        tie(action, fill)


async def take(
    click: Click, act: Act, context: AsyncBoltContext, *, door: SlackDoor, grouped: bool = False
) -> None:
    """Take one step after a click, and tell the person when it was refused."""
    groups = await door.groups() if grouped else NO_GROUPS
    outcome = await door.read(
        context, lambda store: act(click, hand_of(store, context, door=door, groups=groups))
    )
    await door.answer(outcome, click.place)


async def show(click: Click, fill: Fill, context: AsyncBoltContext, *, door: SlackDoor) -> None:
    """Open the window behind a click."""

    async def filled() -> Json | Refusal | None:
        return await door.read(context, lambda store: fill(click, hand_of(store, context, door=door)))

    await door.window(click.trigger, filled, place=click.place)
