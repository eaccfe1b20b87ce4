"""A coordinator clicks a verdict, or somebody wants to see what was cut from a later mail."""

import re
from uuid import UUID

from slack_bolt.app.async_app import AsyncApp

from bot.slack import doubts
from bot.slack.door import SlackDoor
from bot.slack.listeners.clicks import Hand, on_clicks, on_windows
from bot.slack.payloads import Click
from bot.slack.views import questions
from bot.slack.views.elements import Json
from handlers.doubt.decide import decide


def register(app: AsyncApp, door: SlackDoor) -> None:
    """Listen."""
    on_clicks(app, door, {re.compile(rf"{questions.DECIDE}:.+"): _decide})
    on_windows(app, door, {questions.REST: _rest})


async def _decide(click: Click, hand: Hand) -> object:
    question, _, verdict = click.value.partition(":")
    return await decide(UUID(question), verdict, by=click.by, store=hand.store, now=hand.now)


async def _rest(click: Click, hand: Hand) -> Json:
    return questions.rest_view(await doubts.rest_of(UUID(click.value), store=hand.store))
