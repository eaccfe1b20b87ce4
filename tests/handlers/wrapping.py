"""Builders of what hides mails: winmail.dat, S/MIME and .msg, sound or damaged."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping

Value = str | bytes | int

SUBJECT, BODY, RTF, HTML, DATA = 0x0037, 0x1000, 0x1009, 0x1013, 0x3701
SENDER_NAME, SENDER_ADDRESS, MESSAGE_ID, SENT = 0x0C1A, 0x5D01, 0x1035, 0x0039
LONG_NAME, CONTENT_ID, INTERNET_CODEPAGE = 0x3707, 0x3712, 0x3FDE
HEADERS, MIME_TYPE = 0x007D, 0x370E
SIGNED, SEALED = bytes.fromhex("2a864886f70d010702"), bytes.fromhex("2a864886f70d010703")
COMPRESSED, PLAIN = bytes.fromhex("2a864886f70d0109100109"), bytes.fromhex("2a864886f70d010701")
IS_MESSAGE = bytes.fromhex("0703020000000000c000000000000046")


def mail(kind: str, payload: bytes, *, name: str = "", text: str = "") -> bytes:
    """A mail with one binary part of this type, after a text where there is one."""
    named = f'; name="{name}"' if name else ""
    part = f"Content-Type: {kind}{named}\r\nContent-Transfer-Encoding: binary\r\n\r\n".encode() + payload
    head = b"From: karen@borger.example\r\nSubject: Svar\r\n"
    if not text:
        return head + part
    mark = f"Q{len(payload)}"
    said = f"\r\n--{mark}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n--{mark}\r\n"
    kind = f"Content-Type: multipart/mixed; boundary={mark}\r\n"
    return head + (kind + said).encode() + part + f"\r\n--{mark}--\r\n".encode()


def packed(rtf: bytes) -> bytes:
    """RTF as Outlook keeps it, without compression."""
    return struct.pack("<II4sI", len(rtf) + 12, len(rtf), b"MELA", 0) + rtf


def attribute(name: int, content: bytes, *, of_file: bool = False) -> bytes:
    """One attribute of a winmail.dat."""
    head = struct.pack("<BHHI", 2 if of_file else 1, name, 6, len(content))
    return head + content + struct.pack("<H", sum(content) & 0xFFFF)


def properties(values: Mapping[int, Value]) -> bytes:
    """MAPI properties as a winmail.dat has them."""
    out = struct.pack("<I", len(values))
    for name, value in values.items():
        if isinstance(value, int):
            out += struct.pack("<HHQ", 0x40, name, value)
            continue
        raw = value if isinstance(value, bytes) else value.encode("utf-16-le") + b"\x00\x00"
        kind = 0x1F if isinstance(value, str) else 0x0D if raw.startswith(IS_MESSAGE) else 0x102
        out += struct.pack("<HHII", kind, name, 1, len(raw)) + raw + b"\x00" * (-len(raw) % 4)
    return out


def winmail(values: Mapping[int, Value], files: Iterable[tuple[Mapping[int, Value], bytes]] = ()) -> bytes:
    """A winmail.dat with these properties, and files with theirs and their content."""
    out = b"\x78\x9f\x3e\x22\x01\x00" + attribute(0x9006, b"\x00\x00\x01\x00")
    out += attribute(0x9007, struct.pack("<Q", 1252)) + attribute(0x9003, properties(values))
    for about, content in files:
        out += attribute(0x9002, b"\x00" * 14, of_file=True)
        out += attribute(0x800F, content, of_file=True) if content else b""
        out += attribute(0x9005, properties(about), of_file=True)
    return out


def der(tag: int, *contents: bytes) -> bytes:
    """A value in DER."""
    content = b"".join(contents)
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(digits))) + digits + content


def ber(tag: int, *contents: bytes) -> bytes:
    """A value in BER that says its end itself."""
    return bytes((tag, 0x80)) + b"".join(contents) + b"\x00\x00"


def signed(content: bytes | None, *, streamed: int = 0) -> bytes:
    """A signed-data CMS message around `content`, in pieces of `streamed` bytes when it is streamed."""
    wrap = ber if streamed else der
    octets = der(4, content or b"")
    if streamed and content:
        octets = ber(0x24, *(der(4, content[at : at + streamed]) for at in range(0, len(content), streamed)))
    held = [wrap(0xA0, octets)] if content is not None else []
    body = wrap(0x30, der(2, b"\x01"), der(0x31), wrap(0x30, der(6, PLAIN), *held), der(0x31))
    return wrap(0x30, der(6, SIGNED), wrap(0xA0, body))


def sealed() -> bytes:
    """The beginning of an encrypted CMS message."""
    return der(0x30, der(6, SEALED), der(0xA0, der(0x30, der(2, b"\x00"), der(0x31, b"\x00" * 300))))


def compressed(content: bytes) -> bytes:
    """A compressed-data CMS message around `content`."""
    held = der(0x30, der(6, PLAIN), der(0xA0, der(4, zlib.compress(content))))
    algorithm = der(0x30, der(6, COMPRESSED))
    return der(0x30, der(6, COMPRESSED), der(0xA0, der(0x30, der(2, b"\x00"), algorithm, held)))


def outlook(values: Mapping[int, Value], files: Iterable[Mapping[int, Value]] = ()) -> bytes:
    """A .msg with these properties and files."""
    tree = dict(_streams(values, head=32))
    for number, about in enumerate(files):
        folder = f"__attach_version1.0_#{number:08X}"
        tree |= {f"{folder}/{name}": content for name, content in _streams(about, head=8)}
    return compound(tree)


def _streams(values: Mapping[int, Value], *, head: int) -> Iterator[tuple[str, bytes]]:
    numbers = b"\x00" * head
    for name, value in values.items():
        if isinstance(value, int):
            numbers += struct.pack("<HHIQ", 0x40, name, 6, value)
        elif isinstance(value, str):
            yield f"__substg1.0_{name:04X}001F", value.encode("utf-16-le")
        else:
            yield f"__substg1.0_{name:04X}0102", value
    yield "__properties_version1.0", numbers


def compound(tree: Mapping[str, bytes]) -> bytes:
    """A compound file (MS-CFB, version 3) of files named folder/name, one level of folders at most."""
    sectors, fat = list[bytes](), list[int]()
    small, small_fat = b"", list[int]()

    def chain(content: bytes) -> int:
        first, count = len(sectors), -(-len(content) // 512)
        sectors.extend(content[at * 512 : at * 512 + 512].ljust(512, b"\x00") for at in range(count))
        fat.extend([*range(first + 1, first + count), 0xFFFFFFFE] if count else [])
        return first if count else 0xFFFFFFFE

    def place(content: bytes) -> int:
        nonlocal small
        if len(content) >= 4_096:
            return chain(content)
        first, count = len(small) // 64, max(1, -(-len(content) // 64))
        small += content.ljust(count * 64, b"\x00")
        small_fat.extend([*range(first + 1, first + count), 0xFFFFFFFE])
        return first

    folders = sorted({name.partition("/")[0] for name in tree if "/" in name})
    entries: list[tuple[str, int, int, int, int, int]] = [("Root Entry", 5, 0, 0, 0, 0)]
    inside: dict[str, list[int]] = {"": []}
    for folder in folders:
        inside[folder] = []
        inside[""].append(len(entries))
        entries.append((folder, 1, 0xFFFFFFFF, 0, 0, 0))
    for name, content in tree.items():
        folder, _, own = name.rpartition("/")
        inside[folder].append(len(entries))
        entries.append((own, 2, 0xFFFFFFFF, 0xFFFFFFFF, place(content), len(content)))
    following, children = dict[int, int](), dict[str, int]()
    for folder, held in inside.items():
        held.sort(key=lambda number: (len(entries[number][0]), entries[number][0].upper()))
        following |= dict(zip(held, [*held[1:], 0xFFFFFFFF], strict=True))
        children[folder] = held[0] if held else 0xFFFFFFFF
    small_start = chain(small)
    listed = b""
    for number, (name, kind, _before, _child, start, size) in enumerate(entries):
        child = children[""] if number == 0 else children.get(name, 0xFFFFFFFF) if kind == 1 else 0xFFFFFFFF
        begin, length = (small_start, len(small)) if number == 0 else (start, size)
        coded = name.encode("utf-16-le") + b"\x00\x00"
        listed += coded.ljust(64, b"\x00") + struct.pack("<HBB", len(coded), kind, 1)
        listed += struct.pack("<3I", 0xFFFFFFFF, following.get(number, 0xFFFFFFFF), child) + b"\x00" * 36
        listed += struct.pack("<IQ", begin, length)
    directory = chain(listed.ljust(-(-len(listed) // 512) * 512, b"\x00"))
    table = struct.pack(f"<{len(small_fat)}I", *small_fat)
    small_table = chain(table.ljust(-(-len(table) // 512) * 512, b"\xff"))
    first = len(sectors)
    count = 1
    while count * 128 < first + count:
        count += 1
    fat += [0xFFFFFFFD] * count
    whole = struct.pack(f"<{len(fat)}I", *fat).ljust(count * 512, b"\xff")
    places = [*range(first, first + count), *[0xFFFFFFFF] * (109 - count)]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 16
    header += struct.pack("<5H6x8I", 0x3E, 3, 0xFFFE, 9, 6, 0, count, directory, 0, 4_096, small_table,
                          -(-len(table) // 512), 0xFFFFFFFE)  # fmt: skip
    header += struct.pack("<110I", 0, *places)
    return header + b"".join(sectors) + whole
