"""The nouns of the demo: its people and rooms, what is submitted, and what is said and done about it."""

from dataclasses import dataclass
from enum import StrEnum

from bot.demo.mails import Posting
from storage.words import Channel, PartyKind


class Role(StrEnum):
    """What a person of the demo does in the hearing."""

    COORDINATOR = "coordinator"
    APPROVER = "approver"
    CASEWORKER = "caseworker"


class How(StrEnum):
    """How a text becomes an approved remark."""

    REACTION = "reaction"
    """Written in the thread; the approver's ✅ marks and approves it in one."""
    SHORTCUT = "shortcut"
    """Written in the thread; the approver takes it with the message shortcut and approves."""
    BUTTON = "button"
    """Written in the thread; the writer takes it with the shortcut, the approver's button approves."""
    MODAL = "modal"
    """Written in the modal behind the card's button; the approver's button approves."""


class Changes(StrEnum):
    """Whether a remark changes the proposal."""

    YES = "yes"
    NO = "no"
    MAYBE = "maybe"


@dataclass(frozen=True, slots=True)
class Person:
    """One made-up official; `department` is a key of the hearing, "" for a coordinator."""

    id: str
    name: str
    handle: str
    title: str
    department: str
    role: Role


@dataclass(frozen=True, slots=True)
class Room:
    """One Slack channel; `department` is "" for the coordination channel; `members` are ids of people."""

    id: str
    name: str
    purpose: str
    department: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """One submission as it will stand: `key` is the portal's number or the key of the mail.

    `party` is the heading's name; a private person is "Privatperson" and the street, never a name.
    `street` is "" unless `kind` is a private person's. `later` is what its party wrote in a later mail. One
    that is nearly `same_as` another, by key, is answered with it and has no scene.
    """

    key: str
    party: str
    channel: Channel
    kind: PartyKind
    street: str
    text: str
    later: str = ""
    same_as: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One internal message in a thread, never meant for the notat."""

    by: str
    text: str


@dataclass(frozen=True, slots=True)
class Act:
    """One remark: who writes it, as typed in Slack, and who approves it how.

    `theme` is "" unless the department answers the submission more than once; `change` says what changes.
    """

    department: str
    theme: str
    by: str
    approved_by: str
    how: How
    changes: Changes
    change: str
    text: str
    talk: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """What happens to one submission, the remarks in the order of the notat.

    `placed` are the departments that the coordinator `placed_by` chooses; () when the bot is sure by itself.
    `identified_by` is the coordinator who says who the party is; "" when it was asked, or the portal knows.
    `admitted_by` is the one who takes a late submission in; "" for one in time.
    """

    submission: str
    party: str
    summary: str
    placed: tuple[str, ...]
    placed_by: str
    identified_by: str
    admitted_by: str
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class Material:
    """Everything the demo plays: `hearing` is a hearing file (TOML), `portal` a portal file (CSV)."""

    hearing: str
    portal: str
    people: tuple[Person, ...]
    rooms: tuple[Room, ...]
    postings: tuple[Posting, ...]
    pieces: tuple[Piece, ...]
    scenes: tuple[Scene, ...]
