"""A whole hearing read at once, as one moment saw it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from storage import edits as editing
from storage import endings
from storage.edits import Edits
from storage.endings import Ends
from storage.hearings import Seat
from storage.models import Attachment, Hearing, Party, Point, Referral, Submission, Summary
from storage.questions import Asked, Followed
from storage.remarks import RemarkFacts
from storage.rows import among
from storage.store import Store
from storage.submissions import belonging
from storage.version import Waiver
from storage.words import Barred


@dataclass(frozen=True, slots=True)
class Laid:
    """A referral with its department, whether anybody wrote in its thread, its remarks in order, its end.

    `passages` are its points, where they were asked for.
    """

    referral: Referral
    seat: Seat
    talked: bool
    remarks: tuple[RemarkFacts, ...]
    passages: tuple[str, ...] = ()
    ends: Ends = endings.NOTHING


@dataclass(frozen=True, slots=True)
class Filed:
    """A submission with all that belongs to it; `summary` is the newest, None when nobody wrote one.

    `asked` is what the coordinator was asked about it, `followed` its later mails. In a campaign, `lead_id`
    is the submission it stands behind, and `members` are those that stand behind it.
    """

    submission: Submission
    party: Party
    summary: Summary | None
    attachments: tuple[Attachment, ...]
    referrals: tuple[Laid, ...]
    asked: tuple[Asked, ...] = ()
    followed: tuple[Followed, ...] = ()
    lead_id: UUID | None = None
    members: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Dossier:
    """A hearing: its departments, the parties that were heard, its submissions by number, what is stuck.

    `asked` is all that its coordinators were asked, `edits` what they wrote and arranged by hand.
    `refused_posts` are the ids of posts that Slack would not take. `barred` names the departments whose
    channels it keeps us out of (empty for the coordinators' own), why, and since when. `unlooked` is how many
    threads with something approved could not be read again just before it is compiled, `waivers` what the
    coordinators let pass. `acts_unread` and `acts_set_aside` count what people did in Slack.
    """

    hearing: Hearing
    seats: tuple[Seat, ...]
    heard: tuple[Party, ...]
    submissions: tuple[Filed, ...]
    unread: int
    set_aside: int
    refused_posts: tuple[UUID, ...]
    asked: tuple[Asked, ...] = ()
    edits: Edits = editing.NOTHING
    barred: tuple[tuple[str, Barred, datetime], ...] = ()
    unlooked: int = 0
    waivers: tuple[Waiver, ...] = ()
    acts_unread: int = 0
    acts_set_aside: int = 0


async def dossier(hearing: Hearing, *, passages: bool = False, store: Store) -> Dossier:
    """Read it all, in a number of questions that does not grow with the hearing.

    The `passages` for which departments were asked are read when they are wanted.
    """
    # Submissions and referrals go first: whatever they point to is there by the time it is asked for.
    submissions, referrals = (
        await _submissions(hearing.id, store=store),
        await _referrals(hearing.id, store=store),
    )
    seats, parties = await store.hearings.seats(hearing.id), await store.hearings.parties(hearing.id)
    points = await _passages(hearing.id, store=store) if passages else {}
    laid = await _laid(referrals, {seat.id: seat for seat in seats}, points, store=store)
    asked = await store.questions.of_hearing(hearing.id)
    places = {seat.channel for seat in seats} | {hearing.coordination_channel}
    places |= await store.posts.channels_of(hearing.id)
    acts_unread, acts_set_aside = await store.inbox.acts_of(places)
    filed = await _filed(submissions, {party.id: party for party in parties}, laid, store=store)
    return Dossier(
        hearing=hearing,
        seats=tuple(seats),
        heard=tuple(party for party in parties if party.heard_as is not None),
        submissions=await _with_doubts(filed, asked, hearing_id=hearing.id, store=store),
        unread=await store.inbox.unread_of(hearing.id),
        set_aside=len(await store.inbox.set_aside_from(hearing.id)),
        refused_posts=tuple(post.id for post in await store.posts.refused(hearing.id)),
        asked=tuple(asked),
        edits=await store.edits.of_hearing(hearing.id),
        barred=await _barred(hearing.id, seats, store=store),
        waivers=await store.versions.waivers(hearing.id),
        acts_unread=acts_unread,
        acts_set_aside=acts_set_aside,
    )


async def _barred(
    hearing_id: UUID, seats: Sequence[Seat], *, store: Store
) -> tuple[tuple[str, Barred, datetime], ...]:
    names = {seat.id: seat.name for seat in seats}
    shut = await store.threads.shut_to(hearing_id)
    return tuple(
        (names[place_id] if place_id is not None else "", why, since) for place_id, why, since in shut
    )


async def _submissions(hearing_id: UUID, *, store: Store) -> list[Submission]:
    found = select(Submission).where(col(Submission.hearing_id) == hearing_id)
    return list((await store.session.execute(found.order_by(col(Submission.number)))).scalars())


async def _referrals(hearing_id: UUID, *, store: Store) -> list[Referral]:
    found = select(Referral).where(col(Referral.hearing_id) == hearing_id)
    ordered = found.order_by(col(Referral.referred_at), col(Referral.id))
    return list((await store.session.execute(ordered)).scalars())


async def _passages(hearing_id: UUID, *, store: Store) -> dict[UUID, list[str]]:
    found = (
        select(Point.referral_id, Point.passage)
        .join(Referral, col(Referral.id) == col(Point.referral_id))
        .where(col(Referral.hearing_id) == hearing_id)
        .order_by(col(Point.position))
    )
    passages: dict[UUID, list[str]] = defaultdict(list)
    for referral_id, passage in (await store.session.execute(found)).all():
        passages[referral_id].append(passage)
    return passages


async def _filed(
    submissions: Sequence[Submission],
    parties: dict[UUID, Party],
    laid: dict[UUID, list[Laid]],
    *,
    store: Store,
) -> tuple[Filed, ...]:
    session, ids = store.session, [submission.id for submission in submissions]
    summaries = await session.execute(
        select(Summary).where(among(col(Summary.submission_id), ids))
        .order_by(col(Summary.written_at), col(Summary.id).desc())
    )  # fmt: skip
    newest = {summary.submission_id: summary for summary in summaries.scalars()}
    files: dict[UUID, list[Attachment]] = defaultdict(list)
    attachments = await session.execute(
        select(Attachment).where(among(col(Attachment.submission_id), ids)).order_by(col(Attachment.position))
    )
    for file in attachments.scalars():
        files[file.submission_id].append(file)
    return tuple(
        Filed(each, parties[each.party_id], newest.get(each.id), tuple(files[each.id]), tuple(laid[each.id]))
        for each in submissions
    )


async def _with_doubts(
    filed: Sequence[Filed], asked: Sequence[Asked], *, hearing_id: UUID, store: Store
) -> tuple[Filed, ...]:
    followed = await store.questions.followed([each.submission.id for each in filed])
    campaigns = await store.campaigns.members(hearing_id)
    leads = {member.submission_id: lead for lead, members in campaigns.items() for member in members}
    about: dict[UUID | None, list[Asked]] = defaultdict(list)
    for each in asked:
        about[each.question.submission_id].append(each)
    return tuple(
        replace(
            each,
            attachments=tuple(belonging(each.attachments, followed.get(each.submission.id, ()))),
            asked=tuple(about[each.submission.id]),
            followed=tuple(followed.get(each.submission.id, ())),
            lead_id=leads.get(each.submission.id),
            members=tuple(member.submission_id for member in campaigns.get(each.submission.id, ())),
        )
        for each in filed
    )


async def _laid(
    referrals: Sequence[Referral],
    seats: dict[UUID, Seat],
    points: Mapping[UUID, Sequence[str]],
    *,
    store: Store,
) -> dict[UUID, list[Laid]]:
    ids = [referral.id for referral in referrals]
    talked, ends = await store.remarks.replied(ids), await store.endings.of(ids)
    remarks: dict[UUID, list[RemarkFacts]] = defaultdict(list)
    for facts in await store.remarks.of_referrals(ids):
        remarks[facts.remark.referral_id].append(facts)
    laid: dict[UUID, list[Laid]] = defaultdict(list)
    for each in referrals:
        seat = seats[each.hearing_department_id]
        said, passages = tuple(remarks[each.id]), tuple(points.get(each.id, ()))
        laid[each.submission_id].append(
            Laid(each, seat, each.id in talked, said, passages=passages, ends=ends[each.id])
        )
    return laid
