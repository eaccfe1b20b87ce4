"""Somebody sends in a modal."""

from typing import Any
from uuid import UUID

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from bot.slack import blocks, payloads
from bot.slack.door import SlackDoor
from bot.slack.pictures import MODAL
from handlers.collect import Said, collect
from handlers.content import Content
from handlers.mark import mark


async def written(ack: AsyncAck, form: payloads.Form, *, door: SlackDoor) -> Content:
    """What the form's rich text says; one that says nothing is sent back to the person."""
    content = (await door.read_rich_text(form.body)).content
    if content:
        await ack()
    else:
        await ack(response_action="errors", errors={"body": blocks.words("nothing_written")})
    return content


def register(app: AsyncApp, door: SlackDoor) -> None:
    """Listen."""

    @app.view(blocks.REMARK_FORM)
    async def on_remark(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        form = payloads.form(body)
        content = await written(ack, form, door=door)
        async with door.reading(context) as store:
            if store is not None and content:
                said = _said(
                    form, content, referral=form.about, message=f"{MODAL}{form.view}", version=str(door.now())
                )
                await mark(said, by=form.by, store=store, now=door.now())

    @app.view(blocks.EDIT_FORM)
    async def on_edit(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        form = payloads.form(body)
        content = await written(ack, form, door=door)
        referral, _, message = form.about.partition(" ")
        async with door.reading(context) as store:
            if store is not None and content:
                said = _said(form, content, referral=referral, message=message, version=str(door.now()))
                await collect(said, store=store, now=door.now())


def _said(form: payloads.Form, content: Content, *, referral: str, message: str, version: str) -> Said:
    return Said(UUID(referral), message, version, form.by, content, form.body)
