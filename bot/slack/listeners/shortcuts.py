"""Somebody picks an act from a message's menu."""

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from bot.slack import payloads
from bot.slack.beside import said_by_copy
from bot.slack.door import SlackDoor
from bot.slack.listeners.clicks import Hand, hand_of
from handlers.rules import Refusal, Why
from handlers.talk.approve import approve_message
from handlers.talk.collect import Said
from handlers.talk.mark import mark
from storage.models import How
from storage.store import Store

USE, APPROVE = "use_as_remark", "approve_reply"
Act = Callable[[Said, str, Hand], Awaitable[object]]


def register(app: AsyncApp, door: SlackDoor) -> None:
    """Listen."""

    def tie(callback: str, act: Act) -> None:
        @app.shortcut({"type": "message_action", "callback_id": callback})
        async def picked(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
            await ack()
            await _take(payloads.shortcut(body), act, context, door)

    tie(USE, _use)
    tie(APPROVE, _approve)


async def _take(shortcut: payloads.Shortcut, act: Act, context: AsyncBoltContext, door: SlackDoor) -> None:
    said, groups = await door.said(shortcut.spoken), await door.groups()
    if shortcut.spoken is None:
        said = await said_by_copy(shortcut.channel, shortcut.ts, door=door)

    async def taken(store: Store) -> object:
        if said is None:
            is_ours = shortcut.spoken is None and shortcut.thread
            return Refusal(Why.NOBODYS_WORDS if is_ours else Why.NOT_IN_A_THREAD)
        return await act(said, shortcut.by, hand_of(store, context, door=door, groups=groups))

    await door.answer(await door.read(context, taken), shortcut.place)


async def _use(said: Said, by: str, hand: Hand) -> object:
    return await mark(said, by=by, store=hand.store, now=hand.now)


async def _approve(said: Said, by: str, hand: Hand) -> object:
    return await approve_message(
        said, by=by, how=How.SHORTCUT, clicked_at=hand.received_at, groups=hand.groups, store=hand.store,
        now=hand.now,
    )  # fmt: skip
