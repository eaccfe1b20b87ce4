"""Place a submission that waited for the coordinator."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from handlers import acts
from handlers.referral.refer import Desk, spoken_of
from handlers.routing.suggest import Suggestion
from handlers.rules import Refusal, Why, may_coordinate
from storage.store import Store


async def place(
    submission_id: UUID, departments: Sequence[str], *, by: str, store: Store, now: datetime
) -> list[str] | Refusal:
    """Refer the submission to the chosen departments, with the passages that speak for each; their keys."""
    submission = await store.submissions.by_id(submission_id)
    hearing = await store.hearings.hold(submission.hearing_id)
    refusal = may_coordinate(by, hearing.coordinators)
    if refusal is not None:
        return refusal
    if await store.submissions.referrals(submission_id):
        return Refusal(Why.ALREADY_REFERRED, number=submission.number)
    desk = Desk(hearing, await store.hearings.seats(hearing.id), store=store, now=now)
    chosen = [key for key in dict.fromkeys(departments) if key in desk.departments]
    if not chosen:
        return Refusal(Why.NO_DEPARTMENT_CHOSEN)
    found = {
        suggestion.department: suggestion
        for suggestion in desk.route(await spoken_of(submission, store=store)).suggestions
    }
    for key in chosen:
        desk.refer(submission, found.get(key) or Suggestion(key, 0.0, ()), by=by)
    store.note(
        "placed", by=by, at=now, hearing_id=hearing.id, number=submission.number, referred_to=",".join(chosen)
    )
    question = await store.posts.placement(submission_id)
    if question is not None:
        store.owe([acts.refresh(question.id, urgent=True)])
    return chosen
