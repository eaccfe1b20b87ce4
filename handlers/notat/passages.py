"""What people wrote that a notat prints, down to names and headings, each with where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain
from uuid import UUID

from handlers.content import Block, Content, Inline, Item, Listing, Note, Para, Run, digest, load
from handlers.hearing.parties import asked_name, heading_name, list_name
from handlers.notat.changes import change_of
from handlers.notat.finding import Finding, Lack
from handlers.notat.order import Voice, numbered, voices
from handlers.notat.remarks import answers
from handlers.notat.texts import text
from storage.dossier import Dossier
from storage.models import Hearing
from storage.words import TextName


class Where(StrEnum):
    """What a passage is, where it is neither one of the hearing's texts nor the body of a remark."""

    SUMMARY = "summary"
    TITLE = "title"
    CASE_NUMBER = "case_number"
    DEPARTMENT = "department"
    TOPIC = "topic"
    HEARD = "heard"
    """A party that was asked, or its group."""
    PARTY = "party"
    """The names of whoever answers."""
    HEADING = "heading"
    THEME = "theme"
    CHANGE = "change"
    """What an answer changes in the proposal."""


REMARK = ""
"""Where the body of a remark stands."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A text, and the finding that would be about it."""

    about: Finding
    content: Content

    def found(self, lack: Lack, *, words: str = "", other: str = "") -> Finding:
        """Give the finding that something is the matter with it."""
        return replace(self.about, lack=lack, words=words, other=other, mark=self.digest[:16])

    @property
    def digest(self) -> str:
        """What tells these words from all others."""
        return digest(self.content)

    @property
    def said(self) -> str:
        """The words alone, a line for each paragraph and point; footnotes stand on lines of their own."""
        return "\n".join(_lines(self.content))


def passages(dossier: Dossier) -> Iterator[Passage]:
    """Everything that may be printed, in whatever order: first what is the hearing's, then by submission."""
    yield from _of_hearing(dossier.hearing)
    yield from _of_departments(dossier)
    for name in TextName:
        content = text(dossier, name)
        if content:
            yield _passage(Finding(Lack.BRACKETS, where=name.value), content)
    yield from _of_names(dossier)
    for voice in voices(dossier):
        yield from _of_voice(voice, dossier)


def about_voice(voice: Voice, dossier: Dossier, lack: Lack) -> Finding:
    """The finding that would be about what a voice says, by its numbers and name."""
    number, first = voice.first
    party = heading_name(first.party, dossier.hearing.private_persons)
    return Finding(lack, voice.bearer.submission.number, number, party)


def _of_hearing(hearing: Hearing) -> Iterator[Passage]:
    yield _named(Finding(Lack.BRACKETS), Where.TITLE, hearing.title)
    yield _named(Finding(Lack.BRACKETS), Where.CASE_NUMBER, hearing.case_number)


def _of_departments(dossier: Dossier) -> Iterator[Passage]:
    for seat in dossier.seats:
        about = Finding(Lack.BRACKETS, department=seat.name)
        yield _named(about, Where.DEPARTMENT, seat.name, seat.genitive)
        yield from (_named(about, Where.TOPIC, topic) for topic in seat.topics)


def _of_names(dossier: Dossier) -> Iterator[Passage]:
    """Yield the names of the parties, each party's once."""
    rule, known = dossier.hearing.private_persons, set[UUID]()
    for party in dossier.heard:
        yield _named(Finding(Lack.BRACKETS), Where.HEARD, party.group, asked_name(party, rule))
    for number, filed in numbered(dossier):
        if filed.party.id not in known:
            known.add(filed.party.id)
            heading, listed = heading_name(filed.party, rule), list_name(filed.party, rule)
            about = Finding(Lack.BRACKETS, filed.submission.number, number, heading)
            yield _named(about, Where.PARTY, heading, listed)


def _of_voice(voice: Voice, dossier: Dossier) -> Iterator[Passage]:
    about = about_voice(voice, dossier, Lack.BRACKETS)
    if voice.bearer.summary is not None:
        yield _passage(replace(about, where=Where.SUMMARY), load(voice.bearer.summary.content))
    for laid in voice.bearer.referrals:
        at = replace(about, department=laid.seat.name, theme=laid.referral.theme)
        change = change_of(laid)
        yield from (_named(at, Where.THEME, theme) for theme in (laid.referral.theme,) if theme)
        yield from (_named(at, Where.CHANGE, what) for what in (change[:1] if change else ()) if what)
    for answer in answers(voice.bearer, dossier):
        at = replace(about, department=answer.laid.seat.name, theme=answer.laid.referral.theme)
        yield _named(at, Where.HEADING, answer.heading)
        yield Passage(at, answer.body)


def _named(about: Finding, where: Where, *names: str) -> Passage:
    """A passage of names, or of another line each."""
    said = dict.fromkeys(name for name in names if name)
    return _passage(replace(about, where=where), tuple(Para((Run(name),)) for name in said))


def _passage(about: Finding, content: Content) -> Passage:
    return Passage(about, content)


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
