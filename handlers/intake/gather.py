"""Gather texts that several senders share nearly word for word: one leads, the others stand behind."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from handlers.doubt.ask import ask, show_question
from handlers.intake.incoming import Incoming
from handlers.intake.likeness import Signature, likeness, signature
from handlers.talk.show import show_referral
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
        (submission, made, frozenset(made.bands))
        for answer, submission in new
        if not answer.annexes and (made := signature(answer.text)) is not None
    ]
    if not signed:
        return frozenset()
    often = Counter(band for *_, bands in signed for band in bands)
    there = await _before(hearing, frozenset[int]().union(*(bands for *_, bands in signed)), store=store)
    members: dict[UUID, UUID] = {}
    alone: dict[UUID, frozenset[int]] = {}
    store.add_rows(Likeness, (_likeness(submission, made) for submission, made, _ in signed))
    for submission, made, bands in signed:
        maybe = {each.submission_id: each for band in bands for each in there.get(band, ())}
        others = [maybe[id_] for id_ in sorted(maybe) if maybe[id_].party_id != submission.party_id]
        found = _nearest(made, others, threshold=threshold)
        if found is None or await _is_apart(found[0].submission_id, store=store):
            shared = frozenset(band for band in bands if often[band] > 1)
            _add(Alike(submission.id, submission.party_id, made.to_bytes(), shared), there)
            alone[submission.id] = bands
            continue
        lead, near = found[0].submission_id, found[1]
        members[submission.id] = lead
        store.add(CampaignMember(submission_id=submission.id, lead_id=lead, likeness=near, joined_at=now))
    await store.campaigns.stand_alone(hearing.id, alone)
    for lead in dict.fromkeys(members.values()):
        await _show(lead, hearing=hearing, store=store, now=now)
    return frozenset(members)


async def _before(hearing: Hearing, bands: frozenset[int], *, store: Store) -> dict[int, list[Alike]]:
    """Those that came before and share a band with the new ones, by band."""
    there: dict[int, list[Alike]] = defaultdict(list)
    for old in await store.campaigns.alike(hearing.id, bands):
        _add(old, there)
    return there


def _add(alike: Alike, there: dict[int, list[Alike]]) -> None:
    for band in alike.bands:
        there[band].append(alike)


def _nearest(made: Signature, others: Iterable[Alike], *, threshold: float) -> tuple[Alike, float] | None:
    """The first that came of those that are near enough."""
    for alike in others:
        near = likeness(made, Signature.from_bytes(alike.signature))
        if near >= threshold:
            return alike, near
    return None


async def _is_apart(lead: UUID, *, store: Store) -> bool:
    """Somebody has decided that what is like this is answered one by one."""
    asked = await store.questions.by_key(f"{About.CAMPAIGN}:{lead}")
    return asked is not None and asked.verdict == Verdict.APART


def _likeness(submission: Submission, made: Signature) -> dict[str, Any]:
    return {"submission_id": submission.id, "signature": made.to_bytes()}


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
