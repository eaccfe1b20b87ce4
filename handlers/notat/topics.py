"""What the submissions are about: by the theme of each referral, else by the topic for which it was made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from handlers.notat.order import Voice, voices
from handlers.notat.remarks import Answer, answers
from handlers.routing.subject import subject
from handlers.talk.progress import ending
from storage.dossier import Dossier, Laid
from storage.hearings import Seat
from storage.words import PartyKind

_NOBODYS = ""
"""The name of the topic of what has none."""


@dataclass(frozen=True, slots=True)
class Matter:
    """One department asked about one submission, on one topic, with what it answered."""

    voice: Voice
    laid: Laid
    name: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Topic:
    """Matters of one name, by the printed numbers of their submissions; an empty name is for all the rest."""

    name: str
    matters: tuple[Matter, ...]

    @property
    def voices(self) -> tuple[Voice, ...]:
        """Each submission once, by its number."""
        return tuple({matter.voice.first[0]: matter.voice for matter in self.matters}.values())

    @property
    def numbers(self) -> tuple[int, ...]:
        """The printed numbers of all who are spoken for."""
        return tuple(sorted(number for voice in self.voices for number in voice.numbers))

    @property
    def kinds(self) -> frozenset[PartyKind]:
        """Of what kinds they are."""
        return frozenset(filed.party.kind for voice in self.voices for filed in voice.all)


def by_department(dossier: Dossier) -> Iterator[tuple[Seat, tuple[Topic, ...]]]:
    """The departments that were asked, in the hearing's order, each with its topics."""
    matters = tuple(_matters(dossier))
    for seat in dossier.seats:
        own = [matter for matter in matters if matter.laid.seat.id == seat.id]
        if own:
            yield seat, _topics(own, (seat,))


def across(dossier: Dossier) -> tuple[Topic, ...]:
    """The topics, whichever departments were asked about them."""
    return _topics(_matters(dossier), dossier.seats)


def unasked(dossier: Dossier) -> tuple[Voice, ...]:
    """The submissions that were laid before nobody, or that nobody owns to."""
    asked = {matter.voice.first[0] for matter in _matters(dossier)}
    return tuple(voice for voice in voices(dossier) if voice.first[0] not in asked)


def _matters(dossier: Dossier) -> Iterator[Matter]:
    for voice in voices(dossier):
        given = answers(voice.bearer, dossier)
        for laid in voice.bearer.referrals:
            own = tuple(answer for answer in given if answer.laid is laid)
            if not own and ending(laid.ends).sent_on:
                continue
            yield Matter(voice, laid, _name(laid), own)


def _name(laid: Laid) -> str:
    name = laid.referral.theme or subject(laid.passages, laid.seat.topics)
    return name[:1].upper() + name[1:]


def _topics(matters: Iterable[Matter], seats: Iterable[Seat]) -> tuple[Topic, ...]:
    """In the order of the departments' topics, then themes as they come, then what has no name."""
    named: dict[str, list[Matter]] = defaultdict(list)
    for matter in matters:
        named[matter.name.casefold()].append(matter)
    topics = [topic.casefold() for seat in seats for topic in seat.topics]
    places = {name: place for place, name in reversed(list(enumerate(topics)))}

    def place(name: str) -> tuple[bool, int]:
        return name == _NOBODYS, places.get(name, len(places))

    return tuple(Topic(named[name][0].name, tuple(named[name])) for name in sorted(named, key=place))
