"""What somebody changed by hand in a Word file, paragraph by paragraph."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from handlers.content import paragraphs
from handlers.notat.changed import Changed, How, What
from handlers.render.lines import Line
from handlers.talk.difference import difference

_ALIKE = 0.4  # share of words from which one paragraph is another that was changed
_MOST_COMPARED = 250_000  # pairs of paragraphs; beyond that it would take seconds


def edited(was: Sequence[Line], is_: Sequence[Line]) -> tuple[Changed, ...]:
    """Each paragraph that is new, gone or changed, in the order they stand in now."""
    return tuple(
        change
        for old, new in _unlike([each.text for each in was], [each.text for each in is_])
        for change in _paired(was[old], is_[new])
    )


def _unlike(was: Sequence[str], is_: Sequence[str]) -> Iterator[tuple[slice, slice]]:
    """Yield the stretches that are not the same, found between the lines that both have once."""
    anchors = [(-1, -1), *_anchors(was, is_), (len(was), len(is_))]
    for (old, new), (old_end, new_end) in pairwise(anchors):
        gap = was[old + 1 : old_end], is_[new + 1 : new_end]
        for from_, to, other_from, other_to in _compared(*gap):
            yield slice(old + 1 + from_, old + 1 + to), slice(new + 1 + other_from, new + 1 + other_to)


def _anchors(was: Sequence[str], is_: Sequence[str]) -> list[tuple[int, int]]:
    """The longest run of lines that both have once, in the same order."""
    places = _once(is_)
    pairs = [(old, places[text]) for text, old in _once(was).items() if text in places]
    tails, ends, before = list[int](), list[int](), list[int]()
    for index, (_, new) in enumerate(pairs):
        at = bisect_left(tails, new)
        tails[at : at + 1], ends[at : at + 1] = [new], [index]
        before.append(ends[at - 1] if at else -1)
    found, index = list[tuple[int, int]](), ends[-1] if ends else -1
    while index >= 0:
        found.append(pairs[index])
        index = before[index]
    return found[::-1]


def _once(texts: Sequence[str]) -> dict[str, int]:
    counted = Counter(texts)
    return {text: place for place, text in enumerate(texts) if counted[text] == 1}


def _compared(was: Sequence[str], is_: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    if len(was) * len(is_) > _MOST_COMPARED:
        yield 0, len(was), 0, len(is_)
        return
    for tag, *places in SequenceMatcher(None, was, is_, autojunk=False).get_opcodes():
        if tag != "equal":
            yield places[0], places[1], places[2], places[3]


def _paired(was: Sequence[Line], is_: Sequence[Line]) -> Iterator[Changed]:
    """Yield the paragraphs of a stretch: each old one with the first new one that is much like it."""
    few, at = len(was) * len(is_) <= _MOST_COMPARED, 0
    for old in was:
        places = range(at, len(is_)) if few else ()
        place = next((each for each in places if _are_alike(old, is_[each])), None)
        if place is None:
            yield _changed(How.GONE, old, None)
            continue
        yield from (_changed(How.NEW, None, each) for each in is_[at:place])
        yield _changed(How.CHANGED, old, is_[place])
        at = place + 1
    yield from (_changed(How.NEW, None, each) for each in is_[at:])


def _are_alike(one: Line, other: Line) -> bool:
    words = one.text.split(), other.text.split()
    shared = (Counter(words[0]) & Counter(words[1])).total()
    return shared >= _ALIKE * max(map(len, words))


def _changed(how: How, old: Line | None, new: Line | None) -> Changed:
    place = new or old
    under = place.under if place is not None else ""
    one, other = (paragraphs(each.text) if each is not None else () for each in (old, new))
    what = What.NOTE if under is None else What.PARAGRAPH
    return Changed(what, how, name=under or "", stretches=difference(one, other))
