"""What people wrote that a notat prints, each with where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

from handlers.content import Block, Content, Inline, Item, Listing, Note, digest, load
from handlers.hearing.parties import heading_name
from handlers.notat.finding import Finding, Lack
from handlers.notat.order import Voice, voices
from handlers.notat.remarks import answers
from handlers.notat.texts import text
from storage.dossier import Dossier
from storage.words import TextName

SUMMARY = "summary"


@dataclass(frozen=True, slots=True)
class Passage:
    """A text, and the finding that would be about it."""

    about: Finding
    content: Content
    digest: str

    def found(self, lack: Lack, *, words: str = "", other: str = "") -> Finding:
        """Give the finding that something is the matter with it."""
        return replace(self.about, lack=lack, words=words, other=other, mark=self.digest[:16])

    @property
    def said(self) -> str:
        """The words alone, a line for each paragraph and point; footnotes stand on lines of their own."""
        return "\n".join(_lines(self.content))


def passages(dossier: Dossier) -> Iterator[Passage]:
    """Everything in printed order, the hearing's own texts first."""
    for name in TextName:
        content = text(dossier, name)
        if content:
            yield Passage(Finding(Lack.BRACKETS, where=name.value), content, digest(content))
    for voice in voices(dossier):
        yield from _of_voice(voice, dossier)


def about_voice(voice: Voice, dossier: Dossier, lack: Lack) -> Finding:
    """The finding that would be about what a voice says, by its numbers and name."""
    number, first = voice.first
    party = heading_name(first.party, dossier.hearing.private_persons)
    return Finding(lack, voice.bearer.submission.number, number, party)


def _of_voice(voice: Voice, dossier: Dossier) -> Iterator[Passage]:
    about = about_voice(voice, dossier, Lack.BRACKETS)
    if voice.bearer.summary is not None:
        content = load(voice.bearer.summary.content)
        yield Passage(replace(about, where=SUMMARY), content, digest(content))
    for answer in answers(voice.bearer, dossier):
        seat = answer.laid.seat.name
        yield Passage(
            replace(about, department=seat, theme=answer.laid.referral.theme), answer.body, answer.digest
        )


def _lines(content: Content) -> Iterator[str]:
    for each in chain.from_iterable(map(_pieces, content)):
        yield "".join("" if isinstance(run, Note) else run.text for run in each.runs)
        for note in each.runs:
            if isinstance(note, Note):
                yield "".join(run.text for run in note.runs)


def _pieces(block: Block) -> tuple[Item | _Runs, ...]:
    return block.items if isinstance(block, Listing) else (_Runs(block.runs),)


@dataclass(frozen=True, slots=True)
class _Runs:
    """The runs of a paragraph."""

    runs: tuple[Inline, ...]
