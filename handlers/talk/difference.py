"""What is different between two texts, word by word, with a few words around each change."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import takewhile

from handlers.content import Content, plain

_WORD = re.compile(r"\n+|[^\s]+[^\S\n]*")
_AROUND = 12  # words shown beside a change
_MOST_COMPARED = 4_000_000  # pairs of words; beyond that it would take seconds


class Fate(StrEnum):
    """What became of a stretch of text."""

    STAYED = "stayed"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some words, and what became of them."""

    fate: Fate
    text: str


def difference(old: Content, new: Content) -> tuple[Stretch, ...]:
    """The new text with what is gone left in, long stretches that stayed shortened to "…".

    Empty when the words are the same, as when only their look changed.
    """
    was, is_ = _WORD.findall(plain(old)), _WORD.findall(plain(new))
    if was == is_:
        return ()
    head = _alike(was, is_)
    tail = _alike(was[head:][::-1], is_[head:][::-1])
    ends = len(was) - tail, len(is_) - tail
    middle = _compared(was[head : ends[0]], is_[head : ends[1]])
    parts = [(Fate.STAYED, was[:head]), *middle, (Fate.STAYED, was[ends[0] :])]
    filled = [(fate, words) for fate, words in parts if words]
    return tuple(
        Stretch(fate, _shortened(words, first=number == 0, last=number == len(filled) - 1))
        if fate == Fate.STAYED
        else Stretch(fate, "".join(words))
        for number, (fate, words) in enumerate(filled)
    )


def _alike(ones: Sequence[str], others: Sequence[str]) -> int:
    """How many words both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(ones, others, strict=False)))


def _compared(was: Sequence[str], is_: Sequence[str]) -> Iterator[tuple[Fate, Sequence[str]]]:
    if len(was) * len(is_) > _MOST_COMPARED:
        yield from ((Fate.GONE, was), (Fate.NEW, is_))
        return
    for tag, start, end, from_, to in SequenceMatcher(None, was, is_, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Fate.STAYED, was[start:end]
        else:
            yield from ((Fate.GONE, was[start:end]), (Fate.NEW, is_[from_:to]))


def _shortened(words: Sequence[str], *, first: bool, last: bool) -> str:
    before, after = (0 if first else _AROUND), (0 if last else _AROUND)
    if len(words) <= before + after + 1:
        return "".join(words)
    return f"{''.join(words[:before])}… {''.join(words[len(words) - after :])}"
