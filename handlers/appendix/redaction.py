"""What of a submission an edition may show: the seam where words and pages are taken out."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Protocol

from handlers.appendix.shape import Appendix, Author, Enclosure, Entry, Message
from handlers.notat.shape import Fact
from storage.words import Edition
from templates import say

_WORDS = "notat/appendix.j2"
_EMAIL = re.compile(r"(?:mailto:)?[^\s<>@()\[\],;:\"]+@[^\s<>@()\[\],;:\"]+\.[^\W\d_]{2,}", re.IGNORECASE)
_TELEPHONE = re.compile(
    r"(?<![\d.,-])(?:(?:\+|00)45[ .-]?)?(?:\d{8}|\d{2}([ .-])\d{2}\1\d{2}\1\d{2}|\d{4} \d{4})(?!\d|[.,-]\d)"
)
_CPR = re.compile(r"(?<!\d)(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{2}[ -]?\d{4}(?!\d)")


class Redaction(Protocol):
    """Decides what is shown; of what it leaves out nothing gets into the file."""

    def text(self, words: str, *, author: Author) -> str:
        """Give the words as they may be printed."""

    def shows(self, file: Enclosure, *, author: Author) -> bool:
        """Whether anything at all of a file is shown."""

    def keeps(self, file: Enclosure, *, page: int) -> bool:
        """Whether a page (from 1) of a file that is shown stays in it."""


class Everything:
    """Takes nothing out: for use in the case."""

    def text(self, words: str, *, author: Author) -> str:  # noqa: ARG002  each redaction is asked the same
        return words

    def shows(self, file: Enclosure, *, author: Author) -> bool:  # noqa: ARG002
        return True

    def keeps(self, file: Enclosure, *, page: int) -> bool:  # noqa: ARG002
        return True


class WithoutPersons(Everything):
    """Takes out what tells who a private person is, as far as a machine can find it, and all CPR numbers.

    The files of private persons are withheld whole: nobody has looked through them.
    """

    def text(self, words: str, *, author: Author) -> str:
        words = _CPR.sub(_said("cpr"), words)
        if not author.is_private:
            return words
        words = _EMAIL.sub(_said("email"), words)
        words = _TELEPHONE.sub(_said("telephone"), words)
        for known in _names(author):
            words = known.sub(_said("name"), words)
        return words

    def shows(self, file: Enclosure, *, author: Author) -> bool:  # noqa: ARG002
        return not author.is_private


def redaction_of(edition: Edition) -> Redaction:
    """What an edition leaves out when nobody has said more."""
    return WithoutPersons() if edition == Edition.PUBLIC else Everything()


def redacted(appendix: Appendix, *, by: Redaction) -> Appendix:
    """The appendix with all its words as they may be printed; files are asked about when they are placed."""
    return replace(appendix, entries=tuple(_entry(entry, by) for entry in appendix.entries))


def _entry(entry: Entry, by: Redaction) -> Entry:
    return replace(
        entry,
        messages=tuple(_message(each, entry.author, by) for each in entry.messages),
        files=tuple(_file(each, entry.author, by) for each in entry.files),
    )


def _message(message: Message, author: Author, by: Redaction) -> Message:
    facts = tuple(Fact(fact.label, by.text(fact.value, author=author)) for fact in message.facts)
    return replace(message, facts=facts, text=by.text(message.text, author=author))


def _file(file: Enclosure, author: Author, by: Redaction) -> Enclosure:
    text = by.text(file.text, author=author) if file.text and by.shows(file, author=author) else ""
    return replace(file, name=by.text(file.name, author=author), text=text)


def _names(author: Author) -> list[re.Pattern[str]]:
    """Each whole name anywhere, and its parts where one stands alone on a line, as below a letter."""
    whole = sorted({name for name in author.names if len(name.split()) > 1}, key=len, reverse=True)
    parts = {part for name in author.names for part in name.split() if len(part) > 1}
    spaced = (r"\s+".join(map(re.escape, name.split())) for name in whole)
    found = [re.compile(rf"(?<!\w){name}(?!\w)", re.IGNORECASE) for name in spaced]
    if parts:
        part = "|".join(re.escape(part) for part in sorted(parts, key=len, reverse=True))
        alone = rf"^[ \t]*(?:{part})(?:[ \t]+(?:{part}|\w\.?))*[ \t]*[.,]?[ \t]*$"
        found.append(re.compile(alone, re.IGNORECASE | re.MULTILINE))
    return found


def _said(phrase: str) -> str:
    return say(_WORDS, phrase).replace("\\", r"\\")
