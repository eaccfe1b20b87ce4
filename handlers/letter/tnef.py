"""winmail.dat: the stream of attributes that Outlook sends instead of a mail (MS-OXTNEF)."""

import struct
from collections.abc import Iterator

from handlers.letter import charset, outlook
from handlers.letter.outlook import Message

MAGIC = b"\x78\x9f\x3e\x22"
MAX_ATTRIBUTES, MAX_PROPERTIES, MAX_FILES, MAX_LEVELS = 20_000, 20_000, 1_000, 4

_HEAD = struct.Struct("<BHHI")
_OF_FILE = 2
_FILE_BEGINS, _FILE_TITLE, _FILE_DATA, _FILE_PROPERTIES = 0x9002, 0x8010, 0x800F, 0x9005
_CODEPAGE, _PROPERTIES = 0x9007, 0x9003
_TEXTS = {0x8004: outlook.SUBJECT, 0x800C: outlook.BODY}
_FIXED = {0x02: 2, 0x0B: 2, 0x03: 4, 0x04: 4, 0x0A: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x14: 8, 0x40: 8, 0x48: 16}
_STRING, _UNICODE, _OBJECT, _BINARY = 0x1E, 0x1F, 0x0D, 0x102
_USED = outlook.USED | outlook.NUMBERS
_MANY, _NAMED = 0x1000, 0x8000
_IS_MESSAGE = bytes.fromhex("0703020000000000c000000000000046")


def read(raw: bytes) -> tuple[Message, bool]:
    """Read as much of it as there is; also tells whether that was all. Linear in its length."""
    return _read(memoryview(raw), level=1)


def _read(raw: memoryview, *, level: int) -> tuple[Message, bool]:
    message, codepage, is_whole = Message(), "", True
    for name, of_file, content in _attributes(raw):
        if name < 0:
            is_whole = False
        elif of_file or name == _FILE_BEGINS:
            is_whole &= _add_to_file(message, name, content, codepage=codepage, level=level)
        elif name == _CODEPAGE:
            codepage = outlook.charset_of(int.from_bytes(content[:4], "little"))
        elif name in _TEXTS:
            said = _text(content, codepage)
            message.properties.setdefault(_TEXTS[name], said)
        elif name == _PROPERTIES:
            found, whole = _properties(content, codepage)
            message.properties |= _kept(found)
            is_whole &= whole
    return message, is_whole


def _attributes(raw: memoryview) -> Iterator[tuple[int, bool, memoryview]]:
    """Give name, whether it is about a file, and content; a name of -1 where the stream breaks off."""
    at = 6
    for _ in range(MAX_ATTRIBUTES):
        if at + _HEAD.size > len(raw):
            break
        level, name, _type, size = _HEAD.unpack_from(raw, at)
        at += _HEAD.size
        if level not in {1, _OF_FILE}:
            return  # garbage after the end does no harm
        yield name, level == _OF_FILE, raw[at : at + size]
        at += size + 2
    if at - 2 > len(raw) or at + _HEAD.size <= len(raw):
        yield -1, False, raw[:0]


def _add_to_file(message: Message, name: int, content: memoryview, *, codepage: str, level: int) -> bool:
    if name == _FILE_BEGINS or not message.files:
        if len(message.files) >= MAX_FILES:
            return False
        message.files.append(Message())
    file = message.files[-1]
    if name == _FILE_TITLE:
        file.properties.setdefault(outlook.SHORT_NAME, _text(content, codepage))
    elif name == _FILE_DATA:
        file.properties[outlook.DATA] = bytes(content)
    elif name == _FILE_PROPERTIES:
        found, is_whole = _properties(content, codepage)
        embedded = found.pop(outlook.DATA, None)
        file.properties |= _kept(found)
        return _embed(file, embedded, level=level) and is_whole
    return True


def _embed(file: Message, embedded: str | memoryview | None, *, level: int) -> bool:
    """Open a message that is a file of this one; its bytes begin with the interface that they are kept by."""
    if not isinstance(embedded, memoryview):
        return True
    if embedded[:16] != _IS_MESSAGE:
        file.properties.setdefault(outlook.DATA, bytes(embedded))
        return True
    inner = embedded[16:]
    if level >= MAX_LEVELS or inner[:4] != MAGIC:
        file.properties[outlook.DATA] = bytes(inner)
        return level < MAX_LEVELS
    file.embedded, is_whole = _read(inner, level=level + 1)
    return is_whole


def _kept(found: dict[int, str | memoryview]) -> dict[int, str | bytes]:
    return {name: value if isinstance(value, str) else bytes(value) for name, value in found.items()}


def _text(content: memoryview, codepage: str) -> str:
    return charset.decode(bytes(content).rstrip(b"\x00"), codepage)[0]


def _properties(raw: memoryview, codepage: str) -> tuple[dict[int, str | memoryview], bool]:
    found: dict[int, str | memoryview] = {}
    try:
        for name, value in _values(raw, codepage):
            if name in _USED:
                found.setdefault(name, value)
    except (struct.error, ValueError):
        return found, False
    return found, True


def _values(raw: memoryview, codepage: str) -> Iterator[tuple[int, str | memoryview]]:
    (count,) = struct.unpack_from("<I", raw)
    at = 4
    if count > MAX_PROPERTIES:
        raise ValueError(count)
    for _ in range(count):
        kind, name = struct.unpack_from("<HH", raw, at)
        at = _after_name(raw, at + 4) if name >= _NAMED else at + 4
        if kind & ~_MANY in _FIXED:
            size = _FIXED[kind & ~_MANY]
            many = 1
            if kind & _MANY:
                (many,) = struct.unpack_from("<I", raw, at)
                at += 4
            yield name, raw[at : at + size]
            at += _padded(size * many)
        else:
            value, at = _long_value(raw, at, kind=kind & ~_MANY, codepage=codepage)
            yield name, value


def _after_name(raw: memoryview, at: int) -> int:
    kind, size = struct.unpack_from("<II", raw, at + 16)
    return at + 24 + (_padded(size) if kind else 0)


def _long_value(raw: memoryview, at: int, *, kind: int, codepage: str) -> tuple[str | memoryview, int]:
    """Read a value that says its own length, the first where there are several."""
    if kind not in {0, _STRING, _UNICODE, _OBJECT, _BINARY}:
        raise ValueError(kind)
    (many,) = struct.unpack_from("<I", raw, at)
    at += 4
    if many > MAX_PROPERTIES:
        raise ValueError(many)
    values: list[memoryview] = []
    for _ in range(many):
        (size,) = struct.unpack_from("<I", raw, at)
        at += 4
        if at + size > len(raw):
            raise ValueError(size)
        values.append(raw[at : at + size])
        at += _padded(size)
    first = values[0] if values else raw[:0]
    if kind == _UNICODE:
        return bytes(first).decode("utf-16-le", "replace").rstrip("\x00"), at
    if kind == _STRING:
        return _text(first, codepage), at
    return first, at


def _padded(size: int) -> int:
    return size + -size % 4
