"""A PDF that was set in volumes made one, without a seam: pages, page numbers, bookmarks, links and tags."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pikepdf
from pikepdf import (
    Array,
    Dictionary,
    Name,
    NameTree,
    NumberTree,
    Object,
    ObjectStreamMode,
    OutlineItem,
    Pdf,
    String,
)

_FOLIO = b"/Artifact<</Type/Pagination/Subtype/Footer>>BDC\nq %s Do Q\nEMC\n"


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A heading and where it stands; `spot` is what follows the page in a destination."""

    title: str
    page: int
    spot: tuple[Object, ...]


def count_pages(volumes: Sequence[bytes]) -> int:
    """The pages of all volumes together."""
    return sum(map(_pages, volumes))


def bind(
    volumes: Sequence[bytes],
    *,
    levels: Sequence[int],
    folios: bytes,
    mended: Callable[[Pdf, Sequence[Bookmark]], None] | None = None,
) -> bytes:
    """One document of all volumes, in order, with what the first says of itself.

    `levels` are those of the headings, each of which is a bookmark. Page N of `folios` is laid under page N.
    `mended` is told the whole and its bookmarks before it is written.
    """
    with pikepdf.open(io.BytesIO(volumes[0])) as document:
        bookmarks = list(_bookmarks(document, first_page=0))
        for number, volume in enumerate(volumes[1:], 2):
            with pikepdf.open(io.BytesIO(volume)) as more:
                bookmarks += _bookmarks(more, first_page=len(document.pages))
                _append(more, document, number=number)
        _set_outline(document, bookmarks, levels)
        with pikepdf.open(io.BytesIO(folios)) as numbers:
            _lay_under(numbers, document)
        if mended is not None:
            mended(document, bookmarks)
        target = io.BytesIO()
        document.save(target, deterministic_id=True, object_stream_mode=ObjectStreamMode.generate)
    return target.getvalue()


def _pages(volume: bytes) -> int:
    with pikepdf.open(io.BytesIO(volume)) as document:
        return len(document.pages)


def _bookmarks(document: Pdf, *, first_page: int) -> Iterator[Bookmark]:
    places = _places(document)
    waiting = [document.Root.Outlines.First] if "/Outlines" in document.Root else []
    while waiting:
        item = waiting.pop()
        waiting += [item[key] for key in ("/Next", "/First") if key in item]
        page, *spot = list(item.Dest)
        yield Bookmark(str(item.Title), first_page + places[page.objgen], tuple(spot))


def _places(document: Pdf) -> dict[tuple[int, int], int]:
    return {page.obj.objgen: number for number, page in enumerate(document.pages)}


def _append(more: Pdf, document: Pdf, *, number: int) -> None:
    """Put a volume's pages and tags behind those that are there."""
    places, first_page = _places(more), len(document.pages)
    root = document.Root.StructTreeRoot
    first_key = int(root.ParentTreeNextKey)
    named = NameTree(more.Root.Names.Dests) if "/Dests" in more.Root.get("/Names", Dictionary()) else {}
    for link in _links(more):
        target, *spot = list(named[str(link.Dest)] if isinstance(link.Dest, String) else link.Dest)
        link.Dest = Array([places[target.objgen], *spot])  # a page that is not copied yet would be lost
    document.pages.extend(more.pages)
    added = list(document.pages)[first_page:]
    for page in added:
        page.obj.StructParents += first_key
        for note in page.obj.get("/Annots", Array()):
            note.StructParent += first_key
            if "/Dest" in note:
                note.Dest[0] = added[int(note.Dest[0])].obj
    _append_tags(document.copy_foreign(more.Root.StructTreeRoot), root, first_key=first_key, number=number)


def _links(document: Pdf) -> Iterator[Object]:
    for page in document.pages:
        yield from (note for note in page.obj.get("/Annots", Array()) if "/Dest" in note)


def _append_tags(tags: Object, root: Object, *, first_key: int, number: int) -> None:
    whole = root.K[0]
    for element in tags.K[0].K:
        element.P = whole
        whole.K.append(element)
    spoken = NumberTree(root.ParentTree)
    for key, value in NumberTree(tags.ParentTree).items():
        spoken[first_key + key] = value
    root.ParentTreeNextKey = first_key + int(tags.ParentTreeNextKey)
    if "/IDTree" in tags:
        _append_names(tags, root, number=number)


def _append_names(tags: Object, root: Object, *, number: int) -> None:
    """Give each note of a volume a name that no other has."""
    if "/IDTree" not in root:
        root.IDTree = Dictionary(Names=Array())
    named = NameTree(root.IDTree)
    for name, element in NameTree(tags.IDTree).items():
        element.ID = pikepdf.String(f"{name} ({number})")
        named[f"{name} ({number})"] = element


def _set_outline(document: Pdf, bookmarks: Sequence[Bookmark], levels: Sequence[int]) -> None:
    pages = list(document.pages)
    with document.open_outline() as outline:
        outline.root.clear()
        above: list[tuple[int, list[OutlineItem]]] = [(0, outline.root)]
        for bookmark, level in zip(bookmarks, levels, strict=True):
            target = Array([pages[bookmark.page].obj, *bookmark.spot])
            item = OutlineItem(bookmark.title, destination=target)
            item.is_closed = True
            while above[-1][0] >= level:
                above.pop()
            above[-1][1].append(item)
            above.append((level, item.children))


def _lay_under(folios: Pdf, document: Pdf) -> None:
    for number, (page, folio) in enumerate(zip(document.pages, folios.pages, strict=True)):
        form = document.copy_foreign(folio.as_form_xobject())
        name = page.add_resource(form, Name.XObject, name=Name(f"/Folio{number}"))
        page.contents_add(_FOLIO % str(name).encode(), prepend=True)
        page.contents_coalesce()
