"""Questions about what we owe Slack and what we have posted there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import and_, col, func, or_, select, update
from sqlmodel.sql.expression import SelectOfScalar

from storage.compiled import Notat
from storage.models import PostKind, Referral, Submission
from storage.talk import SlackPost

WRONG_CHANNEL = ("channel_not_found", "not_in_channel", "is_archived")
"""Slack's reasons that speak against a channel and not against what was to be posted there."""

FILES = (PostKind.FILE, PostKind.NOTAT, PostKind.APPENDIX, PostKind.COMPARISON)
"""What is shared as files: Slack does not say under which ts."""

APART = ("U", "W", "D")
"""How the ids of people begin, and of our talk with one of them."""

_FOR_COORDINATORS = (
    PostKind.PLACEMENT, PostKind.NOTAT, PostKind.QUESTION, PostKind.LINE, PostKind.APPENDIX,
    PostKind.UNFINISHED,
)  # fmt: skip

_QUOTING = (PostKind.CARD, PostKind.TEXT, PostKind.PLACEMENT, PostKind.QUESTION, PostKind.FOLLOW_UP)

_FILES = (PostKind.FILE, PostKind.NOTAT, PostKind.APPENDIX)

_ACTED_ON = (PostKind.CARD, PostKind.DRAFT, PostKind.QUESTION, PostKind.PLACEMENT)


@dataclass(frozen=True, slots=True)
class Stands:
    """Where a post stands, and what it is about; `thread` is the ts of the card above it, if there is one."""

    kind: PostKind
    channel: str
    ts: str
    thread: str | None
    referral_id: UUID | None
    remark_id: UUID | None
    question_id: UUID | None
    submission_id: UUID | None


