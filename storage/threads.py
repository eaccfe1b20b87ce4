"""Questions about the threads under our cards: which to read again, and which we cannot get at."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, delete, exists, or_
from sqlalchemy import select as chosen
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, func

from storage.models import Hearing, PostKind, Referral
from storage.remarks import MESSAGE
from storage.talk import (
    Approval,
    Remark,
    RemarkPart,
    ShutChannel,
    SlackPost,
    ThreadBefore,
    ThreadLook,
    Withdrawal,
)
from storage.words import Barred, Doing


@dataclass(frozen=True, slots=True)
class Thread:
    """The thread under a card; `asked_at` is when it was last read, None when it never was.

    It is `at_risk` when something in it was approved that people can still change in Slack.
    """

    post_id: UUID
    referral_id: UUID
    channel: str
    ts: str
    asked_at: datetime | None
    at_risk: bool


class Threads:
    """What stands under our cards, and when we last looked."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def due(
        self, *, risky_before: datetime, quiet_before: datetime, ended_after: datetime,
        channels: Collection[str] = (), posts: Collection[UUID] = (),
    ) -> Thread | None:  # fmt: skip
        """The thread to read next: those at risk first, of these the one not looked at for the longest.

        Threads at risk are due when nobody looked since `risky_before`, others since `quiet_before`; none of
        a hearing whose answers were due before `ended_after`. `channels` and `posts` are to be left alone.
        """
        found = (
            _threads()
            .join(Hearing, col(Hearing.id) == col(SlackPost.hearing_id))
            .where(
                col(Hearing.answer_deadline) >= ended_after, col(SlackPost.channel).not_in(channels),
                col(SlackPost.id).not_in(posts),
                or_(
                    col(ThreadLook.asked_at).is_(None), col(ThreadLook.asked_at) < quiet_before,
                    (col(ThreadLook.asked_at) < risky_before) & _at_risk(),
                ),
            )
        )  # fmt: skip
        rows = await self._session.execute(found.limit(1))
        return next(_read(rows.all()), None)

    async def of_hearing(self, hearing_id: UUID) -> list[Thread]:
        """All threads of a hearing, those at risk first, then by how long nobody looked."""
        found = _threads().where(col(SlackPost.hearing_id) == hearing_id)
        return list(_read((await self._session.execute(found)).all()))

    async def at_risk(self, hearing_id: UUID) -> int:
        """How many threads must be read before a notat of the hearing can be trusted."""
        return sum(1 for thread in await self.of_hearing(hearing_id) if thread.at_risk)

    async def looked(self, post_id: UUID, *, at: datetime) -> None:
        """The thread was read as it stood at a moment, or later."""
        row = insert(ThreadLook).values(post_id=post_id, asked_at=at)
        newer = func.greatest(col(ThreadLook.asked_at), row.excluded.asked_at)
        await self._session.execute(
            row.on_conflict_do_update(index_elements=["post_id"], set_={"asked_at": newer})
        )

    async def before(self, referral_id: UUID) -> list[ThreadBefore]:
        """The threads that a referral had, whose cards were deleted."""
        found = chosen(ThreadBefore).where(col(ThreadBefore.referral_id) == referral_id)
        return list((await self._session.execute(found.order_by(col(ThreadBefore.ts)))).scalars())

    async def once_of(self, channel: str, ts: str) -> UUID | None:
        """The referral whose thread stood at a place before its card was deleted."""
        found = await self._session.get(ThreadBefore, (channel, ts))
        return found.referral_id if found is not None else None

    async def shut(self, channel: str, doing: Doing, *, why: Barred, at: datetime) -> bool:
        """Slack keeps us from doing something in a channel; whether that is news."""
        row = insert(ShutChannel).values(channel=channel, doing=doing, why=why, shut_at=at)
        told = row.on_conflict_do_nothing().returning(col(ShutChannel.channel))
        return (await self._session.execute(told)).first() is not None

    async def opened(self, channels: Collection[str], doing: Doing) -> bool:
        """Slack lets us do it in a channel, which may be known by several names; whether that is news."""
        row = delete(ShutChannel).where(
            col(ShutChannel.channel).in_(channels), col(ShutChannel.doing) == doing
        )
        told = row.returning(col(ShutChannel.channel))
        return (await self._session.execute(told)).first() is not None

    async def kept_from(self, channel: str) -> dict[Doing, Barred]:
        """What Slack keeps us from doing in a channel, and why."""
        found = chosen(col(ShutChannel.doing), col(ShutChannel.why)).where(
            col(ShutChannel.channel) == channel
        )
        return {Doing(doing): Barred(why) for doing, why in (await self._session.execute(found)).all()}

    async def concerned(self, channel: str) -> list[tuple[UUID, UUID | None]]:
        """The hearings that have or want something in a channel, each with whose it is, if a department's."""
        rows = await self._session.execute(_users_of().where(col(SlackPost.channel) == channel))
        return [(hearing_id, place_id) for hearing_id, place_id in rows.all()]

    async def shut_to(self, hearing_id: UUID) -> list[tuple[UUID | None, Barred, datetime]]:
        """Where a hearing is kept out, why, since when: departments' places, None for its coordinators."""
        found = (
            chosen(col(Referral.hearing_department_id), col(ShutChannel.why), func.min(ShutChannel.shut_at))
            .select_from(SlackPost)
            .join(ShutChannel, col(ShutChannel.channel) == col(SlackPost.channel))
            .outerjoin(Referral, col(Referral.id) == col(SlackPost.referral_id))
            .where(col(SlackPost.hearing_id) == hearing_id, col(SlackPost.dismissed_at).is_(None))
            .group_by(col(Referral.hearing_department_id), col(ShutChannel.why))
            .order_by(col(Referral.hearing_department_id), col(ShutChannel.why))
        )
        rows = (await self._session.execute(found)).all()
        return [(place_id, Barred(why), since) for place_id, why, since in rows]


