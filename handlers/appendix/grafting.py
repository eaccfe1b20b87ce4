"""The tags of a file put into ours, where its sheets are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import pikepdf
from pikepdf import Array, Dictionary, Matrix, Name, Object, Rectangle, String

from handlers.appendix.sheets import Anchor, Mark, Tag
from templates import say

_CALLED = frozenset({"Figure", "Formula"})
_CELLS = frozenset({"TH", "TD"})
_NO_BORDER = (0, 0, 0)
_PRINTED = 4  # ISO 32000-1 table 165


@dataclass(frozen=True, slots=True)
class Put:
    """A sheet as it lies on a page."""

    page: pikepdf.Page
    form: Object
    matrix: Matrix


class Rooted(Protocol):
    """A document that tells what its parts are tagged as."""

    document: pikepdf.Pdf

    def new_key(self, value: Object) -> int:
        """Enter what a part is tagged as."""


@dataclass(slots=True)
class _Graft:
    put: Mapping[int, Put]
    binding: Rooted
    marks: dict[int, dict[int, Object]] = field(default_factory=dict)


def graft(tags: tuple[Tag, ...], stock: Object, put: Mapping[int, Put], *, binding: Rooted) -> None:
    """Let the tags stand in `stock`; what they say of sheets that are not put anywhere is left out."""
    grown = _Graft(put, binding)
    stock.S = Name.Sect
    stock.K = Array([each for tag in tags if (each := _grow(tag, stock, grown)) is not None])
    for number, sheet in put.items():
        marks = grown.marks.get(number, {})
        told = Array([marks.get(mcid) for mcid in range(max(marks, default=-1) + 1)])
        sheet.form.StructParents = binding.new_key(binding.document.make_indirect(told))


def _grow(tag: Tag, parent: Object, graft: _Graft) -> Object | None:
    if tag.kind == "Table" and not _is_there(tag, graft.put):
        return None
    element = graft.binding.document.make_indirect(
        Dictionary(Type=Name.StructElem, S=Name(f"/{tag.kind}"), P=parent)
    )
    kids = [each for kid in tag.kids if (each := _kid(kid, element, graft)) is not None]
    if not kids and tag.kind not in _CELLS:
        return None
    element.K = Array(kids)
    _describe(tag, element)
    return element


def _is_there(tag: Tag, put: Mapping[int, Put]) -> bool:
    """Whether something of it is on a sheet that is put somewhere; a table has cells that are empty."""
    return any(_is_there(kid, put) if isinstance(kid, Tag) else kid.sheet in put for kid in tag.kids)


def _kid(kid: Tag | Mark | Anchor, element: Object, graft: _Graft) -> Object | None:
    if isinstance(kid, Tag):
        return _grow(kid, element, graft)
    if kid.sheet not in graft.put:
        return None
    sheet = graft.put[kid.sheet]
    if isinstance(kid, Anchor):
        return _anchor(kid, element, sheet, graft)
    graft.marks.setdefault(kid.sheet, {})[kid.mcid] = element
    return Dictionary(Type=Name.MCR, Pg=sheet.page.obj, Stm=sheet.form, MCID=kid.mcid)


def _anchor(anchor: Anchor, element: Object, sheet: Put, graft: _Graft) -> Object:
    own = Matrix(sheet.form.get("/Matrix", Array([1, 0, 0, 1, 0, 0])))
    box = sheet.matrix.transform(own.transform(Rectangle(*anchor.box)))
    document = graft.binding.document
    note = document.make_indirect(
        Dictionary(
            Type=Name.Annot, Subtype=Name.Link, Rect=box.as_array(), F=_PRINTED, Border=Array(_NO_BORDER),
            Contents=String(anchor.address), A=Dictionary(S=Name.URI, URI=String(anchor.address)),
            StructParent=graft.binding.new_key(element),
        )
    )  # fmt: skip
    page = sheet.page.obj
    page.Annots = Array([*page.get("/Annots", Array()), note])
    return Dictionary(Type=Name.OBJR, Pg=page, Obj=note)


def _describe(tag: Tag, element: Object) -> None:
    told = {"/Alt": tag.alt, "/ActualText": tag.actual, "/E": tag.expansion, "/Lang": tag.language}
    if tag.kind in _CALLED and not tag.alt and not tag.actual:
        told["/Alt"] = say("notat/appendix.j2", "figure_alt")
    for key, words in told.items():
        if words:
            element[key] = String(words)
    if tag.kind == "Note":
        element.ID = String(f"note-{element.objgen[0]}")
    if tag.kind in _CELLS:
        cell = ({"Scope": "Column"} if tag.kind == "TH" else {}) | dict(tag.cell or {})
        values = {key: Name(f"/{value}") if isinstance(value, str) else value for key, value in cell.items()}
        element.A = Dictionary({"/O": Name.Table} | {f"/{key}": value for key, value in values.items()})
