"""Somebody writes, edits or deletes a message in a thread, or one that has a copy there."""

from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext

from bot.slack import talk
from bot.slack.beside import said_beside
from bot.slack.door import SlackDoor
from bot.slack.listeners.handing_back import take_back
from handlers.talk.collect import collect

Json = dict[str, Any]


def register(app: AsyncApp, door: SlackDoor) -> None:
    """Listen."""

    @app.event("message")
    async def on_message(event: Json, body: Json, context: AsyncBoltContext) -> None:
        said = await door.said(talk.spoken(event)) or await said_beside(talk.rewritten(body), door=door)
        handed = talk.handed_in(event) if said is None else None
        if handed is not None and await take_back(handed, context, door=door):
            return
        async with door.reading(context) as store:
            if store is not None and said is not None:
                await collect(said, store=store, now=door.now())
