"""Questions about what we owe Slack and what we have posted there."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, func, select

from storage.models import PostKind
from storage.talk import Notat, SlackPost


class Posts:
    """What is in Slack, or should be."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def owed(self, channel: str) -> SlackPost | None:
        """What to post next in a channel: cards before texts, else in the order it was asked for."""
        found = select(SlackPost).where(
            col(SlackPost.channel) == channel, col(SlackPost.ts).is_(None), col(SlackPost.refusal) == ""
        )
        order = (col(SlackPost.priority).desc(), col(SlackPost.made_at), col(SlackPost.id))
        return (await self._session.execute(found.order_by(*order).limit(1))).scalar_one_or_none()

    async def owing(self) -> list[str]:
        """The channels where something is still to be posted."""
        found = select(SlackPost.channel).where(col(SlackPost.ts).is_(None), col(SlackPost.refusal) == "")
        return list((await self._session.execute(found.distinct())).scalars())

    async def refused(self, hearing_id: UUID) -> list[SlackPost]:
        """What Slack would not take, with its reason."""
        found = select(SlackPost).where(col(SlackPost.hearing_id) == hearing_id, col(SlackPost.refusal) != "")
        return list((await self._session.execute(found.order_by(col(SlackPost.made_at)))).scalars())

    async def by_id(self, post_id: UUID) -> SlackPost:
        return (
            await self._session.execute(select(SlackPost).where(col(SlackPost.id) == post_id))
        ).scalar_one()

    async def hold(self, post_id: UUID) -> SlackPost:
        """A post as it stands now; until we commit, whoever else holds it waits."""
        found = select(SlackPost).where(col(SlackPost.id) == post_id).with_for_update()
        return (await self._session.execute(found.execution_options(populate_existing=True))).scalar_one()

    async def by_key(self, key: str) -> SlackPost | None:
        """The post with a key, owed or posted."""
        return (
            await self._session.execute(select(SlackPost).where(col(SlackPost.key) == key))
        ).scalar_one_or_none()

    async def by_ts(self, channel: str, ts: str) -> SlackPost | None:
        """Our own post that stands at a place in a channel."""
        found = select(SlackPost).where(col(SlackPost.channel) == channel, col(SlackPost.ts) == ts)
        return (await self._session.execute(found)).scalar_one_or_none()

    async def card(self, referral_id: UUID) -> SlackPost | None:
        """The card at the head of a referral's thread."""
        found = select(SlackPost).where(
            col(SlackPost.referral_id) == referral_id, col(SlackPost.kind) == PostKind.CARD
        )
        return (await self._session.execute(found)).scalar_one_or_none()

    async def placement(self, submission_id: UUID) -> SlackPost | None:
        """The question to the coordinator about where a submission belongs."""
        found = select(SlackPost).where(
            col(SlackPost.submission_id) == submission_id, col(SlackPost.kind) == PostKind.PLACEMENT
        )
        return (await self._session.execute(found)).scalar_one_or_none()

    async def of_remark(self, remark_id: UUID, kinds: Collection[PostKind]) -> list[SlackPost]:
        found = select(SlackPost).where(col(SlackPost.remark_id) == remark_id, col(SlackPost.kind).in_(kinds))
        return list((await self._session.execute(found.order_by(col(SlackPost.made_at)))).scalars())

    async def notat(self, notat_id: UUID) -> Notat:
        return (await self._session.execute(select(Notat).where(col(Notat.id) == notat_id))).scalar_one()

    async def next_version(self, hearing_id: UUID) -> int:
        """The number of a hearing's next notat; whoever else compiles waits until we commit."""
        key = func.hashtextextended(f"versions of {hearing_id}", 0)
        await self._session.execute(select(func.pg_advisory_xact_lock(key)))
        found = select(func.max(Notat.version)).where(col(Notat.hearing_id) == hearing_id)
        return int((await self._session.execute(found)).scalar_one() or 0) + 1
