"""Outlook's .msg: a file system in a file (MS-CFB) that holds the properties of a message (MS-OXMSG)."""

import re
import struct
from array import array
from dataclasses import dataclass, field

from handlers.letter import charset, outlook
from handlers.letter.outlook import Message

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAX_ENTRIES, MAX_FILES, MAX_LEVELS = 20_000, 1_000, 4
ENTRY_COST = 1_000  # bytes that looking at an entry counts as, since folders may hold each other

_LAST = 0xFFFFFFFA  # sector numbers from here on are marks
_STORAGE, _STREAM = 1, 2
_PROPERTY = re.compile(r"__substg1\.0_([0-9A-Fa-f]{4})([0-9A-Fa-f]{4})\Z")
_TEXT_8, _TEXT_16, _OCTETS = 0x1E, 0x1F, 0x102
_FILE, _NUMBERS, _EMBEDDED = "__attach_version1.0_", "__properties_version1.0", "__substg1.0_3701000D"


class BrokenError(ValueError):
    """The bytes are no compound file, or not one that can be read."""


@dataclass(slots=True)
class _Entry:
    """A file or folder of the file system."""

    name: str
    kind: int
    before: int
    after: int
    child: int
    start: int
    size: int


@dataclass(slots=True)
class _Disk:
    """The file system: its sectors, and how many bytes may still be read from it."""

    raw: bytes
    sector: int
    room: int
    fat: "array[int]" = field(default_factory=lambda: array("I"))
    small_fat: "array[int]" = field(default_factory=lambda: array("I"))
    small: bytes = b""
    entries: list[_Entry] = field(default_factory=list)

    def chain(self, start: int, size: int) -> bytes:
        """Read a chain of sectors, at most `size` bytes of it."""
        self.room -= size
        if self.room < 0:
            raise BrokenError
        found, at, left = [], start, size
        for _ in range(len(self.fat) + 1):
            if at >= _LAST or at >= len(self.fat) or left <= 0:
                break
            offset = (at + 1) * self.sector
            found.append(self.raw[offset : offset + min(self.sector, left)])
            left -= self.sector
            at = self.fat[at]
        return b"".join(found)

    def content(self, entry: _Entry) -> bytes:
        """Read a file; small ones lie together in a chain of their own."""
        if entry.size >= 4_096:
            return self.chain(entry.start, min(entry.size, len(self.raw)))
        found, at = b"", entry.start
        self.room -= entry.size
        for _ in range(64):
            if at >= len(self.small_fat) or len(found) >= entry.size:
                break
            found += self.small[at * 64 : at * 64 + 64]
            at = self.small_fat[at]
        if self.room < 0:
            raise BrokenError
        return found[: entry.size]

    def folder(self, entry: _Entry) -> dict[str, _Entry]:
        """Give what a folder holds. Its entries form a tree, which may be damaged or a ring."""
        found: dict[str, _Entry] = {}
        seen, waiting = set[int](), [entry.child]
        while waiting:
            number = waiting.pop()
            if number in seen or number >= len(self.entries):
                continue
            seen.add(number)
            self.room -= ENTRY_COST
            one = self.entries[number]
            found[one.name] = one
            waiting += [one.before, one.after]
        if self.room < 0:
            raise BrokenError
        return found


def read(raw: bytes, *, most: int) -> Message:
    """Read the message in a .msg, from which at most `most` bytes are taken.

    Raises `BrokenError` when it is none, when it is damaged or when it would be more.
    """
    try:
        disk = _mounted(raw, most)
        return _message(disk, disk.entries[0], level=1)
    except (struct.error, IndexError, ValueError) as error:
        raise BrokenError from error


