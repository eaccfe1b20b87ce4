"""Somebody writes a remark in a form, or corrects one: its texts, their order, or what is part of it."""

from uuid import UUID

from slack_bolt.app.async_app import AsyncApp

from bot.slack.door import SlackDoor
from bot.slack.listeners.clicks import Hand, on_windows
from bot.slack.listeners.forms import Written, Wrong, on_checked_form
from bot.slack.payloads import Click, Form, Place
from bot.slack.views import blocks, correcting
from bot.slack.views.elements import Json
from handlers.rules import Refusal, Why
from handlers.talk.collect import MODAL, Said, version_in_a_form
from handlers.talk.correct import correct, unfit, wrong
from handlers.talk.mark import mark, unapproved, unmarkable
from storage.store import Store

_BODY = "body"


def register(app: AsyncApp, door: SlackDoor) -> None:
    """Listen."""
    on_windows(app, door, {blocks.WRITE: _write, blocks.EDIT: _edit})
    on_checked_form(app, door, blocks.REMARK_FORM, _mark, check=_unmarkable, where=_thread_of_referral)
    on_checked_form(app, door, blocks.EDIT_FORM, _correct, check=_wrong, where=_thread_of_remark)


async def _write(click: Click, hand: Hand) -> Json:
    """A form for a new text; where a remark is begun, it asks whether the text goes on with it."""
    begun = await unapproved(UUID(click.value), store=hand.store)
    ways = {
        blocks.JOIN: blocks.words("remark_modal_join"),
        blocks.NEW: blocks.words("remark_modal_new"),
    }
    where = [blocks.radio_field("where", blocks.words("remark_modal_where"), ways)] if begun else []
    label, hint = blocks.words("remark_modal_label"), blocks.words("remark_modal_hint")
    fields = [blocks.rich_field(label, hint=hint), *where]
    return blocks.modal(blocks.REMARK_FORM, blocks.words("remark_modal_title"), fields, about=click.value)


async def _unmarkable(form: Form, written: Written, store: Store) -> Wrong:
    refusal = unfit(written[_BODY]) or await unmarkable(UUID(form.about), alone=_alone(form), store=store)
    return {_BODY: refusal} if refusal else {}


async def _mark(form: Form, written: Written, hand: Hand) -> object:
    said = Said(
        UUID(form.about), f"{MODAL}{form.view}", version_in_a_form(hand.received_at), form.by,
        written[_BODY], form.body,
    )  # fmt: skip
    return await mark(said, by=form.by, alone=_alone(form), store=hand.store, now=hand.now)


def _alone(form: Form) -> bool:
    return form.fields.get("where") == blocks.NEW


async def _edit(click: Click, hand: Hand) -> Json | Refusal:
    facts = await hand.store.remarks.by_id(UUID(click.value))
    is_there = facts is not None and facts.parts
    return correcting.correction(facts) if facts and is_there else Refusal(Why.NOT_EDITABLE)


async def _wrong(form: Form, written: Written, store: Store) -> Wrong:
    facts = await store.remarks.by_id(UUID(form.about))
    found = wrong(facts, correcting.texts(form, written), correcting.places(form)) if facts else {}
    return {correcting.field_of(form, message): refusal for message, refusal in found.items()}


async def _correct(form: Form, written: Written, hand: Hand) -> object:
    return await correct(
        UUID(form.about), correcting.texts(form, written), correcting.places(form), by=form.by,
        at=hand.received_at, store=hand.store, now=hand.now,
    )  # fmt: skip


async def _thread_of_remark(form: Form, store: Store) -> Place:
    facts = await store.remarks.by_id(UUID(form.about))
    return await thread_of(facts.remark.referral_id if facts else None, form.by, store=store)


async def _thread_of_referral(form: Form, store: Store) -> Place:
    return await thread_of(UUID(form.about), form.by, store=store)


async def thread_of(referral_id: UUID | None, person: str, *, store: Store) -> Place:
    """The thread under a card, where somebody who acted on it is told what came of that."""
    card = await store.posts.card(referral_id) if referral_id is not None else None
    return Place(person, card.channel, card.ts) if card is not None and card.ts else Place(person, "")
