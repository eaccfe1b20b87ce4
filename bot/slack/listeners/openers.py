"""Somebody clicks a button that opens a modal."""

from typing import Any
from uuid import UUID

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from bot.slack import blocks, payloads
from bot.slack.door import SlackDoor
from handlers.talk.mark import unapproved

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
        view = _new(click.value, begun=begun is not None)
        await door.open(click.trigger, view, channel=click.channel, person=click.by, thread=click.thread)


def _new(referral: str, *, begun: bool) -> Json:
    """A form for a new text; where a remark is `begun`, it asks whether the text goes on with it."""
    ways = {
        blocks.JOIN: blocks.words("remark_modal_join"),
        blocks.NEW: blocks.words("remark_modal_new"),
    }
    where = [blocks.radio_field("where", blocks.words("remark_modal_where"), ways)] if begun else []
    label, hint = blocks.words("remark_modal_label"), blocks.words("remark_modal_hint")
    fields = [blocks.rich_field(label, hint=hint), *where]
    return blocks.modal(blocks.REMARK_FORM, blocks.words("remark_modal_title"), fields, about=referral)
