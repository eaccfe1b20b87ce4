"""A coordinator sends in a form about the order or the texts of a notat."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from slack_bolt.app.async_app import AsyncApp

from bot.slack.door import SlackDoor
from bot.slack.listeners.clicks import Hand
from bot.slack.listeners.forms import Written, Wrong, on_checked_form, on_form, on_slow_form
from bot.slack.payloads import Form, Place
from bot.slack.views import blocks, editing
from bot.slack.views.elements import Json
from handlers.notat.reorder import move_submission, order_remarks
from handlers.notat.retitle import retitle
from handlers.notat.rewrite import rewrite
from handlers.rules import Refusal, may_coordinate
from storage.store import Store
from storage.words import TextName

_LONGEST_NUMBER = 6


def register(app: AsyncApp, door: SlackDoor) -> None:
    """Listen."""
    on_slow_form(app, door, blocks.ORDER_FORM, _move)
    on_form(app, door, blocks.REMARKS_FORM, _arrange)
    on_checked_form(app, door, blocks.TEXT_FORM, _rewrite, check=_unwritable, where=_asked_in)


async def _move(form: Form, hand: Hand) -> Json:
    """Move one submission; the form as it stands after that for the next move, or with why not."""
    hearing_id, typed = UUID(form.about), editing.Move.of(form.fields)
    outcome = await move_submission(
        hearing_id, _number(typed.number), to=_number(typed.to), by=form.by, store=hand.store,
        now=hand.received_at,
    )  # fmt: skip
    refused = (outcome, typed) if isinstance(outcome, Refusal) else None
    return await editing.order_form(
        await hand.store.hearings.by_id(hearing_id), refused=refused, store=hand.store
    )


async def _arrange(form: Form, hand: Hand) -> Wrong:
    """Take in places and headings that were changed; or why not, by the field that says so."""
    hearing_id, number = form.about.split()
    about, places = UUID(hearing_id), dict(_moved(form.fields))
    read = await hand.store.edits.of_hearing(about)
    if places:
        outcome = await order_remarks(
            about, int(number), places, by=form.by, store=hand.store, now=hand.received_at
        )
        if isinstance(outcome, Refusal):
            return {next(iter(form.fields)): outcome}
    for field, heading in form.fields.items():
        kind, _, remark_id = field.partition(" ")
        if kind != editing.HEADING or heading.strip() == read.headings.get(UUID(remark_id), ""):
            continue
        titled = await retitle(UUID(remark_id), heading, by=form.by, store=hand.store, now=hand.received_at)
        if isinstance(titled, Refusal):
            return {field: titled}
    return {}


async def _unwritable(form: Form, _written: Written, store: Store) -> Wrong:
    hearing = await store.hearings.by_id(UUID(form.about.split(" ", 2)[0]))
    refusal = may_coordinate(form.by, hearing.coordinators)
    return {"body": refusal} if refusal else {}


async def _rewrite(form: Form, written: Written, hand: Hand) -> str | Refusal:
    """The sentence that says that it is kept, or why not."""
    hearing, name, _channel = form.about.split(" ", 2)
    outcome = await rewrite(
        UUID(hearing), TextName(name), written["body"], by=form.by, store=hand.store, now=hand.received_at
    )
    return outcome if isinstance(outcome, Refusal) else editing.words("text_saved", name=name)


async def _asked_in(form: Form, _store: Store) -> Place:
    """The channel in which the form was asked for."""
    return Place(form.by, form.about.split(" ", 2)[2])


def _moved(fields: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """The new place of each remark that was moved; others may have moved the rest since."""
    for field, value in fields.items():
        kind, _, rest = field.partition(" ")
        if kind == editing.PLACE:
            opened, _, remark_id = rest.partition(" ")
            if value != opened:
                yield remark_id, int(value)


def _number(typed: str) -> int:
    """A number somebody typed; 0, which nothing has, when it is none."""
    bare = typed.strip().removesuffix(".")
    return int(bare) if bare.isdecimal() and len(bare) <= _LONGEST_NUMBER else 0