def _users_of() -> Select[UUID, UUID | None]:
    return (
        chosen(col(SlackPost.hearing_id), col(Referral.hearing_department_id))
        .outerjoin(Referral, col(Referral.id) == col(SlackPost.referral_id))
        .where(col(SlackPost.dismissed_at).is_(None))
        .distinct()
    )


_Row = Row[UUID, UUID | None, str, str | None, datetime | None, bool]


def _read(rows: Iterable[_Row]) -> Iterator[Thread]:
    for post_id, referral_id, channel, ts, asked_at, at_risk in rows:
        if referral_id is not None and ts is not None:
            yield Thread(post_id, referral_id, channel, ts, asked_at, at_risk)


def _threads() -> Select[UUID, UUID | None, str, str | None, datetime | None, bool]:
    risk = _at_risk()
    return (
        chosen(
            col(SlackPost.id), col(SlackPost.referral_id), col(SlackPost.channel), col(SlackPost.ts),
            col(ThreadLook.asked_at), risk.label("at_risk"),
        )
        .outerjoin(ThreadLook, col(ThreadLook.post_id) == col(SlackPost.id))
        .where(col(SlackPost.kind) == PostKind.CARD, col(SlackPost.ts).is_not(None))
        .order_by(risk.desc(), col(ThreadLook.asked_at).asc().nulls_first(), col(SlackPost.id))
    )  # fmt: skip


def _at_risk() -> ColumnElement[bool]:
    """Whether the referral has a yes that hangs on messages or on a reaction."""
    withdrawn = exists().where(col(Withdrawal.approval_id) == col(Approval.id))
    written = exists().where(
        col(RemarkPart.remark_id) == col(Remark.id), col(RemarkPart.message).regexp_match(MESSAGE)
    )
    return exists().where(
        col(Remark.referral_id) == col(SlackPost.referral_id), col(Approval.remark_id) == col(Remark.id),
        ~withdrawn, or_(col(Approval.message) != "", written),
    )  # fmt: skip
