"""Questions about what a coordinator is asked and has decided, and about later mails."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import and_, col, or_, select

from storage.asked import About, Decision, FollowUp, Question, Verdict
from storage.models import Hearing
from storage.rows import among

# A later mail that is part of what the party says, or takes it back.
TELLING = frozenset({Verdict.SUPPLEMENT, Verdict.REPLACES, Verdict.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the decision that counts, None as long as there is none."""

    question: Question
    decision: Decision | None

    @property
    def verdict(self) -> str:
        return self.decision.verdict if self.decision else ""


@dataclass(frozen=True, slots=True)
class Followed:
    """A later mail, what it was decided to be and by whom; both empty as long as nobody has."""

    follow_up: FollowUp
    verdict: str
    decided_by: str = ""


class Questions:
    """What is asked, what is decided."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def by_id(self, question_id: UUID) -> Asked:
        found = select(Question).where(col(Question.id) == question_id)
        return await self._asked((await self._session.execute(found)).scalar_one())

    async def hold(self, question_id: UUID) -> Asked:
        """The question as it stands now; until we commit, whoever else decides it waits."""
        found = select(Question).where(col(Question.id) == question_id).with_for_update(key_share=True)
        return await self._asked((await self._session.execute(found)).scalar_one())

    async def by_key(self, key: str) -> Asked | None:
        """The question that was asked under a key, None when it never was."""
        found = select(Question).where(col(Question.key) == key)
        question = (await self._session.execute(found)).scalar_one_or_none()
        return None if question is None else await self._asked(question)

    async def of_hearing(self, hearing_id: UUID) -> list[Asked]:
        """All that was asked about a hearing, or may be about it as well as about others, oldest first."""
        key = select(Hearing.key).where(col(Hearing.id) == hearing_id).scalar_subquery()
        found = select(Question).where(
            or_(
                col(Question.hearing_id) == hearing_id,
                and_(col(Question.about) == About.HEARING, col(Question.options).op("?")(key)),
            )
        )
        questions = list((await self._session.execute(found.order_by(col(Question.id)))).scalars())
        decided = await self._newest({question.id for question in questions})
        return [Asked(question, decided.get(question.id)) for question in questions]

    async def of_submission(self, submission_id: UUID) -> list[Asked]:
        """All that was asked about a submission itself, oldest first."""
        found = select(Question).where(col(Question.submission_id) == submission_id)
        questions = list((await self._session.execute(found.order_by(col(Question.id)))).scalars())
        decided = await self._newest({question.id for question in questions})
        return [Asked(question, decided.get(question.id)) for question in questions]

    async def follow_up(self, follow_up_id: UUID) -> FollowUp:
        found = select(FollowUp).where(col(FollowUp.id) == follow_up_id)
        return (await self._session.execute(found)).scalar_one()

    async def followed(self, submission_ids: Collection[UUID]) -> dict[UUID, list[Followed]]:
        """The later mails of each submission that has any, as they came."""
        found = select(FollowUp, Question.id).join(Question, col(Question.follow_up_id) == col(FollowUp.id))
        rows = (
            await self._session.execute(
                found.where(among(col(FollowUp.submission_id), submission_ids)).order_by(col(FollowUp.id))
            )
        ).all()
        decided = await self._newest({question_id for _, question_id in rows})
        followed: dict[UUID, list[Followed]] = {}
        for follow_up, question_id in rows:
            decision = decided.get(question_id)
            each = Followed(follow_up, decision.verdict, decision.decided_by) if decision else Followed(
                follow_up, ""
            )  # fmt: skip
            followed.setdefault(follow_up.submission_id, []).append(each)
        return followed

    async def known_follow_ups(self, hearing_id: UUID, content_keys: Collection[str]) -> dict[str, UUID]:
        """Which of these contents came as later mails, with the submission they belong to."""
        found = select(FollowUp.content_key, FollowUp.submission_id).where(
            col(FollowUp.hearing_id) == hearing_id, col(FollowUp.content_key).in_(content_keys)
        )
        return {row[0]: row[1] for row in (await self._session.execute(found)).all()}

    async def verdicts(self, hearing_id: UUID, about: About) -> dict[UUID, str]:
        """What was decided about each submission that was asked about; empty for not yet."""
        return {
            asked.question.submission_id: asked.verdict
            for asked in await self.of_hearing(hearing_id)
            if asked.question.about == about and asked.question.submission_id is not None
        }

    async def _asked(self, question: Question) -> Asked:
        return Asked(question, (await self._newest({question.id})).get(question.id))

    async def _newest(self, question_ids: Collection[UUID]) -> dict[UUID, Decision]:
        if not question_ids:
            return {}
        found = select(Decision).where(among(col(Decision.question_id), question_ids))
        decisions = (await self._session.execute(found.order_by(col(Decision.id)))).scalars()
        return {decision.question_id: decision for decision in decisions}
