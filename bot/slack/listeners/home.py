"""Somebody opens the home tab, or clicks a button in it."""

from typing import Any
from uuid import UUID

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from bot.slack import answers, blocks, home_view, payloads
from bot.slack.door import SlackDoor
from handlers import acts
from handlers.rules import Refusal, may_coordinate
from storage.store import Store
from templates import say

Json = dict[str, Any]


def register(app: AsyncApp, door: SlackDoor) -> None:
    """Listen."""

    @app.event("app_home_opened")
    async def on_home(event: Json, context: AsyncBoltContext) -> None:
        async with door.reading(context) as store:
            if store is None or event.get("tab") != "home":
                return
        await door.homes.opened(str(event["user"]))

    @app.action(home_view.REFRESH)
    async def on_refresh(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        await ack()
        async with door.reading(context):
            pass
        await door.homes.opened(payloads.click(body).by)

    @app.action(home_view.MISSING)
    async def on_missing(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        await ack()
        click = payloads.click(body)
        async with door.reading(context) as store:
            if store is None:
                return
            told = await answers.missing(await store.hearings.by_id(UUID(click.value)), store=store)
        await door.board.open(click.trigger, home_view.reading(home_view.phrase("missing_title"), told))

    @app.action(home_view.NOTAT)
    async def on_notat(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        await ack()
        click = payloads.click(body)
        async with door.reading(context) as store:
            if store is None:
                return
            refusal = await _compile(click, key=payloads.key_of(body), store=store)
        if refusal is None:
            view = home_view.reading(home_view.phrase("notat_title"), blocks.words("notat_coming"))
        else:
            told = say("slack/refusals.j2", refusal.why, refusal=refusal)
            view = home_view.reading(home_view.phrase("refused_title"), told)
        await door.board.open(click.trigger, view)


async def _compile(click: payloads.Click, *, key: str, store: Store) -> Refusal | None:
    hearing = await store.hearings.by_id(UUID(click.value))
    refusal = may_coordinate(click.by, hearing.coordinators)
    if refusal is None:
        store.owe([acts.compile_notat(hearing.id, by=click.by, key=key)])
    return refusal
