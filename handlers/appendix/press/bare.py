"""What pictures and forms in a PDF say of themselves, taken out: where a photo was taken, who drew it."""

from __future__ import annotations

from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Object

from handlers.appendix.press.content import forms_in

_OWN = ("/Metadata", "/PieceInfo", "/LastModified")
_START, _SCAN, _FILL = b"\xff\xd8", 0xDA, 0xFF  # ISO 10918-1 table B.1
_SAID = frozenset({0xE1, *range(0xE3, 0xEE), 0xEF, 0xFE})
"""Segments that say how and where it was made; without JFIF, ICC and Adobe's colours it looks another."""


def bared(form: Object, *, seen: set[tuple[int, int]] | None = None) -> None:
    """Take it out of a form and all that it draws."""
    seen = set() if seen is None else seen
    if form.objgen in seen:
        return
    seen.add(form.objgen)
    for each in (form, *_pictures_in(form)):
        for key in _OWN:
            if key in each:
                del each[key]
    for picture in _pictures_in(form):
        _bare_picture(picture)
    for inner in forms_in(form):
        bared(inner, seen=seen)


def bare_jpeg(jpeg: bytes) -> bytes:
    """The same picture without the notes of a camera or a program."""
    if not jpeg.startswith(_START):
        return jpeg
    kept, at = [_START], len(_START)
    while at + 4 <= len(jpeg) and jpeg[at] == _FILL and jpeg[at + 1] != _SCAN:
        if jpeg[at + 1] == _FILL:
            at += 1
            continue
        end = at + 2 + int.from_bytes(jpeg[at + 2 : at + 4])
        if jpeg[at + 1] not in _SAID:
            kept.append(jpeg[at:end])
        at = end
    return b"".join(kept) + jpeg[at:]


def _bare_picture(picture: Object) -> None:
    packing = picture.get("/Filter")
    if isinstance(packing, Array) and len(packing) == 1:
        packing = packing[0]
    if packing != Name.DCTDecode:
        return
    jpeg = picture.read_raw_bytes()
    bare = bare_jpeg(jpeg)
    if bare != jpeg:
        picture.write(bare, filter=Name.DCTDecode, decode_parms=_parameters(picture))


def _parameters(picture: Object) -> Array | Dictionary | None:
    told = picture.get("/DecodeParms")
    return told if isinstance(told, Array | Dictionary) else None


def _pictures_in(form: Object) -> Iterator[Object]:
    resources = form.get("/Resources")
    named = resources.get("/XObject") if isinstance(resources, Dictionary) else None
    for each in named.values() if isinstance(named, Dictionary) else ():
        if isinstance(each, pikepdf.Stream) and each.get("/Subtype") == Name.Image:
            yield each
