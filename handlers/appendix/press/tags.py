"""The tags of a PDF, as they may stand below a heading of ours.

What breaks the rules of PDF/UA-1 (ISO 14289-1 §7.2 to §7.9) and can be mended is mended: headings that skip a
level, tables that are none, links that lead nowhere. What cannot makes the whole unsound.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object

from handlers.appendix.press import content
from handlers.appendix.press.content import UnsoundError
from handlers.appendix.sheets import Anchor, Mark, Tag
from handlers.content import link

_DEEPEST, _MOST = 60, 60_000
_GROUPS = frozenset({"Document", "DocumentFragment", "Part", "Art", "Sect"})
_PLAIN = {
    "TOC": "Div", "TOCI": "Div", "Index": "Div", "Aside": "Div", "Title": "P", "FENote": "Note",
    "Private": "NonStruct",
} | dict.fromkeys(("Reference", "Sub", "Em", "Strong", "BibEntry", "Annot", "Form"), "Span")  # fmt: skip
_KEPT = frozenset({
    "P", "Div", "Span", "Quote", "BlockQuote", "Caption", "Code", "Note", "NonStruct", "Figure", "Formula",
    "Link", "L", "LI", "Lbl", "LBody", "Table", "THead", "TBody", "TFoot", "TR", "TH", "TD",
})  # fmt: skip
_WITHIN = {
    "L": {"L", "LI", "Caption"},
    "LI": {"Lbl", "LBody"},
    "Table": {"TR", "THead", "TBody", "TFoot", "Caption"},
    "THead": {"TR"}, "TBody": {"TR"}, "TFoot": {"TR"}, "TR": {"TH", "TD"},
}  # fmt: skip
_OF_A_TABLE = dict.fromkeys(("Table", "THead", "TBody", "TFoot", "TR", "TH", "TD"), "Div")


def of(document: pikepdf.Pdf) -> tuple[Tag, ...]:
    """Give the tags of a document.

    Raises:
        UnsoundError: they do not tell the whole of it.
    """
    root = document.Root.get("/StructTreeRoot")
    if not isinstance(root, Dictionary):
        raise UnsoundError
    reader = _Reader(document, root)
    tags = tuple(kid for kid in reader.kids(root, page=None, depth=0) if isinstance(kid, Tag))
    there = {(number, mcid) for number, page in enumerate(document.pages) for mcid in content.marked(page)}
    if there != reader.marks or any(_is_tagged_within(page.obj) for page in document.pages):
        raise UnsoundError
    spoken = str(document.Root.get("/Lang", ""))
    return (Tag("Sect", tuple(_stepwise(tags, level=[2])), language=spoken),)


class _Reader:
    """Reads one structure tree."""

    def __init__(self, document: pikepdf.Pdf, root: Object) -> None:
        self._pages: dict[object, int] = {
            page.obj.objgen: number for number, page in enumerate(document.pages)
        }
        self._roles = root.get("/RoleMap", Dictionary())
        self._left = _MOST
        self.marks: set[tuple[int, int]] = set()

    def kids(self, node: Object, *, page: int | None, depth: int) -> Iterator[Tag | Mark | Anchor]:
        """What stands in an element, in order."""
        page = self._page(node, page)
        for kid in _listed(node.get("/K")):
            if isinstance(kid, int):
                yield self._mark(page, kid)
            elif isinstance(kid, Dictionary):
                yield from self._kid(kid, page=page, depth=depth)

    def _kid(self, kid: Object, *, page: int | None, depth: int) -> Iterator[Tag | Mark | Anchor]:
        kind = kid.get("/Type")
        if kind == Name.OBJR:
            yield from self._anchor(kid, page=page)
        elif kind == Name.MCR:
            if "/Stm" in kid:
                raise UnsoundError
            yield self._mark(self._page(kid, page), int(kid.MCID))
        else:
            yield self._tag(kid, page=page, depth=depth + 1)

    def _tag(self, node: Object, *, page: int | None, depth: int) -> Tag:
        self._left -= 1
        if depth > _DEEPEST or self._left < 0:
            raise UnsoundError
        kids = tuple(self.kids(node, page=page, depth=depth))
        made = Tag(
            self._kind(node), kids, alt=_said(node, "/Alt"), actual=_said(node, "/ActualText"),
            expansion=_said(node, "/E"), language=_said(node, "/Lang"), cell=_cell(node),
        )  # fmt: skip
        return _mended(made)

    def _kind(self, node: Object) -> str:
        kind = node.get("/S")
        for _ in range(10):
            if not isinstance(kind, Name):
                break
            name = str(kind)[1:]
            name = "Sect" if name in _GROUPS else _PLAIN.get(name, name)
            if name in _KEPT or name == "Sect" or _level(name):
                return name
            kind = self._roles.get(str(kind))
        raise UnsoundError

    def _page(self, node: Object, page: int | None) -> int | None:
        """The page that a node says it is on, else the one it stands below."""
        return self._pages.get(node.Pg.objgen) if "/Pg" in node else page

    def _mark(self, page: int | None, number: int) -> Mark:
        if page is None or (page, number) in self.marks:
            raise UnsoundError
        self.marks.add((page, number))
        return Mark(page, number)

    def _anchor(self, kid: Object, *, page: int | None) -> Iterator[Anchor]:
        """A link that leads out of the document; what leads elsewhere in it leads nowhere in ours."""
        note = kid.get("/Obj")
        page = self._page(kid, page)
        if not isinstance(note, Dictionary) or note.get("/Subtype") != Name.Link or page is None:
            return
        act = note.get("/A")
        if (
            isinstance(act, Dictionary)
            and act.get("/S") == Name.URI
            and (to := link(str(act.get("/URI", ""))))
        ):
            left, bottom, right, top = (float(value) for value in note.Rect)
            yield Anchor(page, (left, bottom, right, top), to)


def _listed(told: Any) -> list[Any]:
    """One or many, as PDF has it: numbers among the objects."""
    if told is None:
        return []
    return list(told) if isinstance(told, Array) else [told]


def _said(node: Object, key: str) -> str:
    told = node.get(key)
    return str(told) if isinstance(told, pikepdf.String) else ""


def _cell(node: Object) -> dict[str, str | int]:
    found: dict[str, str | int] = {}
    for each in _listed(node.get("/A")):
        if not isinstance(each, Dictionary) or each.get("/O") != Name.Table:
            continue
        found |= {key: int(each["/" + key]) for key in ("RowSpan", "ColSpan") if "/" + key in each}
        if "/Scope" in each:
            found["Scope"] = str(each.Scope)[1:]
    return found


def _level(kind: str) -> int:
    """The level of a heading, 0 for what is none."""
    if kind == "H":
        return 1
    return int(kind[1:]) if kind[:1] == "H" and kind[1:].isdecimal() else 0


def _mended(tag: Tag) -> Tag:
    may = _WITHIN.get(tag.kind)
    inner = [kid for kid in tag.kids if isinstance(kid, Tag)]
    if may is not None and (any(kid.kind not in may for kid in inner) or len(inner) < len(tag.kids)):
        raise UnsoundError
    if tag.kind == "Link" and not any(isinstance(kid, Anchor) for kid in tag.kids):
        return replace(tag, kind="Span")
    if tag.kind != "Link" and any(isinstance(kid, Anchor) for kid in tag.kids):
        return replace(tag, kids=tuple(kid for kid in tag.kids if not isinstance(kid, Anchor)))
    if tag.kind == "Table" and not _is_regular(tag):
        return _no_table(tag)
    return tag


def _rows(table: Tag) -> Iterator[Tag]:
    for kid in table.kids:
        if isinstance(kid, Tag) and kid.kind == "TR":
            yield kid
        elif isinstance(kid, Tag) and kid.kind != "Caption":
            yield from _rows(kid)


def _is_regular(table: Tag) -> bool:
    """Whether it has headers, and as many cells in each row; a cell over rows makes it none."""
    rows = [[kid for kid in row.kids if isinstance(kid, Tag)] for row in _rows(table)]
    cells = [cell for row in rows for cell in row]
    if any("RowSpan" in (cell.cell or {}) for cell in cells) or not any(cell.kind == "TH" for cell in cells):
        return False
    return len({sum(int((cell.cell or {}).get("ColSpan", 1)) for cell in row) for row in rows}) == 1


def _no_table(tag: Tag) -> Tag:
    kids = tuple(
        _no_table(kid) if isinstance(kid, Tag) and kid.kind in _OF_A_TABLE else kid for kid in tag.kids
    )
    return replace(tag, kind=_OF_A_TABLE[tag.kind], kids=kids, cell=None)


def _stepwise(kids: Iterable[Tag | Mark | Anchor], *, level: list[int]) -> Iterator[Tag]:
    """The tags with headings that go down one level at a time from the second, where our own heading is."""
    for kid in kids:
        if isinstance(kid, Tag):
            yield _at_level(kid, level=level)


def _at_level(tag: Tag, *, level: list[int]) -> Tag:
    if said := _level(tag.kind):
        level[0] = min(said + 2, level[0] + 1, 6)
        tag = replace(tag, kind=f"H{level[0]}")
    kids = tuple(_at_level(kid, level=level) if isinstance(kid, Tag) else kid for kid in tag.kids)
    return replace(tag, kids=kids)


def _is_tagged_within(page: Object) -> bool:
    return any("/StructParents" in form for form in content.forms_in(page))
