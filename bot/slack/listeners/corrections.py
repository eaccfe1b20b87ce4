"""Somebody corrects a remark: its texts, the order of its parts, or what is part of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from bot.slack import blocks, correcting, payloads
from bot.slack.door import RECEIVED_AT, SlackDoor
from bot.slack.listeners.forms import said_in, whole
from handlers.content import Content, digest
from handlers.rules import Refusal, Why
from handlers.talk.arrange import arrange
from handlers.talk.collect import collect
from storage.remarks import RemarkFacts
from storage.store import Store
from templates import say

Json = dict[str, Any]
Written = Sequence[tuple[correcting.Text, Content]]


def register(app: AsyncApp, door: SlackDoor) -> None:
    """Listen."""

    @app.action(blocks.EDIT)
    async def on_edit(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        await ack()
        click = payloads.click(body)
        async with door.reading(context) as store:
            if store is None:
                return
            facts = await store.remarks.by_id(UUID(click.value))
        if facts is None or not facts.parts:
            refusal = Refusal(Why.NOT_EDITABLE)
            await door.refuse(refusal, channel=click.channel, person=click.by, thread=click.thread)
        else:
            await door.open(
                click.trigger,
                correcting.correction(facts),
                channel=click.channel,
                person=click.by,
                thread=click.thread,
            )

    @app.view(blocks.EDIT_FORM)
    async def on_correction(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        form = payloads.form(body)
        written = [(text, (await door.read_rich_text(text.body)).content) for text in correcting.texts(form)]
        errors: dict[str, str] = {}
        async with door.reading(context) as store:
            if store is not None:
                at = context[RECEIVED_AT]
                errors = await _correct(form, written, at=at, store=store, now=door.now())
        if errors:
            await ack(response_action="errors", errors=errors)
        else:
            await ack()


async def _correct(
    form: payloads.Form, written: Written, *, at: datetime, store: Store, now: datetime
) -> dict[str, str]:
    """Take in all of the form or, with what is wrong by field, nothing of it."""
    facts = await store.remarks.by_id(UUID(form.about))
    if facts is None:
        return {}
    await store.remarks.hold(facts.remark.referral_id)
    facts = await store.remarks.by_id(UUID(form.about)) or facts
    places, stood = correcting.places(form), {part.message: part.digest for part in facts.parts}
    staying = [(text, content) for text, content in written if places.get(text.message) != 0]
    errors = {text.field: error for text, content in staying if (error := _wrong(text, content, facts))}
    if errors:
        return errors
    for text, content in staying:
        said = said_in(form, content, facts.remark.referral_id, text.message, at=at)
        if digest(content) not in {text.opened, stood.get(text.message)}:
            await collect(said, store=store, now=now)
    await arrange(facts.remark.id, places, by=form.by, store=store, now=now)
    return {}


def _wrong(text: correcting.Text, content: Content, facts: RemarkFacts) -> str:
    """Why a text cannot be taken in; empty when it can."""
    if not content:
        return blocks.words("nothing_written")
    refusal = _stale(text, content, facts) or whole(content)
    return say("slack/refusals.j2", refusal.why, refusal=refusal) if refusal else ""


def _stale(text: correcting.Text, content: Content, facts: RemarkFacts) -> Refusal | None:
    """A text that nobody touched in the form may be older than the one that stands, which then stays."""
    stands = next((part for part in facts.parts if part.message == text.message and not part.deleted), None)
    if stands is None:
        return Refusal(Why.NOT_EDITABLE)
    is_new = digest(content) not in {text.opened, stands.digest}
    return Refusal(Why.NEWER_TEXT) if is_new and stands.digest != text.opened else None