def _mounted(raw: bytes, most: int) -> _Disk:
    shift = struct.unpack_from("<H", raw, 30)[0]
    if not raw.startswith(MAGIC) or shift not in {9, 12}:
        raise BrokenError
    disk = _Disk(raw, 1 << shift, most + len(raw))
    directory, small_start, small_count = struct.unpack_from("<I8xII", raw, 48)
    for sector in _fat_sectors(disk):
        table = raw[(sector + 1) * disk.sector : (sector + 2) * disk.sector]
        disk.fat.frombytes(table[: len(table) // 4 * 4])
    listed = disk.chain(directory, min(len(raw), MAX_ENTRIES * 128))
    disk.entries = [_entry(listed, at) for at in range(0, len(listed) - 127, 128)]
    small = disk.chain(small_start, min(len(raw), small_count * disk.sector))
    disk.small_fat.frombytes(small[: len(small) // 4 * 4])
    root = disk.entries[0]
    disk.small = disk.chain(root.start, min(root.size, len(raw)))
    return disk


def _fat_sectors(disk: _Disk) -> list[int]:
    """Collect where the table of sectors lies: 109 places in the header, the rest in a chain."""
    found = list(struct.unpack_from("<109I", disk.raw, 76))
    (at,) = struct.unpack_from("<I", disk.raw, 68)
    each = disk.sector // 4
    while at < _LAST and len(found) < len(disk.raw) // disk.sector + each:
        *more, at = struct.unpack_from(f"<{each}I", disk.raw, (at + 1) * disk.sector)
        found += more
    used = [sector for sector in found if sector < len(disk.raw) // disk.sector]
    return used[: len(disk.raw) // (disk.sector * each) + 1]


def _entry(listed: bytes, at: int) -> _Entry:
    size, kind, before, after, child = struct.unpack_from("<HBx3I", listed, at + 64)
    start, length = struct.unpack_from("<2I", listed, at + 116)
    name = listed[at : at + max(0, min(size, 64) - 2)].decode("utf-16-le", "replace")
    return _Entry(name, kind, before, after, child, start, length)


def _message(disk: _Disk, entry: _Entry, *, level: int) -> Message:
    inside = disk.folder(entry)
    message = Message(_properties(disk, inside, head=32 if level == 1 else 24))
    folders = [one for name, one in inside.items() if name.startswith(_FILE) and one.kind == _STORAGE]
    if len(folders) > MAX_FILES:
        raise BrokenError
    for folder in sorted(folders, key=lambda one: one.name):
        held = disk.folder(folder)
        file = Message(_properties(disk, held, head=8))
        if _EMBEDDED in held and held[_EMBEDDED].kind == _STORAGE and level < MAX_LEVELS:
            file.embedded = _message(disk, held[_EMBEDDED], level=level + 1)
        message.files.append(file)
    return message


def _properties(disk: _Disk, inside: dict[str, _Entry], *, head: int) -> dict[int, str | bytes]:
    """Read the properties that a mail has use for; numbers lie in a table, the rest in a file each."""
    found: dict[int, str | bytes] = {}
    if numbers := inside.get(_NUMBERS):
        table = disk.content(numbers)
        for at in range(head, len(table) - 15, 16):
            (name,) = struct.unpack_from("<H", table, at + 2)
            if name in outlook.NUMBERS:
                found[name] = table[at + 8 : at + 16]
    codepage = Message(found).number(outlook.MESSAGE_CODEPAGE) & 0xFFFFFFFF
    for name, entry in inside.items():
        tag = _PROPERTY.match(name)
        if entry.kind != _STREAM or not tag or int(tag[1], 16) not in outlook.USED:
            continue
        value = _value(disk.content(entry), int(tag[2], 16), codepage=codepage)
        if value is not None:
            found.setdefault(int(tag[1], 16), value)
    return found


def _value(content: bytes, kind: int, *, codepage: int) -> str | bytes | None:
    if kind == _TEXT_16:
        return content.decode("utf-16-le", "replace").rstrip("\x00")
    if kind == _TEXT_8:
        return charset.decode(content.rstrip(b"\x00"), outlook.charset_of(codepage))[0]
    return content if kind == _OCTETS else None
