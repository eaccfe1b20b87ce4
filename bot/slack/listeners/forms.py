"""Somebody sends in a modal."""

from datetime import datetime
from typing import Any
from uuid import UUID

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from bot.slack import blocks, payloads
from bot.slack.door import RECEIVED_AT, SlackDoor
from handlers.content import Content
from handlers.rules import Refusal, Why
from handlers.talk.collect import MODAL, Said, version_in_a_form
from handlers.talk.mark import mark
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
                said = said_in(
                    form, content, UUID(form.about), f"{MODAL}{form.view}", at=context[RECEIVED_AT]
                )
                alone = form.fields.get("where") == blocks.NEW
                outcome = whole(content) or await mark(
                    said, by=form.by, alone=alone, store=store, now=door.now()
                )
        await answer_text(ack, content, outcome)


def whole(content: Content) -> Refusal | None:
    """Why not, when a draft cannot show the text in one message: nobody could approve it with open eyes."""
    return None if blocks.is_shown_whole(content) else Refusal(Why.TEXT_TOO_LONG)


def said_in(form: payloads.Form, content: Content, referral: UUID, message: str, *, at: datetime) -> Said:
    """What was written in a form, as something said in the thread.

    Its version is when the form came in, so that an older one read late never beats a newer one.
    """
    return Said(referral, message, version_in_a_form(at), form.by, content, form.body)
