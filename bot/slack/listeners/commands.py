"""Somebody types `/hoering`."""

import re
from datetime import datetime
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot.slack import answers, editing, payloads, wishes
from bot.slack.board import Board, Picture
from bot.slack.door import SlackDoor
from handlers.notat.reorder import order_by_rule
from handlers.rules import Refusal, Why, may_coordinate
from storage.models import Hearing, Submission
from storage.store import Store
from templates import say

_LONGEST_NUMBER = 6
_SUMMARY = ("resume", "resumé")
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
        url = str((await door.board.us()).get("url", ""))
        async with door.reading(context) as store:
            if store is None:
                return
            answer = await _answer(command, store=store, board=door.board, url=url, now=door.now())
        if isinstance(answer, dict):
            await door.open(command.trigger, answer, channel=command.channel, person=command.by)
        elif isinstance(answer, Refusal):
            await respond(say("slack/refusals.j2", answer.why, refusal=answer))
        elif isinstance(answer, Picture):
            await respond(answer.text, blocks=list(answer.blocks))
        else:
            await respond(answer)


async def _answer(
    command: payloads.Command, *, store: Store, board: Board, url: str, now: datetime
) -> str | Picture | dict[str, Any] | Refusal:
    """The answer, a modal to open, or why not."""
    word = command.words[0] if command.words else HELP[0]
    if word in HELP:
        return say("slack/answers.j2", "help")
    hearing = await answers.hearing_of(command, store=store)
    if isinstance(hearing, Refusal):
        return hearing
    if word in _FOR_ALL:
        return await _FOR_ALL[word](hearing, store=store)
    if word in _CHANGES:
        return await wishes.changes(command, hearing, store=store, now=now)
    known = word in {"notat", "part", *_SUMMARY, *_ORDER, *_TEXT}
    refusal = may_coordinate(command.by, hearing.coordinators) if known else Refusal(Why.UNKNOWN_COMMAND)
    if refusal is None and word == "notat":
        return await wishes.notat(command, hearing, store=store, board=board, url=url)
    return refusal or await _coordinate(command, hearing, store=store, now=now)


async def _coordinate(
    command: payloads.Command, hearing: Hearing, *, store: Store, now: datetime
) -> str | dict[str, Any] | Refusal:
    if command.words[0] in (*_ORDER, *_TEXT):
        return await _edit(command, hearing, store=store, now=now)
    submission = await _submission(command, hearing, store=store)
    if submission is None:
        return Refusal(Why.NO_SUCH_SUBMISSION)
    if command.words[0] in _SUMMARY:
        return await answers.summary_form(submission, hearing, channel=command.channel, store=store)
    return await answers.party_form(submission, hearing, store=store)


async def _submission(command: payloads.Command, hearing: Hearing, *, store: Store) -> Submission | None:
    """The one whose number in the journal follows the command."""
    number = command.words[1] if len(command.words) > 1 else ""
    is_one = number.isdecimal() and len(number) <= _LONGEST_NUMBER
    return await store.submissions.by_number(hearing.id, int(number)) if is_one else None


async def _edit(
    command: payloads.Command, hearing: Hearing, *, store: Store, now: datetime
) -> str | dict[str, Any] | Refusal:
    """The form in which the notat is put in order or one of its texts is written."""
    word = command.words[1] if len(command.words) > 1 else ""
    if command.words[0] in _TEXT:
        return await editing.text_form(word, hearing, channel=command.channel, store=store)
    if word == _BY_RULE:
        outcome = await order_by_rule(hearing.id, by=command.by, store=store, now=now)
        return outcome if isinstance(outcome, Refusal) else editing.words("order_by_rule")
    if not word.isdecimal():
        return await editing.order_form(hearing, store=store)
    submission = await _submission(command, hearing, store=store)
    if submission is None:
        return Refusal(Why.NO_SUCH_SUBMISSION)
    return await editing.remarks_form(submission, hearing, store=store)
