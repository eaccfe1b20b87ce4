"""Header text: RFC 2047 encoded words and raw 8-bit bytes to one readable line."""

import binascii
import re

from handlers.letter import charset

# A '?' may not stand in a word but does; the bound on them keeps a hostile header to one pass.
ENCODED = re.compile(r"=\?([^?\s]{1,80})\?([bBqQ])\?([^?]*(?:\?(?!=)[^?]*){0,9}?)\?=")
MAX_PIECES = 10_000  # of base64 that were encoded apart and put together

_PADDING = re.compile(rb"=+")
_QUOTED_PRINTABLE = re.compile(rb"=([0-9A-Fa-f]{2})")


def text(raw: bytes, hint: str = "") -> str:
    """Read a header value whole: decoded, cleaned and with runs of white space as one space.

    `hint` is the charset to try for raw bytes that are not UTF-8.
    """
    return decode(charset.guess(raw, hint))


def decode(value: str) -> str:
    """Decode the encoded words in `value`; what is damaged stays as it stands.

    White space between two encoded words is no text (RFC 2047 §6.2), and a character split over two words
    of one charset is put together again, which the RFC forbids and programs do.
    """
    if "=?" in value:
        value = "".join(_pieces(value))
    return " ".join(charset.clean(value).split())


def _pieces(value: str) -> list[str]:
    pieces: list[str] = []
    pending: list[bytes] = []
    label, at = "", 0
    for match in ENCODED.finditer(value):
        between = value[at : match.start()]
        own = match[1].partition("*")[0].lower()
        if between.strip() or own != label or at == 0:
            pieces += _flush(pending, label)
            pieces.append(between if between.strip() or at == 0 else "")
            label = own
        pending.append(_unpack(match[2], match[3]))
        at = match.end()
    return [*pieces, *_flush(pending, label), value[at:]]


def _flush(pending: list[bytes], label: str) -> list[str]:
    raw = b"".join(pending)
    pending.clear()
    return [charset.decode(raw, label)[0]] if raw else []


def _unpack(encoding: str, word: str) -> bytes:
    raw = word.encode("utf-8", "surrogatepass")
    if encoding in "qQ":
        raw = raw.replace(b"_", b" ")
        return _QUOTED_PRINTABLE.sub(lambda pair: bytes((int(pair[1], 16),)), raw)
    return base64(raw)


def base64(raw: bytes) -> bytes:
    """Decode base64 as far as it goes: strange signs are passed over, missing padding is added.

    What goes on after padding was encoded in pieces, and all of them count.
    """
    padding = raw.find(b"=")
    if padding >= 0 and raw[padding:].strip(b"=\r\n\t "):
        return b"".join(_base64(piece) for piece in _PADDING.split(raw, MAX_PIECES))
    return _base64(raw)


def _base64(raw: bytes) -> bytes:
    try:
        return binascii.a2b_base64(raw)
    except binascii.Error:
        signs = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
        whole = len(signs) - len(signs) % 4 if len(signs) % 4 == 1 else len(signs)
        return binascii.a2b_base64(signs[:whole] + b"==")
