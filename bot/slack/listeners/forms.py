"""Somebody sends in a modal."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from bot.slack import blocks, payloads
from bot.slack.door import RECEIVED_AT, SlackDoor
from bot.slack.pictures import MODAL, written_in_a_form
from handlers.content import Content, digest
from handlers.rules import Refusal, Why
from handlers.talk.collect import Said, collect
from handlers.talk.mark import mark
from storage.store import Store
from templates import say


async def answer(ack: AsyncAck, outcome: object, *, beside: str = "body") -> None:
    """Close the form, or say in it, beside a field, why not."""
    if isinstance(outcome, Refusal):
        sentence = say("slack/refusals.j2", outcome.why, refusal=outcome)
        await ack(response_action="errors", errors={beside: sentence})
    else:
        await ack()


async def answer_text(ack: AsyncAck, content: Content, outcome: object) -> None:
    """The same for a form whose one text may say nothing, which is sent back to the person."""
    if content:
        await answer(ack, outcome)
    else:
        await ack(response_action="errors", errors={"body": blocks.words("nothing_written")})


def register(app: AsyncApp, door: SlackDoor) -> None:
    """Listen."""

    @app.view(blocks.REMARK_FORM)
    async def on_remark(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        form = payloads.form(body)
        content = (await door.read_rich_text(form.body)).content
        outcome: object = None
        async with door.reading(context) as store:
            if store is not None and content:
                said = _said(form, content, UUID(form.about), f"{MODAL}{form.view}", at=context[RECEIVED_AT])
                alone = form.fields.get("where") == blocks.NEW
                outcome = _whole(content) or await mark(
                    said, by=form.by, alone=alone, store=store, now=door.now()
                )
        await answer_text(ack, content, outcome)

    @app.view(blocks.EDIT_FORM)
    async def on_edit(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        form = payloads.form(body)
        content = (await door.read_rich_text(form.body)).content
        referral, message, opened = form.about.split()
        outcome: object = None
        async with door.reading(context) as store:
            if store is not None and content:
                said = _said(form, content, UUID(referral), message, at=context[RECEIVED_AT])
                outcome = _whole(content) or await _edit(said, opened=opened, store=store, now=door.now())
        await answer_text(ack, content, outcome)


async def _edit(said: Said, *, opened: str, store: Store, now: datetime) -> Refusal | None:
    """Take in the new text, unless the form was `opened` on another than the one that stands."""
    await store.remarks.hold(said.referral_id)
    part = await store.remarks.part(said.referral_id, said.message)
    facts = await store.remarks.by_id(part.remark_id) if part is not None else None
    stands = written_in_a_form(facts) if facts is not None else None
    if stands is None:
        return Refusal(Why.NOT_EDITABLE)
    if stands.digest not in {opened, digest(said.content)}:
        return Refusal(Why.NEWER_TEXT)
    await collect(said, store=store, now=now)
    return None


def _whole(content: Content) -> Refusal | None:
    """What a draft cannot show in full, nobody could approve with open eyes."""
    return None if blocks.is_shown_whole(content) else Refusal(Why.TEXT_TOO_LONG)


def _said(form: payloads.Form, content: Content, referral: UUID, message: str, *, at: datetime) -> Said:
    """Its version is when the form came in, so that an older one read late never beats a newer one."""
    version = at.astimezone(UTC).isoformat(timespec="microseconds")
    return Said(referral, message, version, form.by, content, form.body)
