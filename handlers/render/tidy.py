"""Text made fit to print: clean, single-spaced, with nothing empty left in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from handlers.content import Inline, Note, Run, clean, link

_BLANKS = re.compile(r"\t[ \t]*| [ \t]+")
_BREAKS = re.compile(r" ?\n[ \n]*")
_LONGEST_LINK = 2000  # Word and older browsers cut or refuse longer ones


def line(text: str) -> str:
    """The text on one line."""
    return _spaced(clean(text).replace("\n", " ")).strip(" ")


def inlines(runs: Iterable[Inline]) -> tuple[Inline, ...]:
    """The runs with single blanks, none at either end, nothing empty, and only links that can be followed."""
    kept = list(_single_spaced(runs))
    while kept and isinstance(last := kept[-1], Run):
        kept.pop()
        if text := last.text.rstrip(" \n"):
            return (*kept, replace(last, text=text))
    return tuple(kept)


def _single_spaced(runs: Iterable[Inline]) -> Iterator[Inline]:
    edge = True  # a blank here would follow a blank, a line end or nothing
    for run in runs:
        if isinstance(run, Note):
            if inner := _words(run.runs):
                edge = False
                yield Note(inner)
            continue
        text = _single(clean(run.text))
        text = text.lstrip(" \n") if edge else text
        if text:
            edge = text[-1] in " \n"
            yield replace(run, text=text, href=_href(run.href))


def _single(text: str) -> str:
    spaced = _spaced(text)
    return _BREAKS.sub("\n", spaced) if "\n" in spaced else spaced


def _spaced(text: str) -> str:
    return _BLANKS.sub(" ", text) if "  " in text or "\t" in text else text


def _words(runs: Iterable[Run]) -> tuple[Run, ...]:
    return tuple(run for run in inlines(runs) if isinstance(run, Run))


def _href(address: str) -> str:
    followable = link(address) if address else ""
    return followable if len(followable) <= _LONGEST_LINK else ""
