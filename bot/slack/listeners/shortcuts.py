"""Somebody picks an act from a message's menu."""

from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from bot.slack import payloads
from bot.slack.door import RECEIVED_AT, SlackDoor
from handlers.rules import Refusal, Why
from handlers.talk.approve import approve_message
from handlers.talk.mark import mark
from storage.models import How

USE, APPROVE = "use_as_remark", "approve_reply"


def register(app: AsyncApp, door: SlackDoor) -> None:
    """Listen."""

    @app.shortcut({"type": "message_action", "callback_id": USE})
    async def on_use(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        await ack()
        await _act(payloads.shortcut(body), context, approving=False)

    @app.shortcut({"type": "message_action", "callback_id": APPROVE})
    async def on_approve(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        await ack()
        await _act(payloads.shortcut(body), context, approving=True)

    async def _act(shortcut: payloads.Shortcut, context: AsyncBoltContext, *, approving: bool) -> None:
        said, groups = await door.said(shortcut.spoken), await door.groups()
        outcome: object = None
        async with door.reading(context) as store:
            if store is None:
                return
            if said is None:
                outcome = Refusal(Why.NOT_IN_A_THREAD)
            elif approving:
                outcome = await approve_message(
                    said, by=shortcut.by, how=How.SHORTCUT, clicked_at=context[RECEIVED_AT], groups=groups,
                    store=store, now=door.now(),
                )  # fmt: skip
            else:
                outcome = await mark(said, by=shortcut.by, store=store, now=door.now())
        if isinstance(outcome, Refusal):
            thread = shortcut.spoken.thread if shortcut.spoken else None
            await door.refuse(outcome, channel=shortcut.channel, person=shortcut.by, thread=thread)
