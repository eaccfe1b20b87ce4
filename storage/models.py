"""The nouns as tables. What is left to do is a question to them, never a flag that could disagree.

Rows are facts: an edit, a withdrawal, a new approval is a new row. The few columns that are filled
later (`read_at`, `ts`, `sent_at` …) record that an act has happened, once.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.columns import closed, identity, moment, same_hearing, values
from storage.words import Channel, HeadingForm, Layout, Order, Outcome, PartyKind, PrivatePersons, Refer


class Door(StrEnum):
    """The entrance something came in by."""

    SMTP = "smtp"
    IMAP = "imap"
    SLACK = "slack"
    PORTAL = "portal"


SUBMISSION = "submission"
"""What a person took a mail for that seemed to be none."""

# The doors by which submissions come.
MAIL = (Door.SMTP, Door.IMAP)
MEANT_FOR_A_HEARING = (*MAIL, Door.PORTAL)


class How(StrEnum):
    """What an approver did to say yes."""

    REACTION = "reaction"
    SHORTCUT = "shortcut"
    BUTTON = "button"


class PostKind(StrEnum):
    """What a post in Slack shows; its words are made from the facts when it is posted."""

    CARD = "card"
    TEXT = "text"
    FILE = "file"
    DRAFT = "draft"
    PLACEMENT = "placement"
    NOTICE = "notice"
    NOTAT = "notat"
    QUESTION = "question"
    LINE = "line"
    FOLLOW_UP = "follow_up"
    APPENDIX = "appendix"
    UNFINISHED = "unfinished"
    """That there is no final notat yet, and why."""
    COMPARISON = "comparison"
    """What differs between two Word files of a notat."""


class Hearing(SQLModel, table=True):
    """One consultation. `number_given` is the last submission number given; it never goes down."""

    __table_args__ = (
        CheckConstraint("opens < deadline", name="opens_before_deadline"),
        CheckConstraint("deadline < answer_deadline", name="deadline_before_answers"),
    )
    id: UUID = identity()
    key: str = Field(unique=True)
    title: str
    municipality: str
    case_number: str
    opens: datetime = moment()
    deadline: datetime = moment()
    answer_deadline: datetime = moment()
    coordination_channel: str
    coordinators: list[str] = values()
    four_eyes: bool
    refer: Refer = closed(Refer)
    heading_form: HeadingForm = closed(HeadingForm)
    order: Order = closed(Order)
    layout: Layout = closed(Layout, default=Layout.BY_SUBMISSION)
    private_persons: PrivatePersons = closed(PrivatePersons)
    show_private_contacts: bool = False
    texts: dict[str, str] = values()
    plan: dict[str, Any] = values()
    number_given: int = 0


class HearingAddress(SQLModel, table=True):
    """A mail address (lower case, without plus-tag) that submissions to the hearing are sent to.

    Several hearings may share one: a mailbox outlives the hearing it was made for.
    """

    __tablename__ = "hearing_address"
    address: str = Field(primary_key=True)
    hearing_id: UUID = Field(foreign_key="hearing.id", primary_key=True, index=True)


class Department(SQLModel, table=True):
    """A part of the municipality that answers; without a `genitive` of its own, its name's is by rule."""

    id: UUID = identity()
    key: str = Field(unique=True)
    name: str
    short: str
    genitive: str = ""


class HearingDepartment(SQLModel, table=True):
    """A department's place in one hearing: where it works, who approves, what it is asked about."""

    __tablename__ = "hearing_department"
    __table_args__ = (
        UniqueConstraint("id", "hearing_id"),
        UniqueConstraint("hearing_id", "department_id"),
        UniqueConstraint("hearing_id", "channel"),
        Index("one_owner", "hearing_id", unique=True, postgresql_where=text("owner")),
    )
    id: UUID = identity()
    hearing_id: UUID = Field(foreign_key="hearing.id")
    department_id: UUID = Field(foreign_key="department.id")
    channel: str
    approvers: list[str] = values()
    deputies: list[str] = values()
    topics: list[str] = values()
    position: int
    owner: bool
    retired: bool = False


class Party(SQLModel, table=True):
    """Who answers, or was asked to. A private person has no printed name, only perhaps a street.

    `confirmed` is false while only a mail's display name says who it is.
    """

    __table_args__ = (
        UniqueConstraint("id", "hearing_id"),
        CheckConstraint("weight >= 1", name="counts_for_one_at_least"),
    )
    id: UUID = identity()
    hearing_id: UUID = Field(foreign_key="hearing.id", index=True)
    kind: PartyKind = closed(PartyKind)
    list_name: str
    heading_name: str
    short_name: str
    group: str = ""
    street: str = ""
    weight: int = 1
    heard_as: int | None = None
    confirmed: bool = True


class PartyAlias(SQLModel, table=True):
    """A name or mail address, folded, by which a party is known in one hearing."""

    __tablename__ = "party_alias"
    __table_args__ = (same_hearing("party", "party_id"),)
    hearing_id: UUID = Field(primary_key=True)
    alias: str = Field(primary_key=True)
    party_id: UUID = Field(index=True)


