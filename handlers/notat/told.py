"""How a topic is told: who spoke of it, what they said, what was answered, and what is changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain, groupby

from handlers.content import Block, Content, Item, Listing, Para, Run, paragraphs
from handlers.hearing.parties import heading_name
from handlers.notat.by_submission import summary
from handlers.notat.changes import change_of
from handlers.notat.order import Voice, spans
from handlers.notat.remarks import Answer
from handlers.notat.topics import Matter, Topic
from storage.models import Hearing
from templates import say

_say = partial(say, "notat/layouts.j2")

Given = tuple[Voice, Answer]
"""An answer, and to whom."""


@dataclass(slots=True)
class Summaries:
    """The accounts of submissions: each in full where it comes first, and where that was, after that."""

    hearing: Hearing
    told: dict[int, str] = field(default_factory=dict)

    def of(self, voices: Iterable[Voice], *, under: str) -> Content:
        """What they said, told under a heading; those that nobody summarised are only named in the list."""
        return tuple(chain.from_iterable(self._of(voice, under=under) for voice in voices))

    def _of(self, voice: Voice, *, under: str) -> Content:
        number, first = voice.first
        name = heading_name(first.party, self.hearing.private_persons)
        said = summary(voice)
        if not said:
            return ()
        lead = _say("summary_lead", number=number, name=name, others=bool(voice.others))
        if number in self.told:
            return led(lead, paragraphs(_say("told_under", heading=self.told[number])))
        self.told[number] = under
        return led(lead, said)


def led(lead: str, content: Content) -> Content:
    """The content, its first words after a lead in bold; a list, or another's words, stand below it."""
    first, bold = content[0], Run(f"{lead} ", bold=True)
    if isinstance(first, Para) and not first.quote:
        return (replace(first, runs=(bold, *first.runs)), *content[1:])
    return (Para((bold,)), *content)


def headed(given: Iterable[Given]) -> dict[str, list[Given]]:
    """What was answered, by the heading that somebody gave it by hand; "" for what has the house's own."""
    under = defaultdict[str, list[Given]](list)
    for voice, answer in given:
        under[answer.heading if answer.by_hand else ""].append((voice, answer))
    return under


def answered(topic: Topic, given: Sequence[Given]) -> Content:
    """What was answered, the same words once; who is answered is said where it is not everybody."""
    numbers: dict[str, tuple[Answer, list[int]]] = {}
    for voice, answer in given:
        known = numbers.setdefault(answer.digest, (answer, []))[1]
        known.extend(number for number in voice.numbers if number not in known)
    told, everybody = list[Block](), topic.numbers
    for to, same in groupby(numbers.values(), key=lambda each: tuple(sorted(each[1]))):
        if to != everybody:
            told.append(Para((Run(_say("answered", numbers=spans(to)), bold=True),)))
        told.extend(block for answer, _ in same for block in answer.body)
    return tuple(told)


def changed(matters: Iterable[Matter]) -> Content:
    """What the answers change, each change once; empty when they change nothing."""
    found = dict.fromkeys(change for matter in matters if (change := change_of(matter.laid)) is not None)
    points = tuple(Item((Run(_say("change", what=what, certain=certain)),)) for what, certain in found)
    return (Listing(points),) if points else ()


def spoken_of(topic: Topic, summaries: Summaries, *, under: str) -> Content:
    """Which submissions speak of it, and what they say; the lead of a lone one says which it is."""
    said = summaries.of(topic.voices, under=under)
    if said and len(topic.numbers) == 1:
        return said
    return (*paragraphs(_say("numbers", numbers=spans(topic.numbers))), *said)
