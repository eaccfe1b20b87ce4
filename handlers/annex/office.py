"""The text of what only a library of its own knows: doc, rtf, xlsx and pptx, never by OCR."""

import re
import struct

import kreuzberg

from handlers.annex import packages
from handlers.annex.kinds import OLE
from handlers.annex.shape import NoTextError
from storage.words import Outcome

_ZIP, _RTF = b"PK\x03\x04", b"{\\rtf"
_DOC = "application/msword"
_LOCKED_PACKAGE = "EncryptedPackage".encode("utf-16-le")  # MS-OFFCRYPTO §2.3.4
_SECTOR = 512
# Pictures in RTF are digits by the million, which take long to read and say nothing.
_PICTURE = re.compile(rb"(?<![0-9a-fA-F\r\n])[0-9a-fA-F\r\n]{2000,}")
# How a Word file begins (MS-DOC §2.5.2): its sign, its version, and among its flags fEncrypted.
_WORD, _VERSIONS, _ENCRYPTED = 0xA5EC, range(0x0065, 0x0113), 0x0100


def text(payload: bytes, *, kind: str) -> str:
    """Give the text of a document of a type that `kinds.way` sends here. Raises NoTextError."""
    if payload.startswith(OLE):
        _check(payload, kind)
    if payload.startswith(_ZIP):
        packages.check(payload)
    if payload.startswith(_RTF):
        payload = _PICTURE.sub(b"", payload)
    try:
        return kreuzberg.extract_bytes_sync(payload, kind, _config()).content
    except kreuzberg.KreuzbergError as error:
        raise NoTextError(_reason(str(error))) from error


def _config() -> kreuzberg.ExtractionConfig:
    return kreuzberg.ExtractionConfig(
        use_cache=False,
        enable_quality_processing=False,
        disable_ocr=True,  # type: ignore[call-arg]  # left out of its stubs
        concurrency=kreuzberg.ConcurrencyConfig(max_threads=1),
        postprocessor=kreuzberg.PostProcessorConfig(enabled=False),
        content_filter=kreuzberg.ContentFilterConfig(
            include_headers=True, include_footers=True, strip_repeating_text=False
        ),
    )


def _check(payload: bytes, kind: str) -> None:
    if _is_locked(payload):
        raise NoTextError(Outcome.LOCKED)
    if kind != _DOC:
        raise NoTextError(Outcome.UNKNOWN)


def _is_locked(payload: bytes) -> bool:
    """A package with a password lies whole in a stream; a Word file says so where its text would begin."""
    if _LOCKED_PACKAGE in payload:
        return True
    for at in range(_SECTOR, min(len(payload) - _SECTOR, 200 * _SECTOR), _SECTOR):
        sign, version, flags = struct.unpack_from("<HH6xH", payload, at)
        if sign == _WORD and version in _VERSIONS:
            return bool(flags & _ENCRYPTED)
    return False


def _reason(told: str) -> Outcome:
    told = told.lower()
    if "password" in told or "encrypt" in told:
        return Outcome.LOCKED
    return Outcome.UNKNOWN if "unsupported" in told else Outcome.DAMAGED
