"""A whole hearing read at once, as one moment saw it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from storage.hearings import Seat
from storage.models import Attachment, Hearing, InboxItem, Party, Referral, Submission, Summary
from storage.remarks import RemarkFacts
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Laid:
    """A referral with its department, whether anybody wrote in its thread, and its remarks in order."""

    referral: Referral
    seat: Seat
    talked: bool
    remarks: tuple[RemarkFacts, ...]


@dataclass(frozen=True, slots=True)
class Filed:
    """A submission with all that belongs to it; `summary` is the newest, None when nobody wrote one."""

    submission: Submission
    party: Party
    summary: Summary | None
    attachments: tuple[Attachment, ...]
    referrals: tuple[Laid, ...]


@dataclass(frozen=True, slots=True)
class Dossier:
    """A hearing: its departments, the parties that were heard, its submissions by number, what is stuck."""

    hearing: Hearing
    seats: tuple[Seat, ...]
    heard: tuple[Party, ...]
    submissions: tuple[Filed, ...]
    set_aside: int
    refused_posts: int


async def dossier(hearing: Hearing, *, store: Store) -> Dossier:
    """Read it all, in a number of questions that does not grow with the hearing."""
    seats = await store.hearings.seats(hearing.id)
    parties = {party.id: party for party in await store.hearings.parties(hearing.id)}
    return Dossier(
        hearing=hearing,
        seats=tuple(seats),
        heard=tuple(party for party in parties.values() if party.heard_as is not None),
        submissions=await _submissions(hearing.id, parties, {seat.id: seat for seat in seats}, store=store),
        set_aside=await _set_aside(store=store),
        refused_posts=len(await store.posts.refused(hearing.id)),
    )


async def _submissions(
    hearing_id: UUID, parties: dict[UUID, Party], seats: dict[UUID, Seat], *, store: Store
) -> tuple[Filed, ...]:
    session, of_hearing = store.session, col(Submission.hearing_id) == hearing_id
    submissions = list(
        (
            await session.execute(select(Submission).where(of_hearing).order_by(col(Submission.number)))
        ).scalars()
    )
    by_submission = col(Submission.id)
    summaries = await session.execute(
        select(Summary).join(Submission, by_submission == col(Summary.submission_id)).where(of_hearing)
        .order_by(col(Summary.written_at))
    )  # fmt: skip
    newest = {summary.submission_id: summary for summary in summaries.scalars()}
    files: dict[UUID, list[Attachment]] = defaultdict(list)
    attachments = await session.execute(
        select(Attachment).join(Submission, by_submission == col(Attachment.submission_id)).where(of_hearing)
        .order_by(col(Attachment.position))
    )  # fmt: skip
    for file in attachments.scalars():
        files[file.submission_id].append(file)
    laid = await _laid(hearing_id, seats, store=store)
    return tuple(
        Filed(each, parties[each.party_id], newest.get(each.id), tuple(files[each.id]), tuple(laid[each.id]))
        for each in submissions
    )


async def _laid(hearing_id: UUID, seats: dict[UUID, Seat], *, store: Store) -> dict[UUID, list[Laid]]:
    found = select(Referral).where(col(Referral.hearing_id) == hearing_id)
    ordered = found.order_by(col(Referral.referred_at), col(Referral.id))
    referrals = list((await store.session.execute(ordered)).scalars())
    ids = [referral.id for referral in referrals]
    talked = await store.remarks.replied(ids)
    remarks: dict[UUID, list[RemarkFacts]] = defaultdict(list)
    for facts in await store.remarks.of_referrals(ids):
        remarks[facts.remark.referral_id].append(facts)
    laid: dict[UUID, list[Laid]] = defaultdict(list)
    for each in referrals:
        seat = seats[each.hearing_department_id]
        laid[each.submission_id].append(Laid(each, seat, each.id in talked, tuple(remarks[each.id])))
    return laid


async def _set_aside(*, store: Store) -> int:
    found = select(InboxItem.id).where(col(InboxItem.set_aside) != "")
    return len((await store.session.execute(found)).all())
