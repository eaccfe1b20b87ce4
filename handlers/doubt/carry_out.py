"""Carry out what a coordinator has decided about a mail or a submission."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from handlers import mail
from handlers.doubt.ask import show_question
from handlers.intake.incoming import STANDS_ALONE, annexes
from handlers.intake.join import attach
from handlers.intake.register import Sender, register
from handlers.mail import File
from handlers.referral.refer import Desk, spoken_of
from handlers.talk.show import show_follow_up, show_referral
from storage.asked import About, CampaignMember, Question, Verdict
from storage.models import SUBMISSION, Hearing, InboxItem, Submission
from storage.store import Store
from storage.words import Channel


@dataclass(frozen=True, slots=True)
class Decided:
    """A verdict on a question, by whom, in the hearing it counts for."""

    question: Question
    verdict: str
    hearing: Hearing
    by: str


async def carry_out(decided: Decided, *, store: Store, now: datetime) -> None:
    """Do it, in the transaction that keeps the decision and holds the hearing."""
    await store.session.flush()
    await _DEEDS[decided.question.about](decided, store, now)


async def _follow_up(decided: Decided, store: Store, now: datetime) -> None:
    question = decided.question
    if question.follow_up_id is None or question.item_id is None:
        raise LookupError(f"question {question.id} is about no later mail")
    follow_up = await store.questions.follow_up(question.follow_up_id)
    submission = await store.submissions.by_id(follow_up.submission_id)
    if decided.verdict in {Verdict.SUPPLEMENT, Verdict.REPLACES}:
        await attach(follow_up, await _files(question.item_id, store=store), submission, store=store)
        await _stand_alone(submission, decided, store=store, now=now)
    elif decided.verdict == Verdict.NEW:
        item = await store.inbox.by_id(question.item_id)
        item.submission_id = None
        _read_again(item, **{STANDS_ALONE: True})
    await show_follow_up(follow_up, store=store, now=now)
    await _show(submission, store=store)


async def _which_hearing(decided: Decided, store: Store, _now: datetime) -> None:
    for item in await _items(decided.question, store=store):
        if decided.verdict == Verdict.NOTHING:
            item.taken_for = Verdict.NOTHING
        else:
            item.taken_for = SUBMISSION
            _read_again(item, hearing=str(decided.hearing.id))


async def _author(decided: Decided, store: Store, _now: datetime) -> None:
    submission = await _submission(decided.question, store=store)
    said = decided.question.detail[decided.verdict]
    sender = Sender(said["name"], said["address"], Channel.MAIL)
    party = (await register(decided.hearing, [sender], store=store)).party(sender)
    await store.session.flush()
    submission.party_id = party.id
    forwarder = decided.question.detail[Verdict.FORWARDER]["address"]
    submission.forwarded_by = forwarder if decided.verdict == Verdict.ORIGINAL else ""
    await _show(submission, store=store)


async def _late(decided: Decided, store: Store, _now: datetime) -> None:
    await _show(await _submission(decided.question, store=store), store=store)


async def _kind(decided: Decided, store: Store, _now: datetime) -> None:
    if decided.verdict == Verdict.SUBMISSION:
        for item in await _items(decided.question, store=store):
            item.taken_for = SUBMISSION
            _read_again(item)


async def _campaign(decided: Decided, store: Store, now: datetime) -> None:
    """Each is answered for itself from now on."""
    lead = await _submission(decided.question, store=store)
    if decided.verdict == Verdict.APART:
        for member in await store.campaigns.behind(lead.id):
            await _leave(member, decided, store=store, now=now)
    await store.session.flush()
    await _show(lead, store=store)


async def _stand_alone(submission: Submission, decided: Decided, *, store: Store, now: datetime) -> None:
    """Who says more than the text that many share is answered for itself."""
    member = await store.campaigns.membership(submission.id)
    if member is None:
        return
    await _leave(member, decided, store=store, now=now)
    await store.session.flush()
    asked = await store.questions.by_key(f"{About.CAMPAIGN}:{member.lead_id}")
    if asked is not None:
        await show_question(asked.question.id, store=store)
    await _show(await store.submissions.by_id(member.lead_id), store=store)


async def _leave(member: CampaignMember, decided: Decided, *, store: Store, now: datetime) -> None:
    member.left_at = now
    submission = await store.submissions.by_id(member.submission_id)
    desk = Desk(decided.hearing, await store.hearings.seats(decided.hearing.id), store=store, now=now)
    desk.lay(submission, routing=desk.route(await spoken_of(submission, store=store)))


_DEEDS: Mapping[About, Callable[[Decided, Store, datetime], Awaitable[None]]] = {
    About.FOLLOW_UP: _follow_up,
    About.HEARING: _which_hearing,
    About.AUTHOR: _author,
    About.LATE: _late,
    About.KIND: _kind,
    About.CAMPAIGN: _campaign,
}


def _read_again(item: InboxItem, **said: object) -> None:
    """As if it had just come in, with what people said about it."""
    item.read_at, item.envelope = None, item.envelope | said


async def _items(question: Question, *, store: Store) -> list[InboxItem]:
    """The mail that was asked about, as often as it came."""
    if question.item_id is None:
        raise LookupError(f"question {question.id} is about no mail")
    waiting = await store.inbox.waiting_for(question.id)
    return waiting or [await store.inbox.by_id(question.item_id)]


async def _submission(question: Question, *, store: Store) -> Submission:
    if question.submission_id is None:
        raise LookupError(f"question {question.id} is about no submission")
    return await store.submissions.by_id(question.submission_id)


async def _files(item_id: int, *, store: Store) -> tuple[File, ...]:
    raw = await store.inbox.raw(item_id)
    return annexes(await asyncio.to_thread(mail.read, raw))


async def _show(submission: Submission, *, store: Store) -> None:
    for referral in await store.submissions.referrals(submission.id):
        await show_referral(referral.id, store=store)
