"""One thing that is new, gone or changed from one version of a notat to another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from handlers.content import Content
from handlers.talk.difference import Stretch


class What(StrEnum):
    """What is new, gone or changed."""

    LAYOUT = "layout"
    """The whole is told in another order, so that no more can be said."""
    TITLE = "title"
    OWNER = "owner"
    FACT = "fact"
    """A line of the case block."""
    TEXT = "text"
    ORDER = "order"
    """The submissions stand in another order."""
    CHAPTERS = "chapters"
    """So do the chapters."""
    SUBMISSION = "submission"
    """Changed: its party is called something else."""
    TOGETHER = "together"
    """With which others it is answered: now with some, now by itself, or with others than before."""
    TOPICS = "topics"
    """Under which topics it stands."""
    PROPOSAL = "proposal"
    """What the answer to it changes in the proposal."""
    SUMMARY = "summary"
    REMARK = "remark"
    HEADING = "heading"
    """The words over a remark."""
    REMARKS = "remarks"
    """The remarks on it stand in another order."""
    PARAGRAPH = "paragraph"
    """Of a Word file that was edited by hand, under the heading that is its name."""
    NOTE = "note"
    """A footnote of such a file."""


class How(StrEnum):
    """What became of it."""

    NEW = "new"
    GONE = "gone"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Changed:
    """One change: to which submission (its number as it is printed now, or was), by whom and when.

    `name` is the party's, or a text's heading. A remark has a `department`. `stretches` say what the words
    were and are, and are empty when only their look is another.
    """

    what: What
    how: How
    number: int = 0
    name: str = ""
    department: str = ""
    by: str = ""
    at: datetime | None = None
    stretches: tuple[Stretch, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """All changes since a version, in printed order; `version` is None for what stands at this moment.

    `file` is the name of a Word file of that version, when it is what somebody edited in it by hand.
    """

    since: int
    version: int | None
    all: tuple[Changed, ...]
    file: str = ""


def how(was: Content, is_: Content) -> How:
    """What became of a text; one that is empty is none."""
    return How.CHANGED if was and is_ else How.NEW if is_ else How.GONE
