"""A coordinator sends in a modal."""

from typing import Any
from uuid import UUID

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from bot.slack import blocks, payloads
from bot.slack.door import SlackDoor
from bot.slack.listeners.forms import written
from handlers.identify import Identity, identify
from handlers.summarise import summarise
from storage.words import PartyKind


def register(app: AsyncApp, door: SlackDoor) -> None:
    """Listen."""

    @app.view(blocks.SUMMARY_FORM)
    async def on_summary(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        form = payloads.form(body)
        content = await written(ack, form, door=door)
        async with door.reading(context) as store:
            if store is not None and content:
                await summarise(UUID(form.about), content, by=form.by, store=store, now=door.now())

    @app.view(blocks.PARTY_FORM)
    async def on_party(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        await ack()
        form = payloads.form(body)
        identity = Identity(
            PartyKind(form.fields["kind"]), form.fields["list_name"], form.fields.get("heading_name", ""),
            form.fields.get("street", ""),
        )  # fmt: skip
        async with door.reading(context) as store:
            if store is not None:
                await identify(UUID(form.about), identity, by=form.by, store=store, now=door.now())
