"""A coordinator goes to what keeps a notat from being final, or lets it pass."""

from uuid import UUID

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from bot.slack import answers
from bot.slack.door import SlackDoor
from bot.slack.listeners.clicks import Hand, on_windows
from bot.slack.listeners.forms import on_slow_form
from bot.slack.payloads import Click, Form
from bot.slack.views import editing, unfinished
from bot.slack.views.elements import Json
from handlers.notat.waive import unexplained, waive
from handlers.rules import Refusal, may_coordinate


def register(app: AsyncApp, door: SlackDoor) -> None:
    """Listen."""

    @app.action(unfinished.GO)
    async def on_go(ack: AsyncAck, context: AsyncBoltContext) -> None:
        await ack()
        async with door.reading(context):
            pass

    on_windows(
        app, door,
        {
            unfinished.SUMMARY: _summary, unfinished.PARTY: _party, unfinished.TEXT: _text,
            unfinished.WAIVE: _reason,
        },
    )  # fmt: skip
    on_slow_form(app, door, unfinished.WAIVE_FORM, _waive, wrong=_wrong)


def _wrong(form: Form) -> dict[str, Refusal]:
    refusal = unexplained(form.fields.get("reason", ""))
    return {"reason": refusal} if refusal else {}


async def _waive(form: Form, hand: Hand) -> Json | Refusal:
    """That it is written down, or why not."""
    hearing, _, key = form.about.partition(" ")
    reason = form.fields.get("reason", "")
    outcome = await waive(UUID(hearing), key, reason=reason, by=form.by, store=hand.store, now=hand.now)
    return outcome if isinstance(outcome, Refusal) else unfinished.done()


async def _reason(click: Click, hand: Hand) -> Json | Refusal:
    about, _, key = click.value.partition(" ")
    hearing = await hand.store.hearings.by_id(UUID(about))
    return may_coordinate(click.by, hearing.coordinators) or unfinished.waive_form(about, key)


async def _text(click: Click, hand: Hand) -> Json | Refusal:
    about, _, name = click.value.partition(" ")
    hearing = await hand.store.hearings.by_id(UUID(about))
    refusal = may_coordinate(click.by, hearing.coordinators)
    return refusal or await editing.text_form(name, hearing, channel=click.channel, store=hand.store)


async def _summary(click: Click, hand: Hand) -> Json | Refusal:
    submission = await hand.store.submissions.by_id(UUID(click.value))
    hearing = await hand.store.hearings.by_id(submission.hearing_id)
    refusal = may_coordinate(click.by, hearing.coordinators)
    return refusal or await answers.summary_form(submission, hearing, channel=click.channel, store=hand.store)


async def _party(click: Click, hand: Hand) -> Json | Refusal:
    submission = await hand.store.submissions.by_id(UUID(click.value))
    hearing = await hand.store.hearings.by_id(submission.hearing_id)
    refusal = may_coordinate(click.by, hearing.coordinators)
    return refusal or await answers.party_form(submission, hearing, store=hand.store)
