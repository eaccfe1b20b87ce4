"""How a referral may end without a remark, and what its answer does to the proposal; each act is a fact."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field, SQLModel

from storage.columns import closed, identity, moment


class Change(StrEnum):
    """Whether a department's answer changes the proposal."""

    YES = "yes"
    NO = "no"
    MAYBE = "maybe"


class NoRemarks(SQLModel, table=True):
    """Somebody said that the department has no remarks; `settled` when they might say so for it."""

    __tablename__ = "no_remarks"
    id: UUID = identity()
    referral_id: UUID = Field(foreign_key="referral.id", index=True)
    said_by: str
    settled: bool
    said_at: datetime = moment()


class Handover(SQLModel, table=True):
    """A department said that a submission is not its own; without `to_referral_id` the coordinator decides.

    Where the coordinator then decides, each department that is asked instead is one more such fact.
    """

    id: UUID = identity()
    referral_id: UUID = Field(foreign_key="referral.id", index=True)
    to_referral_id: UUID | None = Field(default=None, foreign_key="referral.id", index=True)
    reason: str
    handed_by: str
    handed_at: datetime = moment()


class Reopening(SQLModel, table=True):
    """A referral that had ended is to be answered after all."""

    id: UUID = identity()
    referral_id: UUID = Field(foreign_key="referral.id", index=True)
    reopened_by: str
    reopened_at: datetime = moment()


class ProposalChange(SQLModel, table=True):
    """Whether the answer changes the proposal, and what of it; `settled` when an approver says so.

    The newest is shown in Slack; of those that are settled the newest counts in the notat.
    """

    __tablename__ = "proposal_change"
    id: UUID = identity()
    referral_id: UUID = Field(foreign_key="referral.id", index=True)
    verdict: Change = closed(Change)
    what: str
    said_by: str
    settled: bool
    said_at: datetime = moment()
