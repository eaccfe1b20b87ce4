"""What an appendix says: submissions in the notat's order, each with its mails and files."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.notat.shape import Fact
from storage.words import Edition


@dataclass(frozen=True, slots=True)
class Author:
    """Whose words these are, for whoever must decide what may be printed of them."""

    names: tuple[str, ...]
    is_private: bool


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file of a submission; `number` counts within it from one. `text` is what is known to stand in it.

    One that is `withheld` is not for the edition, and not even opened.
    """

    number: int
    name: str
    content_type: str
    size: int
    sha256: str
    text: str = ""
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """One mail; the first has no heading."""

    heading: str
    facts: tuple[Fact, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A submission under its number in the notat, and the name that is printed there."""

    number: int
    name: str
    author: Author
    messages: tuple[Message, ...]
    files: tuple[Enclosure, ...]


@dataclass(frozen=True, slots=True)
class Appendix:
    """The whole document, as yet without the pages of its files.

    `numbered_as` is the version of the notat that has the same numbers, None when the newest has not.
    """

    edition: Edition
    title: str
    owner: str
    case_label: str
    facts: tuple[Fact, ...]
    entries: tuple[Entry, ...]
    numbered_as: int | None = None
