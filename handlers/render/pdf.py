"""The notat as one tagged PDF: PDF/UA-1 for readers, PDF/A-2a for the archive."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

import typst

from handlers.notat.shape import Notat
from handlers.render.fonts import FAMILIES, FONTS, breakable, readable
from handlers.render.layout import Grid, Layout, Mark, Paragraph, Points, Printable, Printed, Section, layout
from handlers.render.words import TEMPLATES, WORDS

_STANDARDS: list[typst.PDFStandard] = ["ua-1", "a-2a"]


def pdf(notat: Notat, *, at: datetime) -> bytes:
    """The notat as a PDF dated `at` (aware); the same notat and time give the same bytes.

    Signs that no shipped font has are printed as their Unicode names, since PDF/UA allows no missing glyph.
    """
    content = json.dumps(_layout(layout(notat)), ensure_ascii=False)
    made = typst.compile(
        TEMPLATES / "notat.typ",
        root=TEMPLATES,
        font_paths=shipped_fonts(),
        sys_inputs={"notat": content},
        pdf_standards=_STANDARDS,
        timestamp=int(at.timestamp()),
        format="pdf",
    )
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single PDF")
    return made


@cache
def shipped_fonts() -> typst.Fonts:
    """The fonts that come with us, and no others."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


def _layout(printed: Layout) -> dict[str, Any]:
    return {
        "fonts": FAMILIES,
        "title": _shown(printed.title) or WORDS["untitled"],  # PDF/UA wants one
        "owner": _shown(printed.owner),
        "draft": _shown(printed.draft),
        "running_title": _shown(printed.running_title),
        "case_label": _shown(printed.case_label),
        "facts": [{"label": _shown(f.label), "value": _shown(f.value)} for f in printed.facts],
        "findings": _section(printed.findings) if printed.findings else None,
        "sections": [_section(section) for section in printed.sections],
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "level": section.level,
        "role": section.role.value,
        "heading": _shown(section.heading),
        "body": [_block(block) for block in section.body],
    }


def _block(block: Printed) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        return {"kind": "para", "quote": block.quote, "runs": _inlines(block.runs)}
    return _grid(block) if isinstance(block, Grid) else _points(block)


def _grid(grid: Grid) -> dict[str, Any]:
    rows = [[_shown(cell) for cell in row] for row in grid.rows]
    header = [_shown(cell) for cell in grid.header]
    return {"kind": "table", "caption": _shown(grid.caption), "header": header, "rows": rows}


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
