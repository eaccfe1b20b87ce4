"""A coordinator sends in a form about the order or the texts of a notat."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from bot.slack import blocks, editing, payloads
from bot.slack.door import RECEIVED_AT, SlackDoor
from bot.slack.listeners.forms import answer
from handlers.notat.reorder import move_submission, order_remarks
from handlers.notat.retitle import retitle
from handlers.notat.rewrite import rewrite
from handlers.rules import Refusal
from storage.store import Store
from storage.words import TextName

Json = dict[str, Any]
_LONGEST_NUMBER = 6


def register(app: AsyncApp, door: SlackDoor) -> None:
    """Listen."""

    @app.view(blocks.ORDER_FORM)
    async def on_order(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        form = payloads.form(body)
        outcome: Json | Refusal | None = None
        async with door.reading(context) as store:
            if store is not None:
                outcome = await _move(form, store=store, at=context[RECEIVED_AT])
        if isinstance(outcome, dict):
            await ack(response_action="update", view=outcome)
        else:
            await answer(ack, outcome, beside=editing.PLACE)

    @app.view(blocks.REMARKS_FORM)
    async def on_remarks(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        form = payloads.form(body)
        refusal, beside = None, ""
        async with door.reading(context) as store:
            if store is not None:
                refusal, beside = await _arrange(form, store=store, at=context[RECEIVED_AT])
        await answer(ack, refusal, beside=beside)

    @app.view(blocks.TEXT_FORM)
    async def on_text(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        form = payloads.form(body)
        content = (await door.read_rich_text(form.body)).content
        hearing, name, channel = form.about.split(" ", 2)
        outcome: object = None
        async with door.reading(context) as store:
            if store is not None:
                at = context[RECEIVED_AT]
                outcome = await rewrite(
                    UUID(hearing), TextName(name), content, by=form.by, store=store, now=at
                )
        await answer(ack, outcome)
        if outcome is not None and not isinstance(outcome, Refusal):
            await door.whisper(editing.words("text_saved", name=name), channel=channel, person=form.by)


async def _move(form: payloads.Form, *, store: Store, at: datetime) -> Json | Refusal:
    """Move one submission; the form as it stands after that, for the next move."""
    hearing_id = UUID(form.about)
    number, to = (_number(form.fields.get(name, "")) for name in (editing.NUMBER, editing.PLACE))
    outcome = await move_submission(hearing_id, number, to=to, by=form.by, store=store, now=at)
    if isinstance(outcome, Refusal):
        return outcome
    return await editing.order_form(await store.hearings.by_id(hearing_id), store=store)


async def _arrange(form: payloads.Form, *, store: Store, at: datetime) -> tuple[Refusal | None, str]:
    """Take in places and headings that were changed; or why not, and beside which field to say so."""
    hearing_id, number = form.about.split()
    places = dict(_moved(form.fields))
    read = await store.edits.of_hearing(UUID(hearing_id))
    first = next(iter(form.fields), "")
    if places:
        outcome = await order_remarks(UUID(hearing_id), int(number), places, by=form.by, store=store, now=at)
        if isinstance(outcome, Refusal):
            return outcome, first
    for field, heading in form.fields.items():
        kind, _, remark_id = field.partition(" ")
        if kind != editing.HEADING or heading.strip() == read.headings.get(UUID(remark_id), ""):
            continue
        written = await retitle(UUID(remark_id), heading, by=form.by, store=store, now=at)
        if isinstance(written, Refusal):
            return written, field
    return None, first


def _moved(fields: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """The new place of each remark that was moved; others may have moved the rest since."""
    for field, value in fields.items():
        kind, _, rest = field.partition(" ")
        if kind == editing.PLACE:
            opened, _, remark_id = rest.partition(" ")
            if value != opened:
                yield remark_id, int(value)


def _number(typed: str) -> int:
    """A number somebody typed; 0, which nothing has, when it is none."""
    bare = typed.strip().removesuffix(".")
    return int(bare) if bare.isdecimal() and len(bare) <= _LONGEST_NUMBER else 0
