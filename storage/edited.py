"""The nouns of editing: what coordinators write and arrange in a notat by hand; the newest of each counts."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import Field, SQLModel

from storage.columns import closed, identity, moment, values
from storage.words import TextName


class Source(StrEnum):
    """Where a text of the notat comes from."""

    FILE = "file"
    HAND = "hand"


class HearingText(SQLModel, table=True):
    """A text of the notat, such as its background, as the hearing file or a coordinator had it."""

    __tablename__ = "hearing_text"
    id: UUID = identity()
    hearing_id: UUID = Field(foreign_key="hearing.id", index=True)
    name: TextName = closed(TextName)
    content: list[dict[str, Any]] = values()
    source: Source = closed(Source)
    written_by: str
    written_at: datetime = moment()


class SubmissionOrder(SQLModel, table=True):
    """The order of a hearing's submissions, by their ids; without any, the hearing's rule orders them.

    Those that it does not name come after those that it does.
    """

    __tablename__ = "submission_order"
    id: UUID = identity()
    hearing_id: UUID = Field(foreign_key="hearing.id", index=True)
    submissions: list[str] = values()
    ordered_by: str
    ordered_at: datetime = moment()


class RemarkOrder(SQLModel, table=True):
    """The order of a submission's remarks, by their ids; those that it does not name come last."""

    __tablename__ = "remark_order"
    id: UUID = identity()
    submission_id: UUID = Field(foreign_key="submission.id", index=True)
    remarks: list[str] = values()
    ordered_by: str
    ordered_at: datetime = moment()


class RemarkHeading(SQLModel, table=True):
    """The heading over one remark; an empty one gives it the hearing's form again."""

    __tablename__ = "remark_heading"
    id: UUID = identity()
    remark_id: UUID = Field(foreign_key="remark.id", index=True)
    heading: str
    written_by: str
    written_at: datetime = moment()
