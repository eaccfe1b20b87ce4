"""Send a submission on to the department it belongs to, or back to the coordinator."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from handlers import acts
from handlers.content import clean
from handlers.owe import Priority, owe_post
from handlers.referral.hold import Held, hold
from handlers.referral.refer import Desk, spoken_of
from handlers.routing.suggest import Suggestion
from handlers.rules import Refusal, Why, may_coordinate
from handlers.talk.progress import Ending
from handlers.talk.show import show_referral
from storage.ending import Handover, Reopening
from storage.models import PostKind
from storage.store import Store
from storage.words import NOTICE, Notice

UNKNOWN = ""
"""Instead of a department's key: whoever hands over does not know whose it is."""


async def hand_over(
    referral_id: UUID, *, to: str, reason: str, by: str, store: Store, now: datetime
) -> Handover | Refusal:
    """End the referral as not the department's own, and lay the submission before `to` (a key).

    The thread stays as it is; what was written in it does not follow.
    """
    await _hold_hearing(referral_id, store=store)
    held = await hold(referral_id, store=store)
    told = clean(reason).strip()
    refusal = held.still_open or held.unapproved or (None if told else Refusal(Why.NO_REASON))
    if refusal is not None:
        return refusal
    if to != UNKNOWN and to not in {seat.key for seat in held.seats if not seat.retired} - {held.seat.key}:
        return Refusal(Why.NO_SUCH_CHOICE)
    handover = await _hand(held, [to], reason=told, by=by, store=store, now=now)
    store.note("handed_over", by=by, at=now, hearing_id=held.hearing.id, referral=referral_id, to=to)
    return handover


async def place_again(
    handover_id: UUID, departments: Sequence[str], *, by: str, store: Store, now: datetime
) -> list[str] | Refusal:
    """The coordinator decides whose a submission is that came back; the departments asked now, by key.

    It may be the one that gave it back.
    """
    handover = await store.endings.handover(handover_id)
    await _hold_hearing(handover.referral_id, store=store)
    held = await hold(handover.referral_id, store=store)
    refusal = may_coordinate(by, held.hearing.coordinators)
    if refusal is not None:
        return refusal
    if not is_waiting(handover, held.ending):
        number = (await store.submissions.by_id(held.referral.submission_id)).number
        return Refusal(Why.ALREADY_REFERRED, number=number)
    known = {seat.key for seat in held.seats if not seat.retired}
    chosen = [key for key in dict.fromkeys(departments) if key in known]
    if not chosen:
        return Refusal(Why.NO_DEPARTMENT_CHOSEN)
    others = [key for key in chosen if key != held.seat.key]
    if others:
        await _hand(held, others, reason=handover.reason, by=by, store=store, now=now)
    if held.seat.key in chosen:
        again_at = held.moment(now)
        store.add(Reopening(referral_id=held.referral.id, reopened_by=by, reopened_at=again_at))
    store.note("placed_again", by=by, at=now, hearing_id=held.hearing.id, referred_to=",".join(chosen))
    await show_referral(held.referral.id, store=store)
    question = await store.posts.by_key(f"placement:{handover_id}")
    if question is not None:
        store.owe([acts.refresh(question.id, urgent=True)])
    return chosen


def is_waiting(handover: Handover, end: Ending) -> bool:
    """Whether the coordinator has still to say whose it is."""
    sent_on = end.sent_on
    return handover.id in {each.id for each in sent_on} and not any(each.to_referral_id for each in sent_on)


async def _hold_hearing(referral_id: UUID, *, store: Store) -> None:
    """Nobody else places submissions of the hearing meanwhile."""
    await store.hearings.hold((await store.submissions.referral(referral_id)).hearing_id)


async def _hand(
    held: Held, keys: Sequence[str], *, reason: str, by: str, store: Store, now: datetime
) -> Handover:
    handovers = []
    for key in keys:
        target, is_new = (
            (None, False) if key == UNKNOWN else await _target(held, key, by, store=store, now=now)
        )
        handover = Handover(
            referral_id=held.referral.id,
            to_referral_id=target,
            reason=reason,
            handed_by=by,
            handed_at=held.moment(now),
        )
        store.add(handover)
        handovers.append(handover)
        await _tell(handover, held, target if not is_new else None, store=store, now=now)
    await store.session.flush()
    await show_referral(held.referral.id, store=store)
    return handovers[0]


async def _target(held: Held, key: str, by: str, *, store: Store, now: datetime) -> tuple[UUID, bool]:
    """The other department's referral about the same theme, and whether it was made for this."""
    seat = next(seat for seat in held.seats if seat.key == key)
    submission = await store.submissions.by_id(held.referral.submission_id)
    for other in await store.submissions.referrals(submission.id):
        if other.hearing_department_id == seat.id and other.theme == held.referral.theme:
            return other.id, False
    desk = Desk(held.hearing, held.seats, store=store, now=now)
    routing = desk.route(await spoken_of(submission, store=store))
    found = (each for each in routing.suggestions if each.department == key)
    suggestion = next(found, Suggestion(key, 0.0, ()))
    return desk.refer(submission, suggestion, by=by, theme=held.referral.theme), True


async def _tell(
    handover: Handover, held: Held, asked_before: UUID | None, *, store: Store, now: datetime
) -> None:
    """A line in the old thread, one in the new if that was there before; a question if nobody knows."""
    if handover.to_referral_id is None:
        owe_post(
            f"placement:{handover.id}", PostKind.PLACEMENT, hearing_id=held.hearing.id,
            channel=held.hearing.coordination_channel, priority=Priority.CARD, now=now, store=store,
            submission_id=held.referral.submission_id, detail={"handover": str(handover.id)},
        )  # fmt: skip
    for referral_id in filter(None, (held.referral.id, asked_before)):
        card = await store.posts.card(referral_id)
        if card is None:
            continue
        owe_post(
            f"handover:{handover.id}:{referral_id}", PostKind.NOTICE, hearing_id=held.hearing.id,
            channel=card.channel, priority=Priority.TALK, now=now, store=store, parent_id=card.id,
            submission_id=card.submission_id, referral_id=referral_id,
            detail={NOTICE: Notice.HANDED_OVER, "handover": str(handover.id)},
        )  # fmt: skip
        store.owe([acts.link(card.id), acts.refresh(card.id)])
