"""Somebody puts a ✅ on a message, or takes it away."""

from typing import Any
from uuid import UUID

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext

from bot.slack import payloads, talk
from bot.slack.door import SlackDoor
from bot.slack.payloads import Place
from bot.slack.views.blocks import words
from bot.slack.views.drafts import shown_at
from handlers.rules import Groups, Refusal, Why
from handlers.talk.approve import approve, approve_message
from handlers.talk.collect import Said
from handlers.talk.withdraw import take_back
from storage.models import How, PostKind
from storage.store import Store
from storage.talk import ReactionPut, SlackPost
from storage.words import NOTICE, Notice


def register(app: AsyncApp, door: SlackDoor) -> None:
    """Listen."""

    @app.event("reaction_added")
    async def on_reaction(event: dict[str, Any], context: AsyncBoltContext) -> None:
        reaction = payloads.reaction(event)
        said, ours = (None, None) if reaction is None else await _under(reaction, door)
        groups = await door.groups() if said is not None or ours is not None else {}
        outcome: object = None
        thread: str | None = None
        async with door.reading(context) as store:
            if store is not None and reaction is not None:
                outcome = await _approve(reaction, said, ours, groups=groups, store=store, door=door)
                thread = await _thread(_about(said, ours), store=store)
        # What we have found in the thread before the event came, its owner need not be told.
        found = isinstance(outcome, Refusal) and reaction is not None and outcome.by == reaction.by
        if reaction is not None and not found:
            await door.answer(outcome, Place(reaction.by, reaction.channel, thread))

    @app.event("reaction_removed")
    async def on_reaction_removed(event: dict[str, Any], context: AsyncBoltContext) -> None:
        reaction = payloads.reaction(event)
        referral = None if reaction is None else await _referral(reaction, door)
        if reaction is not None and referral is not None and await _still_stands(reaction, door):
            referral = None
        fallen: object = ()
        thread: str | None = None
        async with door.reading(context) as store:
            if store is not None and reaction is not None and referral is not None:
                fallen = await take_back(
                    referral, reaction.ts, by=reaction.by, removed_at=reaction.at, store=store, now=door.now()
                )
                thread = await _thread(referral, store=store)
        if fallen and reaction is not None:
            await door.whisper(words("withdrawn"), Place(reaction.by, reaction.channel, thread))


async def _still_stands(reaction: payloads.Reaction, door: SlackDoor) -> bool:
    """Whether the person has another ✅ on the message: a yes may be put by either of two signs."""
    stand = {"reactions": await door.board.reactions(reaction.channel, reaction.ts)}
    return reaction.by in payloads.ticked_by(stand, besides=reaction.name)


async def _under(reaction: payloads.Reaction, door: SlackDoor) -> tuple[Said | None, SlackPost | None]:
    """What the ✅ stands on: somebody's reply as it is now, or a post of ours."""
    async with door.database.begin() as store:
        ours = await store.posts.by_ts(reaction.channel, reaction.ts)
    if ours is not None:
        return None, ours
    message = await door.board.message(reaction.channel, reaction.ts)
    if message and message.get("bot_id"):
        return None, await door.ours(reaction.channel, reaction.ts)
    spoken = talk.message_in(reaction.channel, message) if message else None
    return await door.said(spoken), None


async def _approve(
    reaction: payloads.Reaction, said: Said | None, ours: SlackPost | None, *, groups: Groups, store: Store,
    door: SlackDoor,
) -> object:  # fmt: skip
    now = door.now()
    referral = _about(said, ours)
    if referral is not None:
        store.add(
            ReactionPut(referral_id=referral, message=reaction.ts, person=reaction.by, put_at=reaction.at)
        )
    if said is not None:
        return await approve_message(
            said, by=reaction.by, how=How.REACTION, reacted_at=reaction.at, groups=groups, store=store,
            now=now,
        )  # fmt: skip
    if ours is not None and ours.kind == PostKind.DRAFT and ours.remark_id is not None:
        pages = await store.posts.of_remark(ours.remark_id, [PostKind.DRAFT])
        shown = shown_at(pages, reaction.at)
        if shown is None:
            return Refusal(Why.CHANGED_MEANWHILE)
        return await approve(
            ours.remark_id, by=reaction.by, how=How.REACTION, shown=shown, message=reaction.ts,
            reacted_at=reaction.at, groups=groups, store=store, now=now,
        )  # fmt: skip
    if ours is None:
        return None
    return Refusal(Why.TICKED_COPY if ours.detail.get(NOTICE) == Notice.SAID else Why.NOTHING_TO_APPROVE)


async def _referral(reaction: payloads.Reaction, door: SlackDoor) -> UUID | None:
    return _about(*await _under(reaction, door))


def _about(said: Said | None, ours: SlackPost | None) -> UUID | None:
    return said.referral_id if said else ours.referral_id if ours else None


async def _thread(referral: UUID | None, *, store: Store) -> str | None:
    card = await store.posts.card(referral) if referral is not None else None
    return card.ts if card else None
