"""S/MIME that hides the mail in a signature: the content out of a CMS message (RFC 5652, RFC 8551).

Only the way to the content is read, by an own loop over BER: a signed mail of some megabytes in pieces of one
byte keeps a full ASN.1 reader busy for minutes.
"""

import zlib

MAX_PIECES = 100_000  # of one content; programs send pieces of a thousand bytes or more

_RSA = bytes.fromhex("2a864886f70d0107")
_SIGNED = _RSA + b"\x02"
_SEALED = {_RSA + b"\x03", _RSA + b"\x04", _RSA + b"\x06", bytes.fromhex("2a864886f70d0109100117")}
_COMPRESSED = bytes.fromhex("2a864886f70d0109100109")
_SEQUENCE, _OID, _OCTETS, _ZERO, _END = 0x30, 0x06, 0x04, 0xA0, 0x00
_CONSTRUCTED = 0x20


class BrokenError(ValueError):
    """The bytes are no CMS message, or not one that can be read."""


class SealedError(BrokenError):
    """It is encrypted."""


class LargeError(BrokenError):
    """What it holds is larger than was allowed."""


def looks_like(raw: bytes) -> bool:
    """Tell whether bytes begin as a CMS message does."""
    try:
        return raw[:1] == b"\x30" and _kind(raw[:64])[0] in {_SIGNED, _COMPRESSED, *_SEALED}
    except BrokenError:
        return False


def content(raw: bytes, *, most: int) -> tuple[bytes, bool]:
    """Give what was signed or compressed, and whether all of it is there; b'' when it stands apart.

    Raises `SealedError` when it is encrypted, `LargeError` when it is more than `most` bytes, and
    `BrokenError` when it is not CMS.
    """
    kind, at = _kind(raw)
    if kind in _SEALED:
        raise SealedError
    if kind not in {_SIGNED, _COMPRESSED}:
        raise BrokenError
    at = _inside(raw, _inside(raw, at, _ZERO), _SEQUENCE)
    while raw[at : at + 1] and raw[at] != _SEQUENCE:
        at = _after(raw, at)  # version, digest algorithms
    if kind == _COMPRESSED:
        at = _after(raw, at)  # the algorithm; there is only one
    at = _after(raw, _inside(raw, at, _SEQUENCE))  # the type of the content
    if raw[at : at + 1] != bytes((_ZERO,)):
        return b"", True
    found, is_whole = _octets(raw, _inside(raw, at, _ZERO), most=most)
    return _inflated(found, most=most) if kind == _COMPRESSED else (found, is_whole)


def _kind(raw: bytes) -> tuple[bytes, int]:
    """Give the type of a ContentInfo and where its content begins."""
    tag, start, end = _head(raw, _inside(raw, 0, _SEQUENCE))
    if tag != _OID or end < 0:
        raise BrokenError
    return raw[start:end], end


def _head(raw: bytes, at: int) -> tuple[int, int, int]:
    """Give tag, start and end of the value at `at`; the end is -1 where the value says its end itself."""
    if at + 2 > len(raw):
        raise BrokenError
    tag, size, start = raw[at], raw[at + 1], at + 2
    if tag & 0x1F == 0x1F:
        raise BrokenError  # tags of several bytes do not occur in CMS
    if size == 0x80:
        return tag, start, -1
    if size > 0x80:
        more = size & 0x7F
        if more > 8 or start + more > len(raw):
            raise BrokenError
        size, start = int.from_bytes(raw[start : start + more], "big"), start + more
    return tag, start, start + size


def _inside(raw: bytes, at: int, wanted: int) -> int:
    tag, start, _ = _head(raw, at)
    if tag != wanted:
        raise BrokenError
    return start


def _after(raw: bytes, at: int) -> int:
    """Pass over a value, whatever is nested in it."""
    depth = 0
    for _ in range(MAX_PIECES):
        tag, start, end = _head(raw, at)
        at = end
        if end < 0:
            depth, at = depth + 1, start
        elif tag == _END:
            depth -= 1
        if depth <= 0:
            return at
    raise BrokenError


def _octets(raw: bytes, at: int, *, most: int) -> tuple[bytes, bool]:
    """Join an octet string, which may come in pieces, in pieces of pieces, and be cut off."""
    found, size, ends = list[bytes](), 0, list[int]()
    for _ in range(MAX_PIECES):
        try:
            tag, start, end = _head(raw, at)
        except BrokenError:
            return b"".join(found), False
        if tag == _END:
            at = start
            if not ends or ends.pop() >= 0:
                return b"".join(found), False
        elif tag & _CONSTRUCTED:
            at = start
            ends.append(end)
        else:
            found.append(raw[start:end])
            size, at = size + len(found[-1]), end
        while ends and 0 <= ends[-1] <= at:
            ends.pop()
        if size > most:
            raise LargeError
        if not ends:
            return b"".join(found), at <= len(raw)
    raise BrokenError


def _inflated(packed: bytes, *, most: int) -> tuple[bytes, bool]:
    """Unpack compressed content (RFC 3274), never more than `most` bytes of it."""
    stream = zlib.decompressobj()
    try:
        found = stream.decompress(packed, most)
    except zlib.error as error:
        raise BrokenError from error
    if stream.unconsumed_tail:
        raise LargeError
    return found, stream.eof
