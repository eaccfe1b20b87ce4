"""Gather texts that several senders share nearly word for word: one leads, the others stand behind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from handlers.ask import ask, show_question
from handlers.incoming import Incoming
from handlers.likeness import Signature, likeness, signature
from handlers.show import show_referral
from storage.asked import About, CampaignMember, Likeness, Verdict
from storage.campaigns import Alike
from storage.models import Hearing, Submission
from storage.store import Store


async def gather(
    new: Sequence[tuple[Incoming, Submission]], *, hearing: Hearing, threshold: float, store: Store,
    now: datetime,
) -> frozenset[UUID]:  # fmt: skip
    """Find who of the new submissions stands behind another, older or as new; their ids.

    Who sends files of their own says more than the text that all share, and stands alone; so does what a
    party has said before in other words.
    """
    signed = [
        (submission, made)
        for answer, submission in new
        if not answer.annexes and (made := signature(answer.text)) is not None
    ]
    if not signed:
        return frozenset()
    there = await store.campaigns.alike(hearing.id, {band for _, made in signed for band in made.bands})
    members: dict[UUID, UUID] = {}
    for submission, made in signed:
        store.add(_likeness(submission, made))
        others = [each for each in there if each.party_id != submission.party_id]
        found = _nearest(made, others, threshold=threshold)
        if found is None or await _is_apart(found[0].submission_id, store=store):
            there.append(Alike(submission.id, submission.party_id, made.to_bytes(), frozenset(made.bands)))
            continue
        lead, near = found[0].submission_id, found[1]
        members[submission.id] = lead
        store.add(CampaignMember(submission_id=submission.id, lead_id=lead, likeness=near, joined_at=now))
    for lead in dict.fromkeys(members.values()):
        await _show(lead, hearing=hearing, store=store, now=now)
    return frozenset(members)


def _nearest(made: Signature, there: Sequence[Alike], *, threshold: float) -> tuple[Alike, float] | None:
    """The first that came of those that are near enough."""
    for alike in there:
        if not alike.bands.isdisjoint(made.bands):
            near = likeness(made, Signature.from_bytes(alike.signature))
            if near >= threshold:
                return alike, near
    return None


async def _is_apart(lead: UUID, *, store: Store) -> bool:
    """Somebody has decided that what is like this is answered one by one."""
    asked = await store.questions.by_key(f"{About.CAMPAIGN}:{lead}")
    return asked is not None and asked.verdict == Verdict.APART


def _likeness(submission: Submission, made: Signature) -> Likeness:
    return Likeness(
        submission_id=submission.id, hearing_id=submission.hearing_id, signature=made.to_bytes(),
        bands=list(made.bands),
    )  # fmt: skip


async def _show(lead: UUID, *, hearing: Hearing, store: Store, now: datetime) -> None:
    """Say that there is a campaign, or that it has grown; it is answered together unless somebody objects."""
    asked = await store.questions.by_key(f"{About.CAMPAIGN}:{lead}")
    if asked is not None:
        await show_question(asked.question.id, store=store)
    else:
        await ask(
            About.CAMPAIGN, of=lead, hearings=[hearing], options=(Verdict.TOGETHER, Verdict.APART),
            store=store, now=now, submission_id=lead, until_then=Verdict.TOGETHER,
        )  # fmt: skip
    for referral in await store.submissions.referrals(lead):
        await show_referral(referral.id, store=store)