class Posts:
    """What is in Slack, or should be."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def owed(self, channel: str, *, without: Collection[UUID] = ()) -> SlackPost | None:
        """What to post next in a channel: cards before texts, else in the order it was asked for.

        `without` are posts to leave for later, with what stands under them.
        """
        found = select(SlackPost).where(
            col(SlackPost.channel) == channel, col(SlackPost.ts).is_(None), col(SlackPost.refusal) == "",
            col(SlackPost.id).not_in(without),
            or_(col(SlackPost.parent_id).is_(None), col(SlackPost.parent_id).not_in(without)),
        )  # fmt: skip
        order = (col(SlackPost.priority).desc(), col(SlackPost.made_at), col(SlackPost.id))
        return (await self._session.execute(found.order_by(*order).limit(1))).scalar_one_or_none()

    async def owing(self) -> list[str]:
        """The channels where something is still to be posted."""
        found = select(SlackPost.channel).where(col(SlackPost.ts).is_(None), col(SlackPost.refusal) == "")
        return list((await self._session.execute(found.distinct())).scalars())

    async def refused(self, hearing_id: UUID) -> list[SlackPost]:
        """What Slack would not take, with its reason, and nobody dismissed."""
        found = _refused().where(col(SlackPost.hearing_id) == hearing_id)
        return list((await self._session.execute(found)).scalars())

    async def all_refused(self) -> list[SlackPost]:
        """The same of all hearings."""
        return list((await self._session.execute(_refused())).scalars())

    async def again(self, post: SlackPost) -> list[SlackPost]:
        """Owe a refused post again, with those above and under it that were refused with it."""
        family = await self._refused_with(post)
        for each in family:
            each.refusal, each.tries = "", 0
        return family

    async def dismiss(self, post: SlackPost, *, now: datetime) -> list[SlackPost]:
        """Pass over a refused post for good, with what was to stand under it."""
        family = [each for each in await self._refused_with(post) if each.id != post.parent_id]
        for each in family:
            each.dismissed_at = now
        return family

    async def _refused_with(self, post: SlackPost) -> list[SlackPost]:
        kin = or_(
            col(SlackPost.id) == post.id,
            col(SlackPost.id) == post.parent_id,
            col(SlackPost.parent_id) == post.id,
        )
        return list(
            (await self._session.execute(_refused().where(kin).with_for_update(key_share=True))).scalars()
        )

    async def in_doubt(self, *, before: datetime) -> list[str]:
        """The channels where a message tried before a moment may stand without our knowing its ts."""
        found = select(SlackPost.channel).where(
            col(SlackPost.ts).is_(None), col(SlackPost.refusal) == "", col(SlackPost.tried_at) < before,
            col(SlackPost.kind).not_in(FILES),
        )  # fmt: skip
        return list((await self._session.execute(found.distinct())).scalars())

    async def move(self, channel: str, *, to: str) -> None:
        """Owe in a channel by one name what is owed there by another."""
        owed = update(SlackPost).where(col(SlackPost.channel) == channel, col(SlackPost.ts).is_(None))
        await self._session.execute(owed.values(channel=to))

    async def misdirected(
        self, hearing_id: UUID, channel: str, *, place_id: UUID | None = None
    ) -> list[SlackPost]:
        """What is owed elsewhere than in `channel` and can still go there, held until we commit.

        That is a department's by its place in the hearing, or without one the coordinators'. What may stand
        already, or under something that does, cannot; and what is owed to one person is for nobody else.
        """
        parent = aliased(SlackPost)
        found = select(SlackPost).outerjoin(parent, col(SlackPost.parent_id) == col(parent.id)).where(
            col(SlackPost.hearing_id) == hearing_id, col(SlackPost.channel) != channel,
            *(col(SlackPost.channel).not_like(f"{first}%") for first in APART),
            col(SlackPost.ts).is_(None), col(SlackPost.dismissed_at).is_(None), col(parent.ts).is_(None),
            or_(
                and_(col(SlackPost.tried_at).is_(None), col(SlackPost.refusal) == ""),
                col(SlackPost.refusal).in_(WRONG_CHANNEL),
            ),
        )  # fmt: skip
        if place_id is None:
            found = found.where(col(SlackPost.kind).in_(_FOR_COORDINATORS))
        else:
            found = found.join(Referral, col(Referral.id) == col(SlackPost.referral_id))
            found = found.where(col(Referral.hearing_department_id) == place_id)
        return list(
            (await self._session.execute(found.with_for_update(of=SlackPost, key_share=True))).scalars()
        )

    async def by_id(self, post_id: UUID) -> SlackPost:
        return (
            await self._session.execute(select(SlackPost).where(col(SlackPost.id) == post_id))
        ).scalar_one()

    async def hold(self, post_id: UUID) -> SlackPost:
        """A post as it stands now; until we commit, whoever else holds it waits."""
        found = select(SlackPost).where(col(SlackPost.id) == post_id).with_for_update(key_share=True)
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

    async def with_file(self, file_ids: Collection[str]) -> SlackPost | None:
        """The post that shared a notat as one of these files of Slack."""
        found = select(SlackPost).where(
            col(SlackPost.file_id).in_(file_ids), col(SlackPost.kind) == PostKind.NOTAT
        )
        return (await self._session.execute(found.limit(1))).scalar_one_or_none()

    async def card(self, referral_id: UUID) -> SlackPost | None:
        """The card at the head of a referral's thread."""
        found = select(SlackPost).where(
            col(SlackPost.referral_id) == referral_id, col(SlackPost.kind) == PostKind.CARD
        )
        return (await self._session.execute(found)).scalar_one_or_none()

    async def placement(self, submission_id: UUID) -> SlackPost | None:
        """The question to the coordinator about where a submission belongs."""
        return await self.by_key(f"placement:{submission_id}")

    async def of_question(self, question_id: UUID) -> list[SlackPost]:
        """Where a question is asked."""
        found = select(SlackPost).where(col(SlackPost.question_id) == question_id)
        return list((await self._session.execute(found.order_by(col(SlackPost.made_at)))).scalars())

    async def of_follow_up(self, follow_up_id: UUID) -> list[SlackPost]:
        """Where a later mail is shown in threads."""
        found = select(SlackPost).where(
            col(SlackPost.follow_up_id) == follow_up_id, col(SlackPost.kind) == PostKind.FOLLOW_UP
        )
        return list((await self._session.execute(found.order_by(col(SlackPost.made_at)))).scalars())

    async def under(self, referral_id: UUID, kind: PostKind) -> list[SlackPost]:
        """The posts of a kind that stand, or are owed, in a referral's thread."""
        found = select(SlackPost).where(
            col(SlackPost.referral_id) == referral_id, col(SlackPost.kind) == kind
        )
        return list((await self._session.execute(found.order_by(col(SlackPost.made_at)))).scalars())

    async def below(self, card_id: UUID) -> list[SlackPost]:
        """What stands below a card and shows how things are; notices tell what was, and stay."""
        found = select(SlackPost).where(
            col(SlackPost.parent_id) == card_id, col(SlackPost.ts).is_not(None),
            col(SlackPost.kind) != PostKind.NOTICE,
        )  # fmt: skip
        return list((await self._session.execute(found.order_by(col(SlackPost.made_at)))).scalars())

    async def quoting(self, hearing_id: UUID, *, party_id: UUID | None = None) -> list[SlackPost]:
        """What stands in Slack and shows words of those who wrote to a hearing, or of one of them."""
        return await self._of_party(_QUOTING, hearing_id, party_id)

    async def sharing(self, hearing_id: UUID, *, party_id: UUID | None = None) -> list[SlackPost]:
        """What stands in Slack and shares files of those who wrote to a hearing, or of one of them."""
        return await self._of_party((PostKind.FILE,), hearing_id, party_id)

    async def _of_party(
        self, kinds: Collection[PostKind], hearing_id: UUID, party_id: UUID | None
    ) -> list[SlackPost]:
        found = select(SlackPost).where(
            col(SlackPost.hearing_id) == hearing_id, col(SlackPost.kind).in_(kinds),
            col(SlackPost.ts).is_not(None),
        )  # fmt: skip
        if party_id is not None:
            found = found.join(Submission, col(Submission.id) == col(SlackPost.submission_id))
            found = found.where(col(Submission.party_id) == party_id)
        return list((await self._session.execute(found.order_by(col(SlackPost.made_at)))).scalars())

    async def standing(self, hearing_ids: Collection[UUID]) -> list[Stands]:
        """Where what people act on stands: cards, drafts, questions, and what waits for a place."""
        card = aliased(SlackPost)
        columns: tuple[Any, ...] = (
            SlackPost.kind, SlackPost.channel, SlackPost.ts, card.ts, SlackPost.referral_id,
            SlackPost.remark_id, SlackPost.question_id, SlackPost.submission_id,
        )  # fmt: skip
        found = sqlalchemy.select(*columns).outerjoin(card, col(SlackPost.parent_id) == col(card.id))
        found = found.where(
            col(SlackPost.hearing_id).in_(hearing_ids), col(SlackPost.ts).is_not(None),
            col(SlackPost.kind).in_(_ACTED_ON),
        )  # fmt: skip
        return [Stands(*row) for row in (await self._session.execute(found)).all()]

    async def drawn_in(self, channel: str) -> list[UUID]:
        """The messages of ours that stand in a channel, and can be drawn again; the newest first."""
        found = select(SlackPost.id).where(
            col(SlackPost.channel) == channel, col(SlackPost.ts).is_not(None),
            col(SlackPost.kind).not_in(_FILES),
        )  # fmt: skip
        return list((await self._session.execute(found.order_by(col(SlackPost.made_at).desc()))).scalars())

    async def channels_of(self, hearing_id: UUID) -> set[str]:
        """The channels in which a hearing has something, or will."""
        found = select(SlackPost.channel).where(col(SlackPost.hearing_id) == hearing_id)
        return set((await self._session.execute(found.distinct())).scalars())

    async def keys_under(self, referral_id: UUID) -> set[str]:
        """The keys of all that stands, or is owed, in a referral's thread."""
        found = select(SlackPost.key).where(col(SlackPost.referral_id) == referral_id)
        return set((await self._session.execute(found)).scalars())

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


def _refused() -> SelectOfScalar[SlackPost]:
    found = select(SlackPost).where(col(SlackPost.refusal) != "", col(SlackPost.dismissed_at).is_(None))
    return found.order_by(col(SlackPost.made_at), col(SlackPost.id))
