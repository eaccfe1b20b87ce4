"""Somebody clicks a button that opens a modal."""

from typing import Any
from uuid import UUID

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from bot.slack import blocks, payloads
from bot.slack.door import SlackDoor
from bot.slack.pictures import written_in_a_form
from handlers.content import Content, load
from handlers.rules import Refusal, Why
from handlers.talk.mark import unapproved
from storage.store import Store

Json = dict[str, Any]


def register(app: AsyncApp, door: SlackDoor) -> None:
    """Listen."""

    @app.action(blocks.WRITE)
    async def on_write(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        await ack()
        click = payloads.click(body)
        async with door.reading(context) as store:
            if store is None:
                return
            begun = await unapproved(UUID(click.value), store=store)
        await door.board.open(click.trigger, _new(click.value, begun=begun is not None))

    @app.action(blocks.EDIT)
    async def on_edit(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        await ack()
        click = payloads.click(body)
        async with door.reading(context) as store:
            if store is None:
                return
            form = await _edit(UUID(click.value), store=store)
        if isinstance(form, Refusal):
            await door.refuse(form, channel=click.channel, person=click.by, thread=click.thread)
        else:
            await door.board.open(click.trigger, form)


def _new(referral: str, *, begun: bool) -> Json:
    """A form for a new text; where a remark is `begun`, it asks whether the text goes on with it."""
    ways = {
        blocks.JOIN: blocks.words("remark_modal_join"),
        blocks.NEW: blocks.words("remark_modal_new"),
    }
    where = [blocks.radio_field("where", blocks.words("remark_modal_where"), ways)] if begun else []
    return _form(blocks.REMARK_FORM, *where, about=referral)


async def _edit(remark_id: UUID, *, store: Store) -> Json | Refusal:
    """The form with what stands in it; a button may be older than what the remark has grown to."""
    facts = await store.remarks.by_id(remark_id)
    reply = written_in_a_form(facts) if facts is not None else None
    if reply is None:
        return Refusal(Why.NOT_EDITABLE)
    about = f"{reply.referral_id} {reply.message} {reply.digest}"
    return _form(blocks.EDIT_FORM, about=about, content=load(reply.content))


def _form(callback: str, *more: Json, about: str, content: Content = ()) -> Json:
    label, hint = blocks.words("remark_modal_label"), blocks.words("remark_modal_hint")
    field = blocks.rich_field(label, hint=hint, content=content)
    return blocks.modal(callback, blocks.words("remark_modal_title"), [field, *more], about=about)
