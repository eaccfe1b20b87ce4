"""What of a submission an edition may show: the seam where words and pages are taken out."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from handlers.appendix.shape import Appendix, Author, Enclosure, Entry, Message
from handlers.discretion import CPR, Veil
from handlers.notat.shape import Fact
from storage.words import Edition

_WORDS = "notat/appendix.j2"


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

    What Slack does not see of them, the public does not see either. Their files are withheld whole, since
    nobody has looked through them; so are other files in which a CPR number stands.
    """

    def text(self, words: str, *, author: Author) -> str:
        veil = Veil(author.names, words=_WORDS)
        return veil.over(words) if author.is_private else veil.over_cpr(words)

    def shows(self, file: Enclosure, *, author: Author) -> bool:
        return not author.is_private and not CPR.search(file.text)


def redaction_of(edition: Edition) -> Redaction:
    """What an edition leaves out when nobody has said more."""
    return WithoutPersons() if edition == Edition.PUBLIC else Everything()


def redacted(appendix: Appendix, *, by: Redaction) -> Appendix:
    """The appendix with all its words as they may be printed; pages are asked about when they are placed."""
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
    shown = by.shows(file, author=author)
    return replace(
        file, name=by.text(file.name, author=author), withheld=not shown,
        text=by.text(file.text, author=author) if shown else "",
    )  # fmt: skip
