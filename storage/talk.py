"""The nouns of the talk: what is said in a thread, what of it is meant for the notat, who said yes."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage import asked, compiled, edited, ending, journal, receipt, version  # noqa: F401  deferred below too
from storage.columns import closed, identity, moment, values
from storage.models import How, PostKind
from storage.words import Barred, Doing


class Reply(SQLModel, table=True):
    """One message in a referral's thread, as it stood at a moment.

    `message` is its ts in the channel, or the key of the modal it was written in. `version` orders
    what we saw of one message: the time of its last edit or of its posting, as Slack gives it. Of edits in
    one second that which we saw last, at `seen_at`, is the newest.
    """

    __table_args__ = (UniqueConstraint("referral_id", "message", "version", "digest"),)
    id: UUID = identity()
    referral_id: UUID = Field(foreign_key="referral.id")
    message: str
    version: str
    author: str
    content: list[dict[str, Any]] = values()
    digest: str
    raw: dict[str, Any] = values()
    deleted: bool = False
    seen_at: datetime = moment()


class Remark(SQLModel, table=True):
    """What a department says to a submission in the notat; `position` orders a submission's remarks."""

    __table_args__ = (UniqueConstraint("submission_id", "position"),)
    id: UUID = identity()
    submission_id: UUID = Field(foreign_key="submission.id")
    referral_id: UUID = Field(foreign_key="referral.id", index=True)
    position: int
    begun_by: str
    begun_at: datetime = moment()


class RemarkPart(SQLModel, table=True):
    """A message that is part of a remark; its newest version is what the remark says now.

    `position` is the order in which the parts were marked. One that was taken out may be marked again, in
    this remark or another.
    """

    __tablename__ = "remark_part"
    __table_args__ = (
        UniqueConstraint("remark_id", "position"),
        Index("part_of_one_remark", "referral_id", "message", unique=True,
              postgresql_where=text("taken_out_at IS NULL")),
    )  # fmt: skip
    id: UUID = identity()
    remark_id: UUID = Field(foreign_key="remark.id")
    referral_id: UUID = Field(foreign_key="referral.id")
    position: int
    message: str
    reply_id: UUID = Field(foreign_key="reply.id")
    marked_by: str
    marked_at: datetime = moment()
    taken_out_by: str = ""
    taken_out_at: datetime | None = moment(optional=True)


class PartOrder(SQLModel, table=True):
    """The order somebody put a remark's parts in, by their messages; the newest counts.

    Parts that it does not name, being marked later, follow in the order in which they were marked.
    """

    __tablename__ = "part_order"
    id: UUID = identity()
    remark_id: UUID = Field(foreign_key="remark.id", index=True)
    messages: list[str] = values()
    ordered_by: str
    ordered_at: datetime = moment()


class Approval(SQLModel, table=True):
    """Yes to one exact text: a copy and its hash, who, when and how. The notat is built from the copy.

    A yes by reaction also says on which `message` it was put, and when by Slack's clock.
    """

    __table_args__ = (CheckConstraint("length(digest) = 64", name="hex_sha256"),)
    id: UUID = identity()
    remark_id: UUID = Field(foreign_key="remark.id", index=True)
    content: list[dict[str, Any]] = values()
    digest: str
    approver: str
    how: How = closed(How)
    message: str = ""
    reacted_at: datetime | None = moment(optional=True)
    approved_at: datetime = moment()


class Withdrawal(SQLModel, table=True):
    """An approval taken back."""

    approval_id: UUID = Field(foreign_key="approval.id", primary_key=True)
    withdrawn_by: str
    withdrawn_at: datetime = moment()


class ReactionRemoval(SQLModel, table=True):
    """A ✅ taken away from a message, by Slack's clock: whatever that person put there before is void.

    Slack may tell of it before it tells that the ✅ was put.
    """

    __tablename__ = "reaction_removal"
    id: UUID = identity()
    referral_id: UUID = Field(foreign_key="referral.id", index=True)
    message: str
    person: str
    removed_at: datetime = moment()


