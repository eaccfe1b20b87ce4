"""Somebody uses a card's buttons and menu, or sends in one of the forms behind it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from bot.slack import blocks, cards, ending_forms, payloads
from bot.slack.door import RECEIVED_AT, SlackDoor
from bot.slack.listeners.forms import answer
from handlers.discretion import veil, veiled_submission
from handlers.referral.attach_mail import attach_mail
from handlers.referral.decline import decline, reopen
from handlers.referral.hand_over import UNKNOWN, hand_over, place_again
from handlers.referral.hold import hold
from handlers.referral.judge_change import judge_change
from handlers.referral.split import split
from handlers.rules import Refusal
from handlers.talk.take_note import take_note
from storage.ending import Change
from storage.store import Store

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Opened:
    """A modal to open."""

    view: Json


Act = Callable[[payloads.Click, Store, datetime], Awaitable[object]]
Sent = Callable[[payloads.Form, Store, datetime], Awaitable[object]]


def register(app: AsyncApp, door: SlackDoor) -> None:
    """Listen."""
    _register_forms(app, door)

    def on_click(action: str, act: Act) -> None:
        @app.action(action)
        async def clicked(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
            await ack()
            click = payloads.click(body)
            outcome: object = None
            async with door.reading(context) as store:
                if store is not None:
                    outcome = await act(click, store, door.now())
            await told(click, outcome)

    @app.action(cards.DECLINE)
    async def on_decline(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        await ack()
        click, groups = payloads.click(body), await door.groups()
        outcome: object = None
        async with door.reading(context) as store:
            if store is not None:
                about, now = UUID(click.value), door.now()
                outcome = await decline(
                    about, by=click.by, clicked_at=context[RECEIVED_AT], groups=groups, store=store, now=now
                )
        await told(click, outcome)

    async def told(click: payloads.Click, outcome: object) -> None:
        """Open the form that came of a click, or say why not."""
        if isinstance(outcome, Refusal):
            await door.refuse(outcome, channel=click.channel, person=click.by, thread=click.thread)
        elif isinstance(outcome, Opened):
            await door.open(
                click.trigger, outcome.view, channel=click.channel, person=click.by, thread=click.thread
            )

    on_click(cards.NOTE, _take_note)
    on_click(cards.REOPEN, _reopen)
    on_click(cards.MORE, _open)
    on_click(blocks.PLACE_AGAIN, _place_again)


def _register_forms(app: AsyncApp, door: SlackDoor) -> None:
    def on_form(callback: str, act: Sent, *, beside: str) -> None:
        @app.view(callback)
        async def sent(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
            form = payloads.form(body)
            outcome: object = None
            async with door.reading(context) as store:
                if store is not None:
                    outcome = await act(form, store, door.now())
            await answer(ack, outcome, beside=beside)

    @app.view(ending_forms.CHANGE_FORM)
    async def on_change(ack: AsyncAck, body: Json, context: AsyncBoltContext) -> None:
        form, groups = payloads.form(body), await door.groups()
        verdict, what = Change(form.fields["verdict"]), form.fields["what"]
        outcome: object = None
        async with door.reading(context) as store:
            if store is not None:
                about, now = UUID(form.about), door.now()
                outcome = await judge_change(
                    about, verdict, what=what, by=form.by, groups=groups, store=store, now=now
                )
        await answer(ack, outcome, beside="what")

    on_form(ending_forms.ELSEWHERE_FORM, _elsewhere, beside="reason")
    on_form(ending_forms.SPLIT_FORM, _split, beside="other")


async def _take_note(click: payloads.Click, store: Store, now: datetime) -> object:
    return await take_note(UUID(click.value), key=click.trigger, by=click.by, store=store, now=now)


async def _reopen(click: payloads.Click, store: Store, now: datetime) -> object:
    return await reopen(UUID(click.value), by=click.by, store=store, now=now)


async def _place_again(click: payloads.Click, store: Store, now: datetime) -> object:
    return await place_again(UUID(click.value), click.chosen, by=click.by, store=store, now=now)


async def _open(click: payloads.Click, store: Store, now: datetime) -> object:
    """The form behind what was picked in the menu; the mail itself needs none."""
    act, _, referral = click.value.partition(":")
    if act == cards.MAIL:
        return await attach_mail(UUID(referral), by=click.by, store=store, now=now)
    held = await hold(UUID(referral), store=store)
    if act == cards.WHOLE:
        submission = await store.submissions.by_id(held.referral.submission_id)
        over = veil(await store.submissions.party(submission.party_id), held.hearing)
        return Opened(ending_forms.whole(veiled_submission(submission, over)))
    refusal = held.still_open or (held.unapproved if act == cards.ELSEWHERE else None)
    if refusal is not None:
        return refusal
    forms = {
        cards.CHANGE: ending_forms.change, cards.ELSEWHERE: ending_forms.elsewhere,
        cards.SPLIT: ending_forms.split,
    }  # fmt: skip
    return Opened(forms[act](held))


async def _elsewhere(form: payloads.Form, store: Store, now: datetime) -> object:
    to = UNKNOWN if form.fields["to"] == ending_forms.UNKNOWN else form.fields["to"]
    reason = form.fields["reason"]
    return await hand_over(UUID(form.about), to=to, reason=reason, by=form.by, store=store, now=now)


async def _split(form: payloads.Form, store: Store, now: datetime) -> object:
    this, other = form.fields.get("this", ""), form.fields["other"]
    return await split(UUID(form.about), this=this, other=other, by=form.by, store=store, now=now)
