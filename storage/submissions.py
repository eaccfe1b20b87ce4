"""Questions about submissions, their parties, files and referrals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import union_all, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, func, select

from storage.compiled import Appendix
from storage.models import (
    Attachment,
    ContentKey,
    Hearing,
    Party,
    PartyAlias,
    Point,
    Referral,
    Submission,
    Summary,
)
from storage.questions import TELLING, Followed, Questions
from storage.receipt import Receipt


def belonging(files: Iterable[Attachment], followed: Iterable[Followed]) -> list[Attachment]:
    """Of all files, those that did not come with a later mail that turned out to be something else.

    What several later mails bring is given once.
    """
    telling = {each.follow_up.id for each in followed if each.verdict in TELLING}
    belong: list[Attachment] = []
    later: set[str] = set()
    for file in files:
        if file.follow_up_id is None or (file.follow_up_id in telling and file.blob_sha256 not in later):
            belong.append(file)
            later.update([file.blob_sha256] if file.follow_up_id else ())
    return belong


class Submissions:
    """What parties answered, and where it was laid before whom."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def give_numbers(self, hearing_id: UUID, count: int) -> range:
        """The next `count` numbers of a hearing; whoever else wants some waits until we commit."""
        taken = (
            update(Hearing)
            .where(col(Hearing.id) == hearing_id)
            .values(number_given=col(Hearing.number_given) + count)
            .returning(col(Hearing.number_given))
            .execution_options(synchronize_session=False)
        )
        last = (await self._session.execute(taken)).scalar_one()
        return range(last - count + 1, last + 1)

    async def known(self, hearing_id: UUID, content_keys: Collection[str]) -> dict[str, UUID]:
        """Which of these contents we have already, with the submission's id."""
        found = select(Submission.content_key, Submission.id).where(
            col(Submission.hearing_id) == hearing_id, col(Submission.content_key).in_(content_keys)
        )
        before = select(ContentKey.key, ContentKey.submission_id).where(
            col(ContentKey.hearing_id) == hearing_id, col(ContentKey.key).in_(content_keys)
        )
        rows = (await self._session.execute(union_all(before, found))).all()
        return {row[0]: row[1] for row in rows}

    async def among(self, submission_ids: Collection[UUID]) -> list[Submission]:
        """Those of these that there are."""
        found = select(Submission).where(col(Submission.id).in_(submission_ids))
        return list((await self._session.execute(found)).scalars())

    async def of_parties(self, party_ids: Collection[UUID]) -> list[Submission]:
        """All that these parties submitted, by number."""
        found = select(Submission).where(col(Submission.party_id).in_(party_ids))
        return list((await self._session.execute(found.order_by(col(Submission.number)))).scalars())

    async def received_between(self, hearing_id: UUID, first: datetime, last: datetime) -> list[Submission]:
        """Those received after the first moment, and not after the last."""
        found = select(Submission).where(
            col(Submission.hearing_id) == hearing_id,
            col(Submission.received_at) > first,
            col(Submission.received_at) <= last,
        )
        return list((await self._session.execute(found.order_by(col(Submission.number)))).scalars())

    async def hearings_of(self, aliases: Collection[str]) -> dict[str, set[UUID]]:
        """The hearings in which somebody known by one of these folded addresses has taken part."""
        found = select(PartyAlias.alias, PartyAlias.hearing_id).where(col(PartyAlias.alias).in_(aliases))
        hearings: dict[str, set[UUID]] = {}
        for alias, hearing_id in (await self._session.execute(found)).all():
            hearings.setdefault(alias, set()).add(hearing_id)
        return hearings

    async def parties(self, hearing_id: UUID, aliases: Collection[str]) -> dict[str, Party]:
        """The parties known by these folded names or addresses."""
        found = (
            select(PartyAlias.alias, Party)
            .join(Party, col(Party.id) == col(PartyAlias.party_id))
            .where(col(PartyAlias.hearing_id) == hearing_id, col(PartyAlias.alias).in_(aliases))
        )
        return {row[0]: row[1] for row in (await self._session.execute(found)).all()}

    async def addresses(self, hearing_id: UUID) -> dict[UUID, tuple[str, ...]]:
        """The mail addresses by which each party of a hearing is known, in the order of the alphabet."""
        found = select(PartyAlias.party_id, PartyAlias.alias).where(
            col(PartyAlias.hearing_id) == hearing_id, col(PartyAlias.alias).contains("@")
        )
        known: dict[UUID, tuple[str, ...]] = {}
        for party_id, alias in (await self._session.execute(found.order_by(col(PartyAlias.alias)))).all():
            known[party_id] = (*known.get(party_id, ()), alias)
        return known

    async def by_id(self, submission_id: UUID) -> Submission:
        found = select(Submission).where(col(Submission.id) == submission_id)
        return (await self._session.execute(found)).scalar_one()

    async def by_number(self, hearing_id: UUID, number: int) -> Submission | None:
        found = select(Submission).where(
            col(Submission.hearing_id) == hearing_id, col(Submission.number) == number
        )
        return (await self._session.execute(found)).scalar_one_or_none()

    async def party(self, party_id: UUID) -> Party:
        return (await self._session.execute(select(Party).where(col(Party.id) == party_id))).scalar_one()

    async def attachments(self, submission_id: UUID) -> list[Attachment]:
        """The files that belong to it: its own, and those of later mails that are part of it."""
        files = await self.all_attachments(submission_id)
        if not any(file.follow_up_id for file in files):
            return files
        followed = await Questions(self._session).followed([submission_id])
        return belonging(files, followed.get(submission_id, ()))

    async def all_attachments(self, submission_id: UUID) -> list[Attachment]:
        """Every file that was ever put with it."""
        found = select(Attachment).where(col(Attachment.submission_id) == submission_id)
        return list((await self._session.execute(found.order_by(col(Attachment.position)))).scalars())

    async def summary(self, submission_id: UUID) -> Summary | None:
        """The newest summary, None when nobody wrote one."""
        found = select(Summary).where(col(Summary.submission_id) == submission_id)
        newest = found.order_by(col(Summary.written_at).desc(), col(Summary.id)).limit(1)
        return (await self._session.execute(newest)).scalar_one_or_none()

    async def referrals(self, submission_id: UUID) -> list[Referral]:
        found = select(Referral).where(col(Referral.submission_id) == submission_id)
        ordered = found.order_by(col(Referral.referred_at), col(Referral.id))
        return list((await self._session.execute(ordered)).scalars())

    async def referral(self, referral_id: UUID) -> Referral:
        return (
            await self._session.execute(select(Referral).where(col(Referral.id) == referral_id))
        ).scalar_one()

    async def give_over(self, party: Party, *, to: Party) -> None:
        """What a party submitted, and whatever it is known by, is another's from now on."""
        for row, column in ((Submission, Submission.party_id), (PartyAlias, PartyAlias.party_id)):
            await self._session.execute(update(row).where(col(column) == party.id).values(party_id=to.id))

    async def appendix(self, key: str) -> Appendix | None:
        """The appendix that fulfilled a wish, None when none did yet."""
        found = select(Appendix).where(col(Appendix.key) == key)
        return (await self._session.execute(found)).scalar_one_or_none()

    async def points(self, referral_id: UUID) -> list[Point]:
        found = select(Point).where(col(Point.referral_id) == referral_id)
        return list((await self._session.execute(found.order_by(col(Point.position)))).scalars())

    async def receipts_since(self, since: datetime, recipients: Collection[str]) -> Counter[str]:
        """How many receipts each of these addresses was promised since a moment."""
        found = (
            select(Receipt.recipient, func.count())
            .where(col(Receipt.recipient).in_(recipients), col(Receipt.made_at) > since)
            .group_by(col(Receipt.recipient))
        )
        return Counter({row[0]: row[1] for row in (await self._session.execute(found)).all()})

    async def receipt_named(self, message_id: str) -> Receipt | None:
        """The receipt that was sent under a Message-ID, with or without its brackets and domain."""
        named = message_id.strip("<>").partition("@")[0]
        found = select(Receipt).where(col(Receipt.message_id) == named).with_for_update(key_share=True)
        return (await self._session.execute(found)).scalar_one_or_none()

    async def receipt(self, receipt_id: UUID) -> Receipt:
        """One receipt, held so that nobody else sends it meanwhile."""
        found = select(Receipt).where(col(Receipt.id) == receipt_id).with_for_update(key_share=True)
        return (await self._session.execute(found)).scalar_one()
