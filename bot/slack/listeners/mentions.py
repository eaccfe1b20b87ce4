"""Somebody mentions the bot: in a thread it says how things stand there, elsewhere what it can do."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext

from bot.slack import answers, payloads
from bot.slack.api.board import Picture
from bot.slack.door import SlackDoor
from bot.slack.posts import pictures
from bot.slack.rooms import hearings_in
from bot.slack.views import elements
from handlers.rules import Refusal
from storage.models import PostKind
from storage.store import Store
from storage.talk import SlackPost
from templates import say


def register(app: AsyncApp, door: SlackDoor) -> None:
    """Listen."""

    @app.event("app_mention")
    async def on_mention(event: dict[str, Any], context: AsyncBoltContext) -> None:
        mention = payloads.mention(event)
        ours = await door.ours(mention.channel, mention.thread) if mention.thread else None
        here = await hearings_in(mention.channel, database=door.database, board=door.board)
        async with door.reading(context) as store:
            if store is None:
                return
            if ours is not None and ours.kind == PostKind.CARD:
                told = await _standing(ours, store=store, door=door)
            else:
                told = await _help(mention, here, store=store)
        await door.show(told, mention.place)


async def _standing(card: SlackPost, *, store: Store, door: SlackDoor) -> Picture:
    """The card itself, as it is now: how far things are, with its buttons."""
    return (await pictures.drawn(card, store=store, now=door.now())).picture


async def _help(mention: payloads.Mention, here: Collection[UUID], *, store: Store) -> Picture:
    asked = payloads.Command(mention.by, mention.channel, words=(), trigger="", key="")
    hearing = await answers.hearing_of(asked, here=here, store=store)
    told = [say("slack/answers.j2", "help")]
    if not isinstance(hearing, Refusal):
        told.insert(0, await answers.status(hearing, store=store))
    return Picture(told[-1], [block for each in told for block in elements.marked(each)])
