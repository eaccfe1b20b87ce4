"""How a form comes to its step, and is acknowledged within Slack's three seconds whatever that takes.

Before the acknowledgement stands only what decides it: what is wrong with the form, told beside a field.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from bot.slack import payloads
from bot.slack.api.board import Picture
from bot.slack.door import SlackDoor
from bot.slack.listeners.clicks import Hand, hand_of
from bot.slack.payloads import Form, Place
from bot.slack.views import blocks, elements
from bot.slack.views.elements import Json
from handlers.content import Content
from handlers.rules import NO_GROUPS, Refusal
from storage.store import Store

Wrong = Mapping[str, Refusal]
"""Why a form is not taken, by the field that it is told beside; empty when it is."""
Written = Mapping[str, Content]
"""The rich texts of a form by their fields."""
Act = Callable[[Form, Hand], Awaitable[object]]
Check = Callable[[Form, Written, Store], Awaitable[Wrong]]
Take = Callable[[Form, Written, Hand], Awaitable[object]]
Fill = Callable[[Form, Hand], Awaitable[Json | Refusal]]
Where = Callable[[Form, Store], Awaitable[Place]]
"""Where somebody is told what came of a form that is closed."""


def on_form(app: AsyncApp, door: SlackDoor, callback: str, act: Act, *, beside: str = "") -> None:
    """Tie a form to a step that is quick: what it gives decides what is acknowledged.

    It gives a refusal, told `beside` a field, or refusals by their fields; all else is a yes.
    """

    @app.view(callback)
    async def sent(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        form = payloads.form(body)
        outcome = await door.read(context, lambda store: act(form, hand_of(store, context, door=door)))
        wrong = outcome if isinstance(outcome, dict) else {}
        await _acknowledge(ack, {beside: outcome} if isinstance(outcome, Refusal) else wrong)


def on_checked_form(
    app: AsyncApp, door: SlackDoor, callback: str, take: Take, *, check: Check, where: Where,
    grouped: bool = False,
) -> None:  # fmt: skip
    """Tie a form to a step for which Slack is asked: whom a text mentions, who may approve (`grouped`).

    The form is checked and closed first. Whoever is refused after all gets their words back.
    """

    @app.view(callback)
    async def sent(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        form = payloads.form(body)
        glimpsed = {field: door.glimpse(text) for field, text in form.texts.items()}
        async with door.database.begin() as store:
            wrong = {} if door.is_replayed(context) else await check(form, glimpsed, store)
        await _acknowledge(ack, wrong)
        if wrong:
            async with door.reading(context):
                return
        written = {field: (await door.read_rich_text(text)).content for field, text in form.texts.items()}
        groups = await door.groups() if grouped else NO_GROUPS
        outcome = await door.read(
            context, lambda store: take(form, written, hand_of(store, context, door=door, groups=groups))
        )
        await _tell(outcome, form, door=door, where=where)


def on_slow_form(
    app: AsyncApp, door: SlackDoor, callback: str, fill: Fill, *,
    wrong: Callable[[Form], Wrong] = lambda _form: {},
) -> None:  # fmt: skip
    """Tie a form to a step that reads a whole hearing: what comes of it is shown in the form's place."""

    @app.view(callback)
    async def sent(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        form = payloads.form(body)
        found = {} if door.is_replayed(context) else wrong(form)
        if found:
            await _acknowledge(ack, found)
            async with door.reading(context):
                return

        async def filled() -> Json | Refusal | None:
            return await door.read(context, lambda store: fill(form, hand_of(store, context, door=door)))

        await door.instead(ack, form.view, filled, place=Place(form.by, ""))


async def _acknowledge(ack: AsyncAck, wrong: Wrong) -> None:
    """Close the form, or say in it what is wrong."""
    if wrong:
        errors = {field: blocks.reason(refusal) for field, refusal in wrong.items()}
        await ack(response_action="errors", errors=errors)
    else:
        await ack()


async def _tell(outcome: object, form: Form, *, door: SlackDoor, where: Where) -> None:
    if not isinstance(outcome, Refusal | str):
        return
    async with door.database.begin() as store:
        place = await where(form, store)
    if isinstance(outcome, str):
        await door.whisper(outcome, place)
        return
    told = blocks.reason(outcome)
    words = [block for text in form.texts.values() for block in text.get("blocks", ())]
    await door.show(Picture(told, [*elements.marked(told), *words] if words else ()), place)
