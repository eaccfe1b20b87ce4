"""Somebody writes in a department's channel and not in a thread, and takes up the hint they are given."""

import re
from typing import Any
from uuid import UUID

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot.slack import payloads, talk
from bot.slack.api.board import Picture
from bot.slack.beside import version_of
from bot.slack.door import SlackDoor
from bot.slack.listeners.clicks import Hand, on_clicks
from bot.slack.payloads import Place
from bot.slack.rooms import seats_in
from bot.slack.views import strays
from handlers.rules import Refusal
from handlers.talk.attach import attach, key_of
from handlers.talk.collect import Said, said_before
from handlers.talk.mark import mark
from storage.store import Store

Json = dict[str, Any]


def register(app: AsyncApp, door: SlackDoor) -> None:
    """Listen."""
    asked = strays.Asked()

    async def is_stray(body: Json) -> bool:
        return talk.stray(body) is not None

    @app.event("message", matchers=[is_stray])
    async def on_stray(body: Json) -> None:
        await _hint(talk.stray(body), asked, door)

    @app.action(re.compile(rf"{strays.ATTACH}:\d+"))
    async def on_attach(ack: AsyncAck, body: Json, context: AsyncBoltContext, respond: AsyncRespond) -> None:
        await ack()
        click = payloads.click(body)
        if await _attach(click, context, respond, door=door):
            asked.forget(click.by, click.channel)

    on_clicks(app, door, {strays.USE: _use})


async def _hint(stray: talk.Stray | None, asked: strays.Asked, door: SlackDoor) -> None:
    if stray is None or not (asked.ask(stray.by, stray.channel) or strays.names_one(stray.text)):
        return
    seats = await seats_in(stray.channel, database=door.database, board=door.board)
    async with door.database.begin() as store:
        rows = strays.offered(await strays.open_in(seats, store=store), text=stray.text) if seats else []
    if rows:
        await door.show(strays.hint(rows, ts=stray.ts), Place(stray.by, stray.channel))
    else:
        asked.forget(stray.by, stray.channel)


async def _attach(
    click: payloads.Click, context: AsyncBoltContext, respond: AsyncRespond, *, door: SlackDoor
) -> bool:
    """Whether the message stands in the thread now."""
    referral, _, ts = click.value.partition(" ")
    message = await door.board.message(click.channel, ts)
    spoken = talk.beside(click.channel, message, at=ts) if message else None
    if spoken is not None and spoken.author != click.by:
        spoken = None
    content = (await door.read_rich_text(spoken.body)).content if spoken else ()
    outcome: object = None
    async with door.reading(context) as store:
        if store is None:
            return False
        number = await _number(UUID(referral), store=store)
        if spoken is not None:
            key, version = key_of(click.channel, ts), version_of(spoken)
            said = Said(UUID(referral), key, version, click.by, content, spoken.body)
            outcome = await attach(said, store=store, now=door.now())
    if isinstance(outcome, Refusal):
        await door.answer(outcome, click.place)
        return False
    told = Picture(strays.done(number) if outcome else strays.gone(), ())
    await door.reply(respond, told, click.place, instead=True)
    return outcome is not None


async def _use(click: payloads.Click, hand: Hand) -> object:
    referral, _, message = click.value.partition(" ")
    reply = await hand.store.remarks.newest(UUID(referral), message)
    if reply is None:
        return None
    return await mark(said_before(reply), by=click.by, store=hand.store, now=hand.now)


async def _number(referral_id: UUID, *, store: Store) -> int:
    referral = await store.submissions.referral(referral_id)
    return (await store.submissions.by_id(referral.submission_id)).number
