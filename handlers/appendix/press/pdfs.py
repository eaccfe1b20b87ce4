"""PDFs as sheets: mended, opened, upright, and nothing of them but what their pages show.

A sheet is a form: scripts, actions, fields to fill and files inside stay behind with the rest.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Object

from handlers.appendix.press import content, fonts, painting, tags
from handlers.appendix.press.bare import bared
from handlers.appendix.sheets import Look, NotShownError, Pressed, Sheet, Tag, Why

MAX_PAGES = 1_000
_NO_MARKS = frozenset({"/Link", "/Popup"})
_LEAST, _MOST = 3.0, 14_400.0  # points of a side, as ISO 32000-1 annex C has them


def pressed(file: Path, *, to: Path) -> Pressed:
    """Write each page as a sheet.

    Raises:
        NotShownError: it has no pages, or too many.
        pikepdf.PdfError: it cannot be mended, or wants a password.
    """
    with pikepdf.open(file) as document, pikepdf.new() as out:
        if not 0 < len(document.pages) <= MAX_PAGES:
            raise NotShownError(Why.TOO_LARGE if len(document.pages) else Why.DAMAGED)
        found = _tags(document)
        made = list(_sheets(document, out=out, tagged=bool(found)))
        out.Root.Sheets = pikepdf.Array([form for form, _ in made])
        out.save(to)
    return Pressed(to, tuple(sheet for _, sheet in made), found)


def _tags(document: pikepdf.Pdf) -> tuple[Tag, ...]:
    """Give its tags when they tell the whole of each page, else none."""
    marked = document.Root.get("/MarkInfo")
    is_tagged = isinstance(marked, Dictionary) and bool(marked.get("/Marked")) and not _has_layers(document)
    if not is_tagged or not all(_can_stand(page.obj) for page in document.pages):
        return ()
    try:
        return tags.of(document)
    except content.UnsoundError:
        return ()


def _sheets(document: pikepdf.Pdf, *, out: pikepdf.Pdf, tagged: bool) -> Iterator[tuple[Object, Sheet]]:
    painted = None
    for number, page in enumerate(document.pages):
        if not _has_layers(document) and _can_stand(page.obj):
            form = out.copy_foreign(_form(page, document=document))
            bared(form)
            if not tagged:
                content.unmark(form)
            look = Look.TAGGED if tagged else _look(page.obj)
            yield form, Sheet(*_size(form), look)
            continue
        painted = painted or painting.open_whole(_whole(document))
        yield painting.sheet(painted, number, out=out)


def _form(page: pikepdf.Page, *, document: pikepdf.Pdf) -> Object:
    form = document.make_indirect(page.as_form_xobject())
    if "/Group" in form:
        del form["/Group"]
    return form


def _size(form: Object) -> tuple[float, float]:
    """Give the sides of a form as it is shown, in points."""
    left, bottom, right, top = (float(value) for value in form.BBox)
    matrix = pikepdf.Matrix(form.get("/Matrix", pikepdf.Array([1, 0, 0, 1, 0, 0])))
    box = matrix.transform(pikepdf.Rectangle(left, bottom, right, top))
    if not (_LEAST <= float(box.width) <= _MOST and _LEAST <= float(box.height) <= _MOST):
        raise NotShownError(Why.DAMAGED)
    return float(box.width), float(box.height)


def _can_stand(page: Object) -> bool:
    """Whether nothing is lost when a page stands in our document as it is; else it is painted."""
    if any(str(note.get("/Subtype")) not in _NO_MARKS for note in _notes(page)):
        return False
    return all(fonts.conforms(font) for font in fonts.of_page(page.get("/Resources")).values())


def _notes(page: Object) -> list[Object]:
    """What lies on top of a page."""
    notes = page.get("/Annots")
    return [note for note in notes if isinstance(note, Dictionary)] if isinstance(notes, Array) else []


def _look(page: Object) -> Look:
    """Tell a page with words from a scan, which has no fonts."""
    return Look.TEXT if fonts.of_page(page.get("/Resources")) else Look.PICTURE


def _has_layers(document: pikepdf.Pdf) -> bool:
    """Whether something in it may be hidden from view, which it would not be in our document."""
    return "/OCProperties" in document.Root


def _whole(document: pikepdf.Pdf) -> bytes:
    mended = io.BytesIO()
    document.save(mended)
    return mended.getvalue()
