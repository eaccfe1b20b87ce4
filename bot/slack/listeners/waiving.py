"""A coordinator goes to what keeps a notat from being final, or lets it pass."""

from typing import Any
from uuid import UUID

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from bot.slack import answers, payloads, unfinished
from bot.slack.door import SlackDoor
from bot.slack.listeners.forms import answer
from handlers.notat.waive import waive
from handlers.rules import Refusal, may_coordinate
from storage.store import Store
from storage.version import Waiver

Json = dict[str, Any]


def register(app: AsyncApp, door: SlackDoor) -> None:
    """Listen."""

    @app.action(unfinished.GO)
    async def on_go(ack: AsyncAck, context: AsyncBoltContext) -> None:
        await ack()
        async with door.reading(context):
            pass

    def on_click(action: str) -> None:
        @app.action(action)
        async def clicked(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
            await ack()
            click = payloads.click(body)
            view: Json | Refusal | None = None
            async with door.reading(context) as store:
                if store is not None:
                    view = await _form(action, click, store=store)
            if isinstance(view, Refusal):
                await door.refuse(view, channel=click.channel, person=click.by)
            elif view is not None:
                await door.open(click.trigger, view, channel=click.channel, person=click.by)

    for action in (unfinished.SUMMARY, unfinished.PARTY, unfinished.WAIVE):
        on_click(action)

    @app.view(unfinished.WAIVE_FORM)
    async def on_reason(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        form = payloads.form(body)
        hearing, _, key = form.about.partition(" ")
        outcome: Waiver | Refusal | None = None
        async with door.reading(context) as store:
            if store is not None:
                reason, now = form.fields.get("reason", ""), door.now()
                outcome = await waive(UUID(hearing), key, reason=reason, by=form.by, store=store, now=now)
        await _tell(ack, outcome)


async def _tell(ack: AsyncAck, outcome: Waiver | Refusal | None) -> None:
    """Say in the form's place that it is written down, or why not."""
    if isinstance(outcome, Waiver):
        await ack(response_action="update", view=unfinished.done())
    else:
        await answer(ack, outcome, beside="reason")


async def _form(action: str, click: payloads.Click, *, store: Store) -> Json | Refusal:
    about, _, key = click.value.partition(" ")
    if action == unfinished.WAIVE:
        hearing = await store.hearings.by_id(UUID(about))
        return may_coordinate(click.by, hearing.coordinators) or unfinished.waive_form(about, key)
    submission = await store.submissions.by_id(UUID(about))
    hearing = await store.hearings.by_id(submission.hearing_id)
    refusal = may_coordinate(click.by, hearing.coordinators)
    if refusal is not None:
        return refusal
    if action == unfinished.SUMMARY:
        return await answers.summary_form(submission, hearing, channel=click.channel, store=store)
    return await answers.party_form(submission, hearing, store=store)
