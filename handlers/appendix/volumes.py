"""A long appendix set in parts, side by side, and bound without a seam, before its sheets are put in."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import accumulate
from math import ceil
from multiprocessing import get_context
from signal import SIG_IGN, SIGINT, signal

import pikepdf
from pikepdf import Array, Dictionary, Pdf

from handlers.appendix.base import Part, base, compiled, front, heading
from handlers.appendix.placing import Files
from handlers.appendix.shape import Appendix
from handlers.content import clean
from handlers.render.fonts import FAMILIES
from handlers.render.volumes import Bookmark, bind

LONG = 300  # submissions and sheets, from which two processors are worth their start
_VOLUME = 1_000  # of these; typst takes half a gigabyte for so many
_AT_ONCE = 2
_WAY = re.compile(r"bilag:(\d+)")
_TRIES = 5  # its own pages move those that it tells of; a longer number may add a line
_TEXT, _SHEET, _WIDE = "text", "sheet", "wide"


@dataclass(frozen=True, slots=True)
class _Volume:
    """Some submissions as set: on which pages they begin (from 0), what each page is, levels of headings."""

    document: bytes
    begins: tuple[int, ...]
    pages: tuple[str, ...]
    levels: tuple[int, ...]


def whole(
    appendix: Appendix, files: Files, *, at: datetime, longest: int = LONG, volume: int = _VOLUME
) -> bytes:
    """As `base` gives it; one of more than `longest` submissions and sheets is set in volumes of `volume`."""
    if _weight(appendix, files) <= longest:
        return base(appendix, files, at=at)
    parts = list(_parts(appendix, files, size=volume))
    work = partial(_set, at=at)
    # Fresh processes: typst remembers what it has set, and memory goes back to the system.
    with ProcessPoolExecutor(
        _AT_ONCE, mp_context=get_context("spawn"), max_tasks_per_child=1, initializer=signal,
        initargs=(SIGINT, SIG_IGN),
    ) as processes:  # fmt: skip
        made = list(processes.map(work, parts, [_of(part, files) for part in parts]))
    return _bound(appendix, files, made, at=at)


def _weight(appendix: Appendix, files: Files) -> int:
    return sum(1 + sum(len(each.places) for each in files[entry.number]) for entry in appendix.entries)


def _parts(appendix: Appendix, files: Files, *, size: int) -> Iterator[Appendix]:
    """The submissions in volumes of about one weight, so many that none waits for another alone."""
    weights = [_weight(replace(appendix, entries=(entry,)), files) for entry in appendix.entries]
    rounds = ceil(sum(weights) / (size * _AT_ONCE))
    share = ceil(sum(weights) / (rounds * _AT_ONCE))
    volumes: dict[int, list[int]] = {}
    for place, before in enumerate(accumulate(weights, initial=0)):
        if place < len(weights):
            volumes.setdefault(before // share, []).append(place)
    for places in volumes.values():
        yield replace(appendix, entries=appendix.entries[places[0] : places[-1] + 1])


def _of(part: Appendix, files: Files) -> Files:
    return {entry.number: files[entry.number] for entry in part.entries}


def _set(part: Appendix, files: Files, *, at: datetime) -> _Volume:
    document = base(part, files, at=at, part=Part.VOLUME)
    with pikepdf.open(io.BytesIO(document)) as file, file.open_outline() as outline:
        places = {page.obj.objgen: number for number, page in enumerate(file.pages)}
        begins = tuple(places[_target(item)] for item in outline.root)
        kinds = tuple(_kinds(part, files, begins=begins, count=len(places)))
        return _Volume(document, begins, kinds, tuple(_levels(outline.root)))


def _target(item: pikepdf.OutlineItem) -> tuple[int, int]:
    if not isinstance(item.destination, Array):
        raise TypeError("a bookmark leads nowhere")
    return item.destination[0].objgen


def _levels(items: Sequence[pikepdf.OutlineItem], level: int = 1) -> Iterator[int]:
    for item in items:
        yield level
        yield from _levels(list(item.children), level + 1)


def _kinds(part: Appendix, files: Files, *, begins: Sequence[int], count: int) -> Iterator[str]:
    """What each page is: the sheets of a submission's files are its last pages."""
    for entry, begin, end in zip(part.entries, begins, [*begins[1:], count], strict=True):
        sheets = [place.sheet for each in files[entry.number] for place in each.places]
        yield from [_TEXT] * (end - begin - len(sheets))
        yield from (_WIDE if sheet.is_wide else _SHEET for sheet in sheets)


def _bound(appendix: Appendix, files: Files, made: Sequence[_Volume], *, at: datetime) -> bytes:
    first, first_levels, before = _front(appendix, files, made, at=at)
    pages = [_TEXT] * before + [kind for volume in made for kind in volume.pages]
    values = {"fonts": FAMILIES, "title": clean(appendix.title), "pages": pages}
    return bind(
        [first, *(volume.document for volume in made)],
        levels=[*first_levels, *(level for volume in made for level in volume.levels)],
        folios=compiled("appendix_folios.typ", values, at=at, tags=False),
        mended=partial(_lead, appendix, len(first_levels), before),
    )


def _front(
    appendix: Appendix, files: Files, made: Sequence[_Volume], *, at: datetime
) -> tuple[bytes, tuple[int, ...], int]:
    """What stands before, the levels of its headings, and how many pages it takes, which it tells itself."""
    starts = accumulate((len(volume.pages) for volume in made), initial=0)
    begins = [start + each for start, volume in zip(starts, made, strict=False) for each in volume.begins]
    before = 0
    for _ in range(_TRIES):
        document = front(appendix, files, pages=[before + begin + 1 for begin in begins], at=at)
        with pikepdf.open(io.BytesIO(document)) as file, file.open_outline() as outline:
            if len(file.pages) == before:
                return document, tuple(_levels(outline.root)), before
            before = len(file.pages)
    raise RuntimeError("the contents come to no rest")


def _lead(appendix: Appendix, skipped: int, before: int, whole: Pdf, bookmarks: Sequence[Bookmark]) -> None:
    """Let the ways in the front lead to their submissions."""
    heads = {str(bookmark.title): bookmark for bookmark in bookmarks[skipped:]}
    pages = list(whole.pages)
    numbered = {entry.number: heads[heading(entry)] for entry in appendix.entries}
    for page in pages[:before]:
        for note in page.obj.get("/Annots", Array()):
            found = _WAY.fullmatch(str(note.get("/A", Dictionary()).get("/URI", "")))
            if found:
                to = numbered[int(found[1])]
                del note.A
                note.Dest = Array([pages[to.page].obj, *to.spot])
