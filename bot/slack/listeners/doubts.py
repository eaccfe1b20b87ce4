"""A coordinator clicks a verdict, or somebody wants to see what was cut from a later mail."""

import re
from typing import Any
from uuid import UUID

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from bot.slack import doubts, payloads, questions
from bot.slack.door import SlackDoor
from handlers.doubt.decide import decide
from handlers.rules import Refusal


def register(app: AsyncApp, door: SlackDoor) -> None:
    """Listen."""

    @app.action(re.compile(rf"{questions.DECIDE}:.+"))
    async def on_decide(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        await ack()
        click = payloads.click(body)
        question, _, verdict = click.value.partition(":")
        outcome: object = None
        async with door.reading(context) as store:
            if store is not None:
                outcome = await decide(UUID(question), verdict, by=click.by, store=store, now=door.now())
        if isinstance(outcome, Refusal):
            await door.refuse(outcome, channel=click.channel, person=click.by, thread=click.thread)

    @app.action(questions.REST)
    async def on_rest(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        await ack()
        click = payloads.click(body)
        async with door.reading(context) as store:
            if store is None:
                return
            rest = await doubts.rest_of(UUID(click.value), store=store)
        await door.open(
            click.trigger,
            questions.rest_view(rest),
            channel=click.channel,
            person=click.by,
            thread=click.thread,
        )
