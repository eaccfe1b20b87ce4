"""Somebody types `/hoering`."""

import re
from collections.abc import Collection
from typing import Any
from uuid import UUID

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot.slack import answers, payloads, wishes
from bot.slack.api.board import Picture
from bot.slack.door import SlackDoor
from bot.slack.listeners.clicks import Hand, hand_of
from bot.slack.payloads import Command
from bot.slack.rooms import hearings_in
from bot.slack.views import blocks, editing
from bot.slack.views.elements import Json
from handlers.notat.reorder import order_by_rule
from handlers.rules import Refusal, Why, may_coordinate
from storage.models import Hearing, Submission
from storage.store import Store
from templates import say

_LONGEST_NUMBER = 6
_SUMMARY = ("resume", "resumé")
_PARTY = "part"
_ORDER, _TEXT = ("rækkefølge", "raekkefoelge"), ("tekst", "tekster")
_BY_RULE = "regel"
_CHANGES = ("ændringer", "aendringer")
_FOR_ALL = {"status": answers.status, "mangler": answers.missing}
HELP = ("hjælp", "hjaelp", "help")


def register(app: AsyncApp, door: SlackDoor) -> None:
    """Listen."""

    @app.command(re.compile(r"/\w+"))
    async def on_command(
        ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext, respond: AsyncRespond
    ) -> None:
        await ack()
        command = payloads.command(body)
        if _opens_a_window(command):
            await _show(command, context, door=door)
        else:
            await _say(command, context, respond, door=door)


def _opens_a_window(command: Command) -> bool:
    first, second = (*command.words, "", "")[:2]
    return first in {*_SUMMARY, _PARTY, *_TEXT} or (first in _ORDER and second != _BY_RULE)


async def _show(command: Command, context: AsyncBoltContext, *, door: SlackDoor) -> None:
    async def filled() -> Json | Refusal | None:
        here = await hearings_in(command.channel, database=door.database, board=door.board)
        return await door.read(context, lambda store: _form(command, here, store=store))

    await door.window(command.trigger, filled, place=command.place)


async def _say(
    command: Command, context: AsyncBoltContext, respond: AsyncRespond, *, door: SlackDoor
) -> None:
    url = str((await door.board.us()).get("url", ""))
    here = await hearings_in(command.channel, database=door.database, board=door.board)
    answer = await door.read(
        context,
        lambda store: _answer(command, hand_of(store, context, door=door), here=here, door=door, url=url),
    )
    if answer is None:
        return
    told = blocks.reason(answer) if isinstance(answer, Refusal) else answer
    picture = told if isinstance(told, Picture) else Picture(told, ())
    await door.reply(respond, picture, command.place)


async def _answer(
    command: Command, hand: Hand, *, here: Collection[UUID], door: SlackDoor, url: str
) -> str | Picture | Refusal:
    """What is said to who typed it, or why not."""
    store, word = hand.store, command.words[0] if command.words else HELP[0]
    if word in HELP:
        return say("slack/answers.j2", "help")
    hearing = await answers.hearing_of(command, here=here, store=store)
    if isinstance(hearing, Refusal):
        return hearing
    if word in _FOR_ALL:
        return await _FOR_ALL[word](hearing, store=store)
    if word in _CHANGES:
        return await wishes.changes(command, hearing, store=store, now=hand.now)
    return await _answer_coordinator(command, hearing, hand, door=door, url=url)


async def _answer_coordinator(
    command: Command, hearing: Hearing, hand: Hand, *, door: SlackDoor, url: str
) -> str | Picture | Refusal:
    word = command.words[0]
    is_known = word in {"notat", *_ORDER}
    refusal = may_coordinate(command.by, hearing.coordinators) if is_known else Refusal(Why.UNKNOWN_COMMAND)
    if refusal is None and word == "notat":
        return await wishes.notat(command, hearing, store=hand.store, board=door.board, url=url)
    outcome = refusal or await order_by_rule(hearing.id, by=command.by, store=hand.store, now=hand.now)
    return outcome if isinstance(outcome, Refusal) else editing.words("order_by_rule")


async def _form(command: Command, here: Collection[UUID], *, store: Store) -> Json | Refusal:
    """The form in which a coordinator writes or arranges something, or why not."""
    hearing = await answers.hearing_of(command, here=here, store=store)
    if isinstance(hearing, Refusal):
        return hearing
    refusal = may_coordinate(command.by, hearing.coordinators)
    return refusal or await _form_of(command, hearing, store=store)


async def _form_of(command: Command, hearing: Hearing, *, store: Store) -> Json | Refusal:
    word, about = (*command.words, "")[:2]
    if word in _TEXT:
        return await editing.text_form(about, hearing, channel=command.channel, store=store)
    if word in _ORDER and not about.isdecimal():
        return await editing.order_form(hearing, store=store)
    submission = await _submission(about, hearing, store=store)
    if submission is None:
        return Refusal(Why.NO_SUCH_SUBMISSION)
    if word in _ORDER:
        return await editing.remarks_form(submission, hearing, store=store)
    if word == _PARTY:
        return await answers.party_form(submission, hearing, store=store)
    return await answers.summary_form(submission, hearing, channel=command.channel, store=store)


async def _submission(typed: str, hearing: Hearing, *, store: Store) -> Submission | None:
    """The one with this number in the journal."""
    is_one = typed.isdecimal() and len(typed) <= _LONGEST_NUMBER
    return await store.submissions.by_number(hearing.id, int(typed)) if is_one else None
