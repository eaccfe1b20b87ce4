"""Somebody clicks a button in a card, a draft or a question."""

from typing import Any
from uuid import UUID

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from bot.slack import blocks, payloads
from bot.slack.door import RECEIVED_AT, SlackDoor
from handlers.referral.place import place
from handlers.rules import Refusal
from handlers.talk.approve import approve
from handlers.talk.withdraw import withdraw
from storage.models import How


def register(app: AsyncApp, door: SlackDoor) -> None:
    """Listen."""

    @app.action(blocks.APPROVE)
    async def on_approve(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        await ack()
        click = payloads.click(body)
        remark_id, _, shown = click.value.partition(":")
        groups = await door.groups()
        outcome: object = None
        async with door.reading(context) as store:
            if store is not None:
                outcome = await approve(
                    UUID(remark_id), by=click.by, how=How.BUTTON, shown=shown,
                    clicked_at=context[RECEIVED_AT], groups=groups, store=store, now=door.now(),
                )  # fmt: skip
        await _told(click, outcome)

    @app.action(blocks.WITHDRAW)
    async def on_withdraw(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        await ack()
        click = payloads.click(body)
        groups = await door.groups()
        outcome: object = None
        async with door.reading(context) as store:
            if store is not None:
                outcome = await withdraw(
                    UUID(click.value), by=click.by, groups=groups, store=store, now=door.now()
                )
        await _told(click, outcome)

    @app.action(blocks.PLACE)
    async def on_place(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        await ack()
        click = payloads.click(body)
        outcome: object = None
        async with door.reading(context) as store:
            if store is not None:
                outcome = await place(
                    UUID(click.value), click.chosen, by=click.by, store=store, now=door.now()
                )
        await _told(click, outcome)

    async def _told(click: payloads.Click, outcome: object) -> None:
        if isinstance(outcome, Refusal):
            await door.refuse(outcome, channel=click.channel, person=click.by, thread=click.thread)