class ReactionPut(SQLModel, table=True):
    """A ✅ on a message that we know of, whatever came of it: one and the same never says yes twice.

    `put_at` is when it was put by Slack's clock; of one that Slack did not tell us of and that we found, the
    moment before which it was not there.
    """

    __tablename__ = "reaction_put"
    id: UUID = identity()
    referral_id: UUID = Field(foreign_key="referral.id", index=True)
    message: str
    person: str
    put_at: datetime = moment()


class SlackPost(SQLModel, table=True):
    """Something we owe Slack, or have posted there. `key` travels in the message's metadata.

    `tried_at` is set before the call and `ts` after it: between the two the outcome is unknown, and
    Slack is searched for the key before anything is posted again. `tries` counts what went wrong with this
    post alone: too many become its `refusal`, which somebody may dismiss. `detail` says of a draft which
    words it shows, and since when (seconds since 1970), once that is known. `permalink` is asked for only
    where another post leads to this one.
    """

    __tablename__ = "slack_post"
    __table_args__ = (
        UniqueConstraint("key"),
        UniqueConstraint("channel", "ts"),
        CheckConstraint("ts IS NULL OR tried_at IS NOT NULL", name="tried_before_posted"),
        Index("slack_post_owed", "channel", "priority", "made_at",
              postgresql_where=text("ts IS NULL AND refusal = ''")),
    )  # fmt: skip
    id: UUID = identity()
    key: str
    hearing_id: UUID = Field(foreign_key="hearing.id")
    kind: PostKind = closed(PostKind)
    channel: str
    parent_id: UUID | None = Field(default=None, foreign_key="slack_post.id")
    submission_id: UUID | None = Field(default=None, foreign_key="submission.id")
    referral_id: UUID | None = Field(default=None, foreign_key="referral.id", index=True)
    remark_id: UUID | None = Field(default=None, foreign_key="remark.id", index=True)
    attachment_id: UUID | None = Field(default=None, foreign_key="attachment.id")
    notat_id: UUID | None = Field(default=None, foreign_key="notat.id")
    question_id: UUID | None = Field(default=None, foreign_key="question.id", index=True)
    follow_up_id: UUID | None = Field(default=None, foreign_key="follow_up.id", index=True)
    detail: dict[str, Any] = values()
    priority: int
    made_at: datetime = moment()
    tried_at: datetime | None = moment(optional=True)
    ts: str | None = None
    file_id: str = ""
    permalink: str = ""
    shown: str = ""
    tries: int = 0
    refusal: str = ""
    dismissed_at: datetime | None = moment(optional=True)


class ThreadLook(SQLModel, table=True):
    """When the thread under a card was last read in Slack from end to end; the row goes along with time."""

    __tablename__ = "thread_look"
    post_id: UUID = Field(foreign_key="slack_post.id", primary_key=True)
    asked_at: datetime = moment()


class ThreadBefore(SQLModel, table=True):
    """A thread of a referral whose card was deleted in Slack; what people said and say there counts."""

    __tablename__ = "thread_before"
    channel: str = Field(primary_key=True)
    ts: str = Field(primary_key=True)
    referral_id: UUID = Field(foreign_key="referral.id", index=True)
    left_at: datetime = moment()


class ShutChannel(SQLModel, table=True):
    """A channel that Slack keeps us out of, as long as it does: from doing what, why, and since when."""

    __tablename__ = "shut_channel"
    channel: str = Field(primary_key=True)
    doing: Doing = closed(Doing, primary_key=True)
    why: Barred = closed(Barred)
    shut_at: datetime = moment()


class Reminder(SQLModel, table=True):
    """A nudge to a department; `key` says which, so that none is sent twice."""

    id: UUID = identity()
    hearing_department_id: UUID = Field(foreign_key="hearing_department.id", index=True)
    key: str = Field(unique=True)
    made_at: datetime = moment()


# References are checked when a transaction ends, so that a family of rows goes in in any order.
for _table in SQLModel.metadata.tables.values():
    for _reference in _table.foreign_key_constraints:
        _reference.deferrable, _reference.initially = True, "DEFERRED"
