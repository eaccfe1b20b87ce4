"""Bytes to text: what the mail claims where that holds, else strict UTF-8, else cp1252."""

import codecs
import re

from handlers.nfc import nfc

# What senders mean by a label, where that is more than the label says (WHATWG Encoding Standard).
_MEANT = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "big5": "big5hkscs",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "windows-874": "cp874",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "iso-2022-jp": "iso2022_jp_ext",
}
# Western labels say little: those who write them also send UTF-8 and cp1252 under them.
_WESTERN = frozenset(
    {"ascii", "us-ascii", "ansi_x3.4-1968", "iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "latin-1"}
    | {"windows-1252", "cp1252", "x-ansi", "ansi", "iso-8859-1-windows-3.1-latin-1"}
)
_UTF8 = frozenset({"utf-8", "utf8", "utf_8", "cp65001", "unicode-1-1-utf-8"})
# Python also knows codecs that are no charsets, some of them slow on hostile input (idna, punycode).
_CHARSET_NAME = re.compile(
    r"(?:iso|utf|ucs|windows|cp|koi8|mac|gb|big5|euc|cseuc|shift|ks|hz|johab|tis|latin|ibm|viscii)[\w.:-]*\Z"
)
_JIS = re.compile(rb"\x1b\$[B@]([^\x1b]*)")
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_LONG = 1_000_000
_JUNK = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ud800-\udfff]+")
_NO_JUNK = {number: None for number in range(0xFEFF + 1) if _JUNK.match(chr(number))}


def decode(raw: bytes, label: str) -> tuple[str, bool]:
    """Decode text that claims the charset `label` ('' when it claims none).

    Returns the text and whether the claim held; text is had in any case.
    """
    name = label.strip(" \t\r\n\"'").lower()
    if raw.isascii() and name in _UTF8 | _WESTERN | {""}:
        return raw.decode("ascii"), True
    if not name or name in _WESTERN:
        return guess(raw), True
    if name in _UTF8:
        return _utf8(raw)
    codec = _codec(name)
    if codec is None:
        return guess(raw), False
    return _foreign(raw, codec)


def is_known(label: str) -> bool:
    """Tell whether a charset name is one that `decode` has a codec for."""
    name = label.strip(" \t\r\n\"'").lower()
    return name in _UTF8 | _WESTERN | {""} or _codec(name) is not None


def guess(raw: bytes, hint: str = "") -> str:
    """Decode what has no charset: strict UTF-8, else `hint`, else cp1252 (never wrong on Danish text).

    `hint` is the charset that other parts of the same mail name, where that is not a Western one.
    """
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return decode(raw, hint)[0] if is_foreign(hint) else raw.decode("cp1252", "replace")


def is_foreign(label: str) -> bool:
    """Tell whether a charset name is a known one that is neither UTF-8 nor Western."""
    return is_known(label) and label.strip(" \t\r\n\"'").lower() not in _UTF8 | _WESTERN | {""}


def clean(text: str) -> str:
    """Give `text` in NFC, with LF line ends and without what no reader can see or store."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\x0c", "\n").replace("\u2028", "\n").replace("\x85", "\n")
    return nfc(_JUNK.sub("", text) if len(text) < _LONG else _without_junk(text))


def _without_junk(text: str) -> str:
    """Where every other sign of a long text is junk, putting the rest together takes ten times its memory."""
    return text.translate(_NO_JUNK) if _JUNK.search(text) else text


def _utf8(raw: bytes) -> tuple[str, bool]:
    """A few damaged characters in UTF-8 do not make the rest cp1252."""
    try:
        return raw.decode("utf-8"), True
    except UnicodeDecodeError:
        rest, good = _MULTIBYTE.subn(b"", raw)
        bad = len(rest) - len(rest.translate(None, bytes(range(0x80, 0x100))))
        return (raw.decode("utf-8", "replace") if good > bad else raw.decode("cp1252", "replace")), False


def _codec(name: str) -> str | None:
    name = _MEANT.get(name, name)
    if not _CHARSET_NAME.match(name) or not name.isascii():
        return None
    try:
        return codecs.lookup(name).name
    except (LookupError, ValueError):
        return None


def _foreign(raw: bytes, codec: str) -> tuple[str, bool]:
    if codec.startswith("iso2022_jp"):
        return _japanese(raw)
    try:
        return raw.decode(codec), True
    except (UnicodeError, ValueError):
        pass  # the claim does not hold; UTF-8 is the likeliest thing meant instead
    try:
        return raw.decode("utf-8"), False
    except UnicodeDecodeError:
        return raw.decode(codec, "replace"), False


def _japanese(raw: bytes) -> tuple[str, bool]:
    """ISO-2022-JP as programs write it: with the vendors' signs that only Shift_JIS has, or wholly in it."""
    if not raw.isascii():
        return raw.decode("cp932", "replace"), False
    try:
        return raw.decode("iso2022_jp_ext"), True
    except UnicodeError:
        return _JIS.sub(lambda run: _shift(run[1]), raw).replace(b"\x1b(B", b"").decode(
            "cp932", "replace"
        ), True


def _shift(run: bytes) -> bytes:
    """Turn pairs of JIS X 0208 into pairs of Shift_JIS."""
    shifted = bytearray()
    for row, cell in zip(run[::2], run[1::2], strict=False):
        if not (0x21 <= row <= 0x7E and 0x21 <= cell <= 0x7E):
            continue
        shifted.append((row + 1) // 2 + (0x70 if row < 0x5F else 0xB0))
        shifted.append(cell + (0x7E if row % 2 == 0 else 0x1F + (cell >= 0x60)))
    return bytes(shifted)
