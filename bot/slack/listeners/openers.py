"""Somebody clicks a button that opens a modal."""

from typing import Any
from uuid import UUID

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from bot.slack import blocks, payloads
from bot.slack.door import SlackDoor
from handlers.content import Content
from handlers.progress import standing


def register(app: AsyncApp, door: SlackDoor) -> None:
    """Listen."""

    @app.action(blocks.WRITE)
    async def on_write(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        await ack()
        click = payloads.click(body)
        async with door.reading(context) as store:
            if store is None:
                return
        await door.board.open(click.trigger, _form(blocks.REMARK_FORM, about=click.value))

    @app.action(blocks.EDIT)
    async def on_edit(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        await ack()
        click = payloads.click(body)
        async with door.reading(context) as store:
            facts = await store.remarks.by_id(UUID(click.value)) if store is not None else None
        if facts is not None:
            about = f"{facts.remark.referral_id} {facts.parts[0].message}"
            content = standing(facts).content
            await door.board.open(click.trigger, _form(blocks.EDIT_FORM, about=about, content=content))


def _form(callback: str, *, about: str, content: Content = ()) -> dict[str, Any]:
    label, hint = blocks.words("remark_modal_label"), blocks.words("remark_modal_hint")
    field = blocks.rich_field(label, hint=hint, content=content)
    return blocks.modal(callback, blocks.words("remark_modal_title"), [field], about=about)
