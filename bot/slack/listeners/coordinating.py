"""A coordinator sends in a modal."""

from datetime import datetime
from typing import Any
from uuid import UUID

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from bot.slack import blocks, payloads
from bot.slack.door import RECEIVED_AT, SlackDoor
from bot.slack.listeners.forms import answer, answer_text
from handlers.content import Content, clean
from handlers.hearing.identify import Identity, identify
from handlers.rules import Refusal, Why
from handlers.talk.summarise import summarise
from storage.store import Store
from storage.words import PartyKind


def register(app: AsyncApp, door: SlackDoor) -> None:
    """Listen."""

    @app.view(blocks.SUMMARY_FORM)
    async def on_summary(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        form = payloads.form(body)
        content = (await door.read_rich_text(form.body)).content
        submission, _, channel = form.about.partition(" ")
        outcome: str | Refusal | None = None
        async with door.reading(context) as store:
            if store is not None and content:
                outcome = await _save(
                    UUID(submission), content, by=form.by, store=store, at=context[RECEIVED_AT]
                )
        await answer_text(ack, content, outcome)
        if isinstance(outcome, str):
            await door.whisper(outcome, channel=channel, person=form.by)

    @app.view(blocks.PARTY_FORM)
    async def on_party(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        form = payloads.form(body)
        identity = Identity(
            PartyKind(form.fields["kind"]), form.fields["list_name"], form.fields.get("heading_name", ""),
            form.fields.get("street", ""),
        )  # fmt: skip
        outcome: object = None
        async with door.reading(context) as store:
            if store is not None:
                outcome = _named(identity) or await identify(
                    UUID(form.about), identity, by=form.by, store=store, now=door.now()
                )
        await answer(ack, outcome, beside="list_name")


async def _save(
    submission_id: UUID, content: Content, *, by: str, store: Store, at: datetime
) -> str | Refusal:
    """Keep the summary; the sentence that says so, or why not."""
    summary = await summarise(submission_id, content, by=by, store=store, now=at)
    if isinstance(summary, Refusal):
        return summary
    number = (await store.submissions.by_id(submission_id)).number
    return blocks.words("summary_saved", number=number)


def _named(identity: Identity) -> Refusal | None:
    """A private person is never printed by name, so that none need be written."""
    is_named = identity.kind == PartyKind.BORGER or clean(identity.list_name).strip()
    return None if is_named else Refusal(Why.NO_NAME)
