"""The text of files that are text: plain, and HTML."""

import codecs

from handlers.annex.shape import MAX_TEXT, NoTextError
from handlers.letter import charset, plaintext
from storage.words import Outcome

MAX_PAGE = 5_000_000  # bytes of HTML; a page is held in memory as a tree
_MOST_BYTES = 4 * MAX_TEXT + 4  # more than the longest text that is kept
_CONTINUES = range(0x80, 0xC0)  # a byte that does not begin a sign in UTF-8

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def text(payload: bytes) -> str:
    """Give plain text in the charset that its mark names, else UTF-8, else cp1252."""
    payload = _cut(payload)
    for mark, codec in _MARKS:
        if payload.startswith(mark):
            return payload[len(mark) :].decode(codec, "replace")
    return charset.guess(payload)


def page(payload: bytes) -> str:
    """Give what a reader of an HTML page sees. Raises NoTextError."""
    if len(payload) > MAX_PAGE:
        raise NoTextError(Outcome.TOO_LARGE)
    label = plaintext.meta_charset(payload)
    found = text(payload) if payload.startswith(tuple(mark for mark, _ in _MARKS)) else ""
    return plaintext.from_html(found or charset.decode(payload, label)[0])


def _cut(payload: bytes) -> bytes:
    """Cut what is far too long, and no sign in half."""
    end = _MOST_BYTES
    while end < len(payload) and payload[end] in _CONTINUES and end > _MOST_BYTES - 4:
        end -= 1
    return payload[:end]
