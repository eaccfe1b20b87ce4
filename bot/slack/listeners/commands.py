"""Somebody types `/hoering`."""

import re
from math import ceil
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot.slack import answers, blocks, payloads
from bot.slack.door import SlackDoor
from bot.slack.pace import Pace
from handlers import acts
from handlers.rules import Refusal, Why, may_coordinate
from storage.models import Hearing
from storage.store import Store
from templates import say

_LONGEST_NUMBER = 6
_SUMMARY = ("resume", "resumé")
HELP = ("hjælp", "hjaelp", "help")


def register(app: AsyncApp, door: SlackDoor) -> None:
    """Listen."""

    @app.command(re.compile(r"/\w+"))
    async def on_command(
        ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext, respond: AsyncRespond
    ) -> None:
        await ack()
        command = payloads.command(body)
        view: dict[str, Any] | None = None
        async with door.reading(context) as store:
            if store is None:
                return
            answer = await _answer(command, store=store, reads=door.board.reads)
        if isinstance(answer, dict):
            view, answer = answer, ""
        if view is not None:
            await door.board.open(command.trigger, view)
        elif isinstance(answer, Refusal):
            await respond(say("slack/refusals.j2", answer.why, refusal=answer))
        else:
            await respond(str(answer))


async def _answer(command: payloads.Command, *, store: Store, reads: Pace) -> str | dict[str, Any] | Refusal:
    """The answer, a modal to open, or why not."""
    word = command.words[0] if command.words else HELP[0]
    if word in HELP:
        return say("slack/answers.j2", "help")
    hearing = await answers.hearing_of(command, store=store)
    if isinstance(hearing, Refusal):
        return hearing
    if word == "status":
        return await answers.status(hearing, store=store)
    if word == "mangler":
        return await answers.missing(hearing, store=store)
    if word in {"notat", "part", *_SUMMARY}:
        return may_coordinate(command.by, hearing.coordinators) or await _coordinate(
            command, hearing, store=store, reads=reads
        )
    return Refusal(Why.UNKNOWN_COMMAND)


async def _coordinate(
    command: payloads.Command, hearing: Hearing, *, store: Store, reads: Pace
) -> str | dict[str, Any] | Refusal:
    if command.words[0] == "notat":
        store.owe([acts.compile_notat(hearing.id, by=command.by, key=command.key)])
        threads = await store.threads.at_risk(hearing.id)
        return blocks.words("notat_coming", threads=threads, minutes=ceil(reads.takes(threads) / 60))
    number = command.words[1] if len(command.words) > 1 else ""
    is_one = number.isdecimal() and len(number) <= _LONGEST_NUMBER
    submission = await store.submissions.by_number(hearing.id, int(number)) if is_one else None
    if submission is None:
        return Refusal(Why.NO_SUCH_SUBMISSION)
    if command.words[0] in _SUMMARY:
        return await answers.summary_form(submission, hearing, channel=command.channel, store=store)
    return await answers.party_form(submission, hearing, store=store)
