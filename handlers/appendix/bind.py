"""The sheets of files put on their pages, with what is read aloud of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pikepdf
from pikepdf import Array, Matrix, Name, Object, Pdf, Rectangle

from handlers.appendix import grafting
from handlers.appendix.base import alt
from handlers.appendix.placing import Files, Place, Placed
from handlers.appendix.sheets import Look

_MARKER = re.compile(r"ark:(\d+)")
_EDGE = 14.0  # points at the sides and the foot of a page
_STRIP, _HEADING = 46.0, 66.0  # points at its head for the stamp, and on a first page for a heading too


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a sheet goes: its page and the element that stands for it there."""

    page: pikepdf.Page
    element: Object
    mcid: int


@dataclass(slots=True)
class Binding:
    """A document that sheets are put into."""

    document: Pdf
    slots: dict[int, Slot]
    spoken: pikepdf.NumberTree
    next_key: int
    shared: dict[Path, list[Object]] = field(default_factory=dict)

    @classmethod
    def of(cls, document: Pdf) -> Binding:
        root = document.Root.StructTreeRoot
        spoken = pikepdf.NumberTree(root.ParentTree)
        return cls(document, dict(_slots(document, spoken)), spoken, int(root.ParentTreeNextKey))

    def new_key(self, value: Object) -> int:
        """Enter what a part of a page is tagged as, under a new number."""
        key, self.next_key = self.next_key, self.next_key + 1
        self.spoken[key] = value
        self.document.Root.StructTreeRoot.ParentTreeNextKey = self.next_key
        return key


def bind(base: Path, files: Files, *, to: Path) -> None:
    """Put every sheet on its page of `base` and write the whole; the same sheets give the same bytes."""
    with pikepdf.open(base) as document:
        binding = Binding.of(document)
        for each in (each for entry in files.values() for each in entry if each.places):
            _fill(each, binding)
        document.save(to, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def _slots(document: Pdf, spoken: pikepdf.NumberTree) -> Iterator[tuple[int, Slot]]:
    for page in document.pages:
        key = page.obj.get("/StructParents")
        if key is None:
            continue
        for mcid, element in enumerate(spoken[int(key)]):
            found = _MARKER.fullmatch(str(element.get("/Alt", "")))
            if found:
                yield int(found[1]), Slot(page, element, mcid)


def _fill(each: Placed, binding: Binding) -> None:
    if each.pressed is None:
        return
    is_tagged = bool(each.pressed.tags)
    forms = _forms(each, binding)
    put: dict[int, grafting.Put] = {}
    for order, place in enumerate(each.places):
        slot, form = binding.slots[place.number], forms[place.index]
        matrix = _onto(form, slot.page, head=_STRIP if order else _HEADING)
        put[place.index] = grafting.Put(slot.page, form, matrix)
        _draw(form, slot, matrix, mark="" if is_tagged else _tag(each, order, place, slot))
        if is_tagged:
            _clear(slot, binding)
    if is_tagged:
        grafting.graft(each.pressed.tags, binding.slots[each.places[0].number].element, put, binding=binding)


def _forms(each: Placed, binding: Binding) -> list[Object]:
    """The sheets of a file in our document. What has tags of its own may be drawn only once."""
    if each.pressed is None:
        return []
    path = each.pressed.path
    if path not in binding.shared or each.pressed.tags:
        with pikepdf.open(path) as source:
            binding.shared[path] = [binding.document.copy_foreign(sheet) for sheet in source.Root.Sheets]
    return binding.shared[path]


def _onto(form: Object, page: pikepdf.Page, *, head: float) -> Matrix:
    """What brings a form onto a page below its head: made smaller where it must be, never larger."""
    own = Matrix(form.get("/Matrix", Array([1, 0, 0, 1, 0, 0])))
    box = own.transform(Rectangle(*(float(value) for value in form.BBox)))
    paper = Rectangle(page.mediabox)
    room = Rectangle(_EDGE, _EDGE, float(paper.width) - _EDGE, float(paper.height) - head)
    scale = min(1.0, float(room.width) / float(box.width), float(room.height) / float(box.height))
    left = float(room.llx) + (float(room.width) - scale * float(box.width)) / 2 - scale * float(box.llx)
    top = float(room.ury) - scale * float(box.ury)
    return Matrix(scale, 0, 0, scale, left, top)


def _draw(form: Object, slot: Slot, matrix: Matrix, *, mark: str) -> None:
    """Draw a form in place of the empty mark that stands for it."""
    page = slot.page
    page.add_resource(form, Name.XObject, name=Name.Sheet)
    drawn = b"\nq %b cm /Sheet Do Q" % matrix.encode()
    if mark:
        drawn = f"\n/{mark}<</MCID {slot.mcid}>>BDC".encode() + drawn + b" EMC"
    # It comes last on its page.
    empty = re.compile(rb"/Span\s*<<\s*/MCID %d\s*>>\s*BDC.*\Z" % slot.mcid, re.DOTALL)
    content, found = empty.subn(lambda _: drawn, page.obj.Contents.read_bytes())
    if found != 1:
        raise RuntimeError("the base has no place for a sheet")
    page.obj.Contents.write(content)


def _tag(each: Placed, order: int, place: Place, slot: Slot) -> str:
    """Say what stands there, and give the type of its element."""
    element = slot.element
    if place.sheet.look == Look.TEXT:
        element.S = Name.P
        for key in ("/Alt", "/A"):
            if key in element:
                del element[key]
        return "P"
    element.Alt = alt(each, order, words=place.sheet.words)
    return "Figure"


def _clear(slot: Slot, binding: Binding) -> None:
    """Leave an element empty: what stands there is told by the file's own tags."""
    element = slot.element
    element.S = Name.NonStruct
    for key in ("/Alt", "/A", "/K", "/Pg"):
        if key in element:
            del element[key]
    marks = binding.spoken[int(slot.page.obj.StructParents)]
    marks[slot.mcid] = None
