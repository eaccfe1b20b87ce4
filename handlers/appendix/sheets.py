"""What a file becomes for printing: sheets, each a page as it looks, with what can be read of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Look(StrEnum):
    """What a reader who cannot see gets of a sheet."""

    TEXT = "text"
    """Its words, in the order they were put on it."""
    PICTURE = "picture"
    """What is said in place of it."""
    TAGGED = "tagged"
    """What its own tags say."""


class Why(StrEnum):
    """Why a file is not shown."""

    LOCKED = "locked"
    DAMAGED = "damaged"
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    UNKNOWN = "unknown"
    """A kind that cannot be shown, or not on this machine."""
    WITHHELD = "withheld"
    """It is not for this edition."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page: its size as it is looked at, in points, and for a picture the words that are on it."""

    width: float
    height: float
    look: Look
    words: str = ""

    @property
    def is_wide(self) -> bool:
        return self.width > self.height


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of a sheet's content (`sheet` from 0), by its number there (ISO 32000-1 §14.7.4.2)."""

    sheet: int
    mcid: int


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link: where it is on the sheet as the sheet's own content counts, and where it leads."""

    sheet: int
    box: tuple[float, float, float, float]
    address: str


@dataclass(frozen=True, slots=True)
class Tag:
    """An element of a structure tree, of a standard type (ISO 32000-1 §14.8.4)."""

    kind: str
    kids: tuple[Tag | Mark | Anchor, ...] = ()
    alt: str = ""
    actual: str = ""
    expansion: str = ""
    language: str = ""
    cell: Mapping[str, str | int] | None = None  # Scope, RowSpan, ColSpan


@dataclass(frozen=True, slots=True)
class Pressed:
    """A file's sheets, which lie in the PDF at `path` under /Sheets of its root, and its tags if any."""

    path: Path
    sheets: tuple[Sheet, ...]
    tags: tuple[Tag, ...] = ()


@dataclass(frozen=True, slots=True)
class Unshown:
    """A file without sheets."""

    why: Why


class NotShownError(Exception):
    """Why a file gives no sheets."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why