class Blob(SQLModel, table=True):
    """Raw bytes, under their SHA-256 in hex."""

    __table_args__ = (CheckConstraint("length(sha256) = 64", name="hex_sha256"),)
    sha256: str = Field(primary_key=True)
    bytes: Any = Field(sa_type=LargeBinary, nullable=False)


class InboxItem(SQLModel, table=True):
    """What came in, raw and durable. The same thing delivered twice is the same row.

    `taken_for` is what a mail that is no submission seems to be, or SUBMISSION when a person said that it is.
    `reader` is the version of the reader that read it, 0 before that; `message_id` the mail's, with brackets.
    """

    __tablename__ = "inbox_item"
    __table_args__ = (
        UniqueConstraint("door", "key"),
        Index("inbox_unread", "door", "id", postgresql_where=text("read_at IS NULL")),
        Index("inbox_set_aside", "door", "id", postgresql_where=text("set_aside <> ''")),
        CheckConstraint("set_aside = '' OR read_at IS NOT NULL", name="set_aside_is_read"),
    )
    id: int | None = Field(default=None, primary_key=True)
    door: Door = closed(Door)
    key: str
    blob_sha256: str = Field(foreign_key="blob.sha256")
    envelope: dict[str, Any] = values()
    received_at: datetime = moment()
    read_at: datetime | None = moment(optional=True)
    set_aside: str = ""
    taken_for: str = ""
    reader: int = 0
    message_id: str = Field(default="", index=True)
    submission_id: UUID | None = Field(default=None, foreign_key="submission.id", index=True)


class Submission(SQLModel, table=True):
    """One answer to a hearing. `number` is given on arrival, in the journal, and never used again.

    `forwarded_by` is the address of whoever passed on a mail that the party wrote, empty when nobody did.
    `authentication` says what is known of the sender's genuineness ('pass', 'fail: dmarc', '' for nothing).
    """

    __table_args__ = (
        UniqueConstraint("id", "hearing_id"),
        UniqueConstraint("hearing_id", "number"),
        UniqueConstraint("hearing_id", "content_key"),
        same_hearing("party", "party_id"),
        CheckConstraint("number >= 1", name="numbers_start_at_one"),
    )
    id: UUID = identity()
    hearing_id: UUID = Field(foreign_key="hearing.id")
    party_id: UUID = Field(index=True)
    number: int
    channel: Channel = closed(Channel)
    content_key: str
    subject: str
    text: str
    flaws: list[str] = values()
    forwarded_by: str = ""
    authentication: str = ""
    received_at: datetime = moment()


class ContentKey(SQLModel, table=True):
    """What a submission's content was known by to an older reader: the same mail is still the same."""

    __tablename__ = "content_key"
    __table_args__ = (same_hearing("submission", "submission_id"),)
    hearing_id: UUID = Field(primary_key=True)
    key: str = Field(primary_key=True)
    submission_id: UUID = Field(index=True)


class Attachment(SQLModel, table=True):
    """A file that came with a submission, or later with a `follow_up_id` to it."""

    __table_args__ = (UniqueConstraint("submission_id", "position"),)
    id: UUID = identity()
    submission_id: UUID = Field(foreign_key="submission.id")
    position: int
    name: str
    content_type: str
    size: int
    blob_sha256: str = Field(foreign_key="blob.sha256")
    follow_up_id: UUID | None = Field(default=None, foreign_key="follow_up.id")


class FileText(SQLModel, table=True):
    """The text that a file holds, or why it gave none. `reader` is the version of the reader."""

    __tablename__ = "file_text"
    blob_sha256: str = Field(foreign_key="blob.sha256", primary_key=True)
    outcome: Outcome = closed(Outcome)
    text: str
    reader: int


class Summary(SQLModel, table=True):
    """The coordinator's short account of a submission; the newest one counts."""

    id: UUID = identity()
    submission_id: UUID = Field(foreign_key="submission.id", index=True)
    content: list[dict[str, Any]] = values()
    written_by: str
    written_at: datetime = moment()


class Referral(SQLModel, table=True):
    """One submission laid before one department about one theme: one Slack thread."""

    __table_args__ = (
        UniqueConstraint("submission_id", "hearing_department_id", "theme"),
        same_hearing("submission", "submission_id"),
        same_hearing("hearing_department", "hearing_department_id"),
    )
    id: UUID = identity()
    hearing_id: UUID = Field(foreign_key="hearing.id", index=True)
    submission_id: UUID
    hearing_department_id: UUID = Field(index=True)
    theme: str = ""
    referred_by: str
    referred_at: datetime = moment()


class Point(SQLModel, table=True):
    """One thing a submission says, for which a department was asked."""

    __table_args__ = (UniqueConstraint("referral_id", "position"),)
    id: UUID = identity()
    referral_id: UUID = Field(foreign_key="referral.id")
    position: int
    passage: str
