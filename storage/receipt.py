"""The noun of our mail back: a receipt, and what it says."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field, SQLModel

from storage.columns import closed, identity, moment


class ReceiptKind(StrEnum):
    """What a receipt says."""

    SUBMISSION = "submission"
    FOLLOW_UP = "follow_up"
    TOO_LARGE = "too_large"
    """The mail was larger than we take, and we have only its head."""


class Receipt(SQLModel, table=True):
    """Our mail that says what came of a party's mail; under a Message-ID fixed beforehand, so one each.

    `bounce` is the status with which it came back, empty when it did not.
    """

    id: UUID = identity()
    kind: ReceiptKind = closed(ReceiptKind)
    hearing_id: UUID = Field(foreign_key="hearing.id", index=True)
    submission_id: UUID | None = Field(default=None, foreign_key="submission.id", index=True)
    item_id: int | None = Field(default=None, foreign_key="inbox_item.id")
    recipient: str = Field(index=True)
    message_id: str = Field(unique=True)
    in_reply_to: str = ""
    made_at: datetime = moment()
    sent_at: datetime | None = moment(optional=True)
    refusal: str = ""
    bounce: str = ""
