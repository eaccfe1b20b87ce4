"""Somebody writes, edits or deletes a message in a thread."""

from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext

from bot.slack import payloads
from bot.slack.door import SlackDoor
from handlers.talk.collect import collect


def register(app: AsyncApp, door: SlackDoor) -> None:
    """Listen."""

    @app.event("message")
    async def on_message(event: dict[str, Any], context: AsyncBoltContext) -> None:
        said = await door.said(payloads.spoken(event))
        async with door.reading(context) as store:
            if store is not None and said is not None:
                await collect(said, store=store, now=door.now())
