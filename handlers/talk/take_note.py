"""Write the sentence with which a department takes note of what a submission says, as a remark."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from handlers.content import paragraphs
from handlers.referral.hold import hold
from handlers.rules import Refusal, Why
from handlers.talk.collect import MODAL, Said, version_in_a_form
from handlers.talk.mark import mark
from storage.store import Store
from templates import say


async def take_note(referral_id: UUID, *, key: str, by: str, store: Store, now: datetime) -> UUID | Refusal:
    """The id of the new remark, which waits for an approver as any other; `key` tells this click from others.

    It can be corrected as if `by` had written it in the form.
    """
    held = await hold(referral_id, store=store)
    points = await store.submissions.points(referral_id)
    behind = await store.campaigns.behind(held.referral.submission_id)
    sentence = say(
        "notat/sentences.j2", "taken_note", name=held.seat.name, one=len(points) == 1 and not behind
    )
    content = paragraphs(sentence)
    if any(remark.content == content for remark in held.remarks):
        return Refusal(Why.ALREADY_NOTED)
    said = Said(referral_id, f"{MODAL}{key}", version_in_a_form(now), by, content, {})
    return await mark(said, by=by, alone=True, store=store, now=now)
