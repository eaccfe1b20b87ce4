"""The notat as one tagged PDF: PDF/UA-1 for readers, PDF/A-2a for the archive."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, partial
from itertools import pairwise
from multiprocessing import get_context
from signal import SIG_IGN, SIGINT, signal
from typing import Any

import typst

from handlers.notat.shape import LEVELS, Notat, Role
from handlers.render.fonts import FAMILIES, FONTS, breakable, readable
from handlers.render.layout import (
    Grid,
    Layout,
    Mark,
    Paragraph,
    Points,
    Printable,
    Printed,
    Section,
    count_marks,
    layout,
)
from handlers.render.volumes import bind, count_pages
from handlers.render.words import TEMPLATES, WORDS

_STANDARDS: list[typst.PDFStandard] = ["ua-1", "a-2a"]
# What goes on from a heading below the first level is no document of its own yet.
_GOES_ON: list[typst.PDFStandard] = ["a-2a"]
_FOLIOS: list[typst.PDFStandard] = ["a-2b"]
_TWO_LINES = "cannot combine underline"  # how typst begins to refuse it
_LONG = 6000  # sections; some 2,000 submissions, from which one compile takes gigabytes
_VOLUME = 3000
_AT_ONCE = 2  # volumes, each of which may take a gigabyte


@dataclass(frozen=True, slots=True)
class _Volume:
    """Sections that are set together; `notes` is how many footnotes come before them."""

    number: int
    alone: bool
    notes: int
    sections: tuple[Section, ...]


def pdf(notat: Notat, *, at: datetime, longest: int = _LONG, volume: int = _VOLUME) -> bytes:
    """The notat as a PDF dated `at` (aware); the same notat and time give the same bytes.

    Signs that no shipped font has are printed as their Unicode names, since PDF/UA allows no missing glyph.
    One of more than `longest` sections is set in volumes of about `volume`, each in a process of its own.
    """
    printed = layout(notat)
    if len(printed.sections) <= longest:
        return _set(_Volume(1, alone=True, notes=0, sections=printed.sections), printed=printed, at=at)
    work = partial(_set, printed=replace(printed, sections=(), notes=()), at=at)
    # Fresh processes: typst remembers what it has set, and memory goes back to the system.
    with ProcessPoolExecutor(
        _AT_ONCE, mp_context=get_context("spawn"), max_tasks_per_child=1, initializer=signal,
        initargs=(SIGINT, SIG_IGN),
    ) as processes:  # fmt: skip
        made = list(processes.map(work, _volumes(printed, size=volume)))
    folios = {"fonts": FAMILIES, "title": _shown(printed.title), "pages": count_pages(made)}
    headed = (*([printed.findings] if printed.findings else ()), *printed.sections)
    levels = [section.level for section in headed if section.heading]
    numbers = compiled("folios.typ", folios, at=at, standards=_FOLIOS, tags=False)
    return bind(made, levels=levels, folios=numbers)


def compiled(
    template: str,
    values: dict[str, Any],
    *,
    at: datetime,
    standards: list[typst.PDFStandard],
    tags: bool = True,
) -> bytes:
    """A PDF of values by a template of ours."""
    made = typst.compile(
        TEMPLATES / template,
        root=TEMPLATES,
        font_paths=shipped_fonts(),
        sys_inputs={"notat": json.dumps(values, ensure_ascii=False)},
        pdf_standards=standards,
        pdf_tags=tags,
        timestamp=int(at.timestamp()),
        format="pdf",
    )
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single PDF")
    return made


def _set(volume: _Volume, *, printed: Layout, at: datetime) -> bytes:
    standards = _STANDARDS if volume.number == 1 else _GOES_ON
    values = _layout(printed, volume)
    try:
        return compiled("notat.typ", values | {"underlined": True}, at=at, standards=standards)
    except typst.TypstError as error:
        # A long note that runs on to the next page may bring a line through its words to one under others'.
        if _TWO_LINES not in str(error):
            raise
    return compiled("notat.typ", values | {"underlined": False}, at=at, standards=standards)


def _volumes(printed: Layout, *, size: int) -> Iterator[_Volume]:
    """The sections in volumes, each beginning with a submission or what is above it."""
    sections, ends = printed.sections, [0]
    for place, section in enumerate(sections):
        if place - ends[-1] >= size and section.level < LEVELS[Role.REMARK]:
            ends.append(place)
    notes = 0
    for number, (first, end) in enumerate(pairwise((*ends, len(sections))), 1):
        held = sections[first:end]
        yield _Volume(number, alone=False, notes=notes, sections=held)
        before = (printed.findings,) if printed.findings and number == 1 else ()
        notes += sum(count_marks(section.body) for section in (*before, *held))


@cache
def shipped_fonts() -> typst.Fonts:
    """The fonts that come with us, and no others."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


def _layout(printed: Layout, volume: _Volume) -> dict[str, Any]:
    return {
        "volume": {"number": volume.number, "alone": volume.alone, "notes": volume.notes},
        "fonts": FAMILIES,
        "title": _shown(printed.title) or WORDS["untitled"],  # PDF/UA wants one
        "owner": _shown(printed.owner),
        "draft": _shown(printed.draft),
        "running_title": _shown(printed.running_title),
        "case_label": _shown(printed.case_label),
        "facts": [{"label": _shown(f.label), "value": _shown(f.value)} for f in printed.facts],
        "findings": _section(printed.findings) if printed.findings else None,
        "sections": [_section(section) for section in volume.sections],
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "level": section.level,
        "ruled": section.ruled,
        "heading": _shown(section.heading),
        "body": [_block(block) for block in section.body],
    }


def _block(block: Printed) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        # What must stay with what follows may go to the next page, and would leave its notes behind.
        leads = block.leads and not any(isinstance(run, Mark) for run in block.runs)
        return {"kind": "para", "quote": block.quote, "leads": leads, "runs": _inlines(block.runs)}
    return _grid(block) if isinstance(block, Grid) else _points(block)


def _grid(grid: Grid) -> dict[str, Any]:
    rows = [[_shown(cell) for cell in row] for row in grid.rows]
    header = [_shown(cell) for cell in grid.header]
    return {
        "kind": "table",
        "caption": _shown(grid.caption),
        "header": header,
        "rows": rows,
        "widths": grid.widths,
    }


def _points(listing: Points) -> dict[str, Any]:
    points = [
        {"runs": _inlines(point.runs), "lists": [_points(inner) for inner in point.lists]}
        for point in listing.points
    ]
    return {"kind": "list", "ordered": listing.ordered, "points": points}


def _inlines(runs: Iterable[Printable]) -> list[dict[str, Any]]:
    return [_inline(run) for run in runs]


def _inline(run: Printable) -> dict[str, Any]:
    if isinstance(run, Mark):
        return {"note": _inlines(run.runs)}
    looks = {look: True for look in ("bold", "italic", "strike") if getattr(run, look)}
    return {"text": _shown(run.text)} | looks | ({"href": run.href} if run.href else {})


def _shown(text: str) -> str:
    return breakable(readable(text))
