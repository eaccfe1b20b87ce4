"""The nouns of doubt: what a coordinator is asked about a mail, what was decided, and what it was about."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.columns import closed, identity, moment, same_hearing, values


class About(StrEnum):
    """What a question is about."""

    FOLLOW_UP = "follow_up"
    """A later mail from a party: what is it to the submission that we have?"""
    HEARING = "hearing"
    """A mail to an address that several hearings share: which is it for?"""
    AUTHOR = "author"
    """A mail that was passed on: who is the party?"""
    LATE = "late"
    """A submission after the deadline: is it taken into the notat?"""
    KIND = "kind"
    """A mail that seems to be no submission, and may be one all the same."""
    CAMPAIGN = "campaign"
    """Texts from several senders that are nearly the same: are they answered together?"""


class Verdict(StrEnum):
    """What may be decided; a question about the hearing is answered with a hearing's key instead."""

    SUPPLEMENT = "supplement"
    REPLACES = "replaces"
    NEW = "new"
    WITHDRAWN = "withdrawn"
    NOTHING = "nothing"
    ORIGINAL = "original"
    FORWARDER = "forwarder"
    ADMITTED = "admitted"
    LEFT_OUT = "left_out"
    SUBMISSION = "submission"
    NO_SUBMISSION = "no_submission"
    TOGETHER = "together"
    APART = "apart"


class Question(SQLModel, table=True):
    """Something that a coordinator is asked, once: `key` says what, `options` which verdicts there are."""

    id: UUID = identity()
    key: str = Field(unique=True)
    hearing_id: UUID = Field(foreign_key="hearing.id", index=True)
    about: About = closed(About)
    options: list[str] = values()
    submission_id: UUID | None = Field(default=None, foreign_key="submission.id", index=True)
    follow_up_id: UUID | None = Field(default=None, foreign_key="follow_up.id", index=True)
    item_id: int | None = Field(default=None, foreign_key="inbox_item.id", index=True)
    detail: dict[str, Any] = values()
    asked_at: datetime = moment()


class Decision(SQLModel, table=True):
    """The answer to a question; the newest counts."""

    id: UUID = identity()
    question_id: UUID = Field(foreign_key="question.id", index=True)
    verdict: str
    decided_by: str
    decided_at: datetime = moment()


class FollowUp(SQLModel, table=True):
    """A later mail that belongs, or seems to belong, to a submission.

    `text` is what its sender wrote now and `rest` what was cut from it: quotes and signatures.
    """

    __tablename__ = "follow_up"
    __table_args__ = (
        UniqueConstraint("hearing_id", "content_key"),
        same_hearing("submission", "submission_id"),
    )
    id: UUID = identity()
    hearing_id: UUID = Field(foreign_key="hearing.id")
    submission_id: UUID = Field(index=True)
    item_id: int = Field(foreign_key="inbox_item.id")
    content_key: str
    message_id: str
    subject: str
    text: str
    rest: str
    flaws: list[str] = values()
    received_at: datetime = moment()


class Likeness(SQLModel, table=True):
    """By what a submission's text is compared with texts nearly like it: its MinHash signature."""

    submission_id: UUID = Field(foreign_key="submission.id", primary_key=True)
    signature: Any = Field(sa_type=LargeBinary, nullable=False)


class LikenessBand(SQLModel, table=True):
    """A band of the signature of a submission that stands for itself: what shares it may be like it.

    There are so many that they go without the check that their submission is there.
    """

    __tablename__ = "likeness_band"
    hearing_id: UUID = Field(primary_key=True)
    band: int = Field(primary_key=True, sa_type=BigInteger)
    submission_id: UUID = Field(primary_key=True)


class CampaignMember(SQLModel, table=True):
    """A submission nearly like the one that leads its campaign; it has no referral of its own.

    `likeness` is the estimated Jaccard similarity of the two texts, 0 to 1. One that was taken out has left.
    """

    __tablename__ = "campaign_member"
    __table_args__ = (CheckConstraint("submission_id <> lead_id", name="nobody_leads_themselves"),)
    submission_id: UUID = Field(foreign_key="submission.id", primary_key=True)
    lead_id: UUID = Field(foreign_key="submission.id", index=True)
    likeness: float
    joined_at: datetime = moment()
    left_at: datetime | None = moment(optional=True)
