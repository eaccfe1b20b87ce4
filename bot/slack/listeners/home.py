"""Somebody opens the home tab, or clicks a button in it."""

from typing import Any
from uuid import UUID

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from bot.slack import answers, home_view, payloads
from bot.slack.door import SlackDoor
from bot.slack.pace import Pace
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
        view = home_view.reading(home_view.phrase("missing_title"), told)
        await door.open(click.trigger, view, channel=click.channel, person=click.by)

    @app.action(home_view.NOTAT)
    async def on_notat(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        await ack()
        click = payloads.click(body)
        async with door.reading(context) as store:
            if store is None:
                return
            outcome = await _compile(click, key=payloads.key_of(body), store=store, reads=door.board.reads)
        title, told = home_view.phrase("notat_title"), outcome
        if isinstance(outcome, Refusal):
            title = home_view.phrase("refused_title")
            told = say("slack/refusals.j2", outcome.why, refusal=outcome)
        view = home_view.reading(title, str(told))
        await door.open(click.trigger, view, channel=click.channel, person=click.by)


async def _compile(click: payloads.Click, *, key: str, store: Store, reads: Pace) -> str | Refusal:
    hearing = await store.hearings.by_id(UUID(click.value))
    refusal = may_coordinate(click.by, hearing.coordinators)
    if refusal is not None:
        return refusal
    store.owe([acts.compile_notat(hearing.id, by=click.by, key=key)])
    return await answers.notat_coming(hearing, store=store, reads=reads)
