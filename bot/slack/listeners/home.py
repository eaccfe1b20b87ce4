"""Somebody opens the home tab, or clicks a button in it."""

from functools import partial
from typing import Any
from uuid import UUID

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from bot.slack import answers, payloads
from bot.slack.api.pace import Pace
from bot.slack.door import SlackDoor
from bot.slack.listeners.clicks import Hand, on_windows
from bot.slack.payloads import Click
from bot.slack.views import home_view, windows
from bot.slack.views.elements import Json
from handlers import acts
from handlers.rules import Refusal, may_coordinate
from storage.words import Stage


def register(app: AsyncApp, door: SlackDoor) -> None:
    """Listen."""

    @app.event("app_home_opened")
    async def on_home(event: dict[str, Any], context: AsyncBoltContext) -> None:
        async with door.reading(context) as store:
            if store is None or event.get("tab") != "home":
                return
        await door.homes.opened(str(event["user"]))

    @app.action(home_view.REFRESH)
    async def on_refresh(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        await ack()
        async with door.reading(context):
            pass
        await door.homes.opened(payloads.click(body).by)

    notat = partial(_notat, reads=door.board.reads)
    final = partial(_notat, reads=door.board.reads, stage=Stage.FINAL)
    on_windows(app, door, {home_view.MISSING: _missing, home_view.NOTAT: notat, home_view.FINAL: final})


async def _missing(click: Click, hand: Hand) -> Json:
    hearing = await hand.store.hearings.by_id(UUID(click.value))
    told = await answers.missing(hearing, store=hand.store)
    return windows.reading(home_view.phrase("missing_title"), told)


async def _notat(click: Click, hand: Hand, *, reads: Pace, stage: Stage | None = None) -> Json | Refusal:
    hearing = await hand.store.hearings.by_id(UUID(click.value))
    refusal = may_coordinate(click.by, hearing.coordinators)
    if refusal is not None:
        return refusal
    hand.store.owe([acts.compile_notat(hearing.id, by=click.by, key=click.trigger, stage=stage)])
    told = await answers.notat_coming(hearing, store=hand.store, reads=reads)
    if stage == Stage.FINAL:
        told = f"{told} {home_view.phrase('or_the_list')}"
    return windows.reading(home_view.phrase("notat_title"), told)
