"""Typed runs of text → the tree's inlines: lines parted, spaces tidied, `[fodnote: …]` made a note, and back.

The normal form that `line` gives and that survives being typed back: no empty run, no two neighbours with
the same look, no space twice or at either end, none before a note; a note holds something, and the square
brackets in it (outside links) come in pairs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from handlers.content import Inline, Note, Run, clean

_SPACES = re.compile(r"[ \t\n]+")
_OPENING = re.compile(r"\[\s*fodnote\s*:", re.IGNORECASE)


def lines(runs: Iterable[Run]) -> tuple[tuple[Inline, ...], ...]:
    """The runs' lines, each as inlines, without those that hold nothing."""
    parted: list[list[Run]] = [[]]
    for run in runs:
        first, *rest = clean(run.text).split("\n")
        parted[-1].append(replace(run, text=first))
        parted.extend([replace(run, text=text)] for text in rest)
    return tuple(inlines for inlines in map(line, parted) if inlines)


def line(runs: Iterable[Run]) -> tuple[Inline, ...]:
    """The runs as one line (a line end counts as a space), with its notes."""
    return tuple(_with_notes(_merged(_spaced(runs))))


def typed(inlines: Sequence[Inline]) -> tuple[Run, ...]:
    """The inlines as a person would type them, a note as `[fodnote: …]`."""
    runs: list[Run] = []
    for inline in inlines:
        if isinstance(inline, Run):
            runs.append(inline)
        else:
            runs += [Run(" [fodnote: " if runs else "[fodnote: "), *inline.runs, Run("]")]
    return _merged(runs)


def _spaced(runs: Iterable[Run]) -> Iterator[Run]:
    last = ""
    for run in runs:
        text = _SPACES.sub(" ", clean(run.text))
        text = text.removeprefix(" ") if last == " " else text
        if text:
            last = text[-1]
            yield replace(run, text=text)


def _merged(runs: Iterable[Run]) -> tuple[Run, ...]:
    merged: list[Run] = []
    for run in runs:
        if merged and replace(merged[-1], text="") == replace(run, text=""):
            merged[-1] = replace(run, text=merged[-1].text + run.text)
        elif run.text:
            merged.append(run)
    return tuple(replace(run, text=clean(run.text)) for run in merged)


def _with_notes(runs: tuple[Run, ...]) -> Iterator[Inline]:
    shown = _shown(runs)
    closings = _closings(shown)
    at = 0
    for opening in _OPENING.finditer(shown):
        closing = closings.get(opening.start(), 0)
        words = _trimmed(_cut(runs, opening.end(), closing)) if opening.start() >= at else ()
        if words:
            yield from _before(runs, at, opening.start())
            yield Note(words)
            at = closing + 1
    yield from _before(runs, at, len(shown))


def _shown(runs: Iterable[Run]) -> str:
    """The text as the search for notes sees it: a bracket in a link's words opens and closes nothing."""
    return "".join("x" * len(run.text) if run.href else run.text for run in runs)


def _closings(text: str) -> dict[int, int]:
    """Where each bracket that is opened is closed; one that is never closed is not there."""
    opened: list[int] = []
    closings: dict[int, int] = {}
    for bracket in re.finditer(r"[][]", text):
        if bracket[0] == "[":
            opened.append(bracket.start())
        elif opened:
            closings[opened.pop()] = bracket.start()
    return closings


def _before(runs: tuple[Run, ...], start: int, end: int) -> tuple[Run, ...]:
    part = _cut(runs, start, end)
    return _trimmed(part) if start == 0 else _stripped_right(part)


def _cut(runs: Iterable[Run], start: int, end: int) -> tuple[Run, ...]:
    cut: list[Run] = []
    at = 0
    for run in runs:
        text = run.text[max(start - at, 0) : max(end - at, 0)]
        at += len(run.text)
        if text:
            cut.append(replace(run, text=text))
    return tuple(cut)


def _trimmed(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    for number, run in enumerate(runs):
        if words := run.text.lstrip():
            return _stripped_right((replace(run, text=words), *runs[number + 1 :]))
    return ()


def _stripped_right(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    for number in range(len(runs) - 1, -1, -1):
        if words := runs[number].text.rstrip():
            return (*runs[:number], replace(runs[number], text=words))
    return ()
