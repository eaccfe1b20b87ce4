"""Somebody clicks a button in a card, a draft or a question."""

from uuid import UUID

from slack_bolt.app.async_app import AsyncApp

from bot.slack.door import SlackDoor
from bot.slack.listeners.clicks import Hand, on_clicks
from bot.slack.payloads import Click
from bot.slack.views import blocks
from handlers.referral.place import place
from handlers.talk.approve import approve
from handlers.talk.withdraw import withdraw
from storage.models import How


def register(app: AsyncApp, door: SlackDoor) -> None:
    """Listen."""
    on_clicks(app, door, {blocks.APPROVE: _approve, blocks.WITHDRAW: _withdraw}, grouped=True)
    on_clicks(app, door, {blocks.PLACE: _place})


async def _approve(click: Click, hand: Hand) -> object:
    remark_id, _, shown = click.value.partition(":")
    return await approve(
        UUID(remark_id), by=click.by, how=How.BUTTON, shown=shown, clicked_at=hand.received_at,
        groups=hand.groups, store=hand.store, now=hand.now,
    )  # fmt: skip


async def _withdraw(click: Click, hand: Hand) -> object:
    approval = UUID(click.value)
    return await withdraw(approval, by=click.by, groups=hand.groups, store=hand.store, now=hand.now)


async def _place(click: Click, hand: Hand) -> object:
    return await place(UUID(click.value), click.chosen, by=click.by, store=hand.store, now=hand.now)
