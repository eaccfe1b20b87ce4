"""Somebody uses a card's buttons and menu, or sends in one of the forms behind it."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from bot.slack import payloads
from bot.slack.door import SlackDoor
from bot.slack.listeners.clicks import Hand, on_clicks, show, take
from bot.slack.listeners.forms import Written, Wrong, on_checked_form, on_form
from bot.slack.listeners.writing import thread_of
from bot.slack.payloads import Click, Form, Place
from bot.slack.views import blocks, cards, ending_forms
from bot.slack.views.elements import Json
from handlers.discretion import veil, veiled_submission
from handlers.referral.attach_mail import attach_mail
from handlers.referral.decline import decline, reopen
from handlers.referral.hand_over import UNKNOWN, hand_over, place_again
from handlers.referral.hold import Held, hold
from handlers.referral.judge_change import judge_change, unjudgeable
from handlers.referral.split import split
from handlers.rules import Refusal
from handlers.talk.take_note import take_note
from storage.ending import Change
from storage.store import Store


def register(app: AsyncApp, door: SlackDoor) -> None:
    """Listen."""
    on_clicks(app, door, {cards.DECLINE: _decline}, grouped=True)
    on_clicks(app, door, {cards.NOTE: _take_note, cards.REOPEN: _reopen, blocks.PLACE_AGAIN: _place_again})
    on_form(app, door, ending_forms.ELSEWHERE_FORM, _elsewhere, beside="reason")
    on_form(app, door, ending_forms.SPLIT_FORM, _split, beside="other")
    on_checked_form(
        app, door, ending_forms.CHANGE_FORM, _judge, check=_unjudgeable, where=_thread, grouped=True
    )

    @app.action(cards.MORE)
    async def on_more(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        await ack()
        click = payloads.click(body)
        if click.value.startswith(f"{cards.MAIL}:"):
            await take(click, _attach_mail, context, door=door)
        else:
            await show(click, _open, context, door=door)


async def _decline(click: Click, hand: Hand) -> object:
    about = UUID(click.value)
    return await decline(
        about, by=click.by, clicked_at=hand.received_at, groups=hand.groups, store=hand.store, now=hand.now
    )


async def _take_note(click: Click, hand: Hand) -> object:
    about = UUID(click.value)
    return await take_note(about, key=click.trigger, by=click.by, store=hand.store, now=hand.now)


async def _reopen(click: Click, hand: Hand) -> object:
    return await reopen(UUID(click.value), by=click.by, store=hand.store, now=hand.now)


async def _place_again(click: Click, hand: Hand) -> object:
    return await place_again(UUID(click.value), click.chosen, by=click.by, store=hand.store, now=hand.now)


async def _attach_mail(click: Click, hand: Hand) -> object:
    about = UUID(click.value.partition(":")[2])
    return await attach_mail(about, by=click.by, store=hand.store, now=hand.now)


async def _open(click: Click, hand: Hand) -> Json | Refusal:
    """What was picked in the menu."""
    picked, _, referral = click.value.partition(":")
    return await _PICKED[picked](await hold(UUID(referral), store=hand.store), hand.store)


async def _whole(held: Held, store: Store) -> Json:
    submission = await store.submissions.by_id(held.referral.submission_id)
    over = veil(await store.submissions.party(submission.party_id), held.hearing)
    return ending_forms.whole(veiled_submission(submission, over))


async def _change_form(held: Held, _store: Store) -> Json | Refusal:
    return held.still_open or ending_forms.change(held)


async def _elsewhere_form(held: Held, _store: Store) -> Json | Refusal:
    return held.still_open or held.unapproved or ending_forms.elsewhere(held)


async def _split_form(held: Held, _store: Store) -> Json | Refusal:
    return held.still_open or ending_forms.split(held)


_PICKED: dict[str, Callable[[Held, Store], Awaitable[Json | Refusal]]] = {
    cards.WHOLE: _whole, cards.CHANGE: _change_form, cards.ELSEWHERE: _elsewhere_form,
    cards.SPLIT: _split_form,
}  # fmt: skip


async def _elsewhere(form: Form, hand: Hand) -> object:
    to = UNKNOWN if form.fields["to"] == ending_forms.UNKNOWN else form.fields["to"]
    reason, about = form.fields["reason"], UUID(form.about)
    return await hand_over(about, to=to, reason=reason, by=form.by, store=hand.store, now=hand.now)


async def _split(form: Form, hand: Hand) -> object:
    this, other, about = form.fields.get("this", ""), form.fields["other"], UUID(form.about)
    return await split(about, this=this, other=other, by=form.by, store=hand.store, now=hand.now)


async def _unjudgeable(form: Form, _written: Written, store: Store) -> Wrong:
    held, verdict = await hold(UUID(form.about), store=store), Change(form.fields["verdict"])
    refusal = unjudgeable(held, verdict, what=form.fields["what"])
    return {"what": refusal} if refusal else {}


async def _judge(form: Form, _written: Written, hand: Hand) -> object:
    verdict, what = Change(form.fields["verdict"]), form.fields["what"]
    return await judge_change(
        UUID(form.about), verdict, what=what, by=form.by, groups=hand.groups, store=hand.store, now=hand.now
    )


async def _thread(form: Form, store: Store) -> Place:
    return await thread_of(UUID(form.about), form.by, store=store)
