"""A table as WordprocessingML: a head that comes again on every page, and rows that never break (§17.4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from handlers.content import Run
from handlers.render.layout import Grid
from handlers.render.wordml import Element, element, paragraph, run, text

_PERCENT = 50  # in fiftieths of a percent
_SMALL = "17"  # half points
_LINE = {"val": "single", "space": "0", "color": "B4C0CC"}


def table(grid: Grid) -> Iterator[Element]:
    """The caption, the table, and the paragraph that Word wants between a table and what follows."""
    if grid.caption:
        yield paragraph(run(Run(grid.caption, bold=True)), properties=(element("keepNext"),))
    widths = [_PERCENT * width for width in grid.widths]
    columns = element("tblGrid", *(element("gridCol", w=str(width)) for width in widths))
    rows = (_row(row, widths) for row in grid.rows)
    yield element("tbl", _properties(grid.caption), columns, _row(grid.header, widths, head=True), *rows)
    yield paragraph(properties=(element("spacing", after="0", line="160", lineRule="exact"),))


def _properties(caption: str) -> Element:
    lines = (element(side, sz="4", **_LINE) for side in ("top", "bottom", "insideH"))
    named = (element("tblCaption", val=caption),) if caption else ()
    return element(
        "tblPr",
        element("tblW", w=str(100 * _PERCENT), type="pct"),
        element("tblBorders", *lines),
        element("tblLayout", type="fixed"),
        element("tblCellMar", *(element(side, w="28", type="dxa") for side in ("left", "right"))),
        # First row and first column are headings to a screen reader.
        element("tblLook", val="06A0", firstRow="1", lastRow="0", firstColumn="1", lastColumn="0",
                noHBand="1", noVBand="1"),
        *named,
    )  # fmt: skip


def _row(cells: Sequence[str], widths: Sequence[int], *, head: bool = False) -> Element:
    whole = (element("cantSplit"), *((element("tblHeader"),) if head else ()))
    made = (
        _cell(cell, width, bold=head, first=number == 0)
        for number, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return element("tr", element("trPr", *whole), *made)


def _cell(words: str, width: int, *, bold: bool, first: bool) -> Element:
    place = element("tcPr", element("tcW", w=str(width), type="pct"))
    looks = (
        element("spacing", before="40", after="40", line="252", lineRule="auto"),
        *(() if first else (element("jc", val="center"),)),
    )
    return element("tc", place, paragraph(_small(words, bold=bold), properties=looks))


def _small(words: str, *, bold: bool) -> Element:
    heavy = (element("b"), element("bCs")) if bold else ()
    size = element("sz", val=_SMALL), element("szCs", val=_SMALL)
    return element("r", element("rPr", *heavy, *size), *text(words))
