"""The parts of a mail: bytes to a tree by an own loop, since the standard parser recurses and copies."""

import binascii
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from handlers.letter import charset, params, words
from handlers.letter.shape import Flaw, FlawKind

MAX_DEPTH = 40
_PIECE = 2**20  # bytes looked at in one go
MAX_PARTS = 1_000
MAX_HEADERS = 2_000_000  # bytes of all headers of a part together
MAX_HEADER = 500_000  # bytes of one

_LINE = re.compile(rb"([^\r\n]*)(\r\n|\n|\r|\Z)")
_LINE_END = re.compile(rb"[\r\n]")
_NEWLINE = re.compile(rb"\r\n|\n|\r")
_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:[ \t]*")
_BLANK = re.compile(rb"[\r\n][ \t\r\n]*")
_BLANK_LINE = re.compile(rb"\r\n\r\n|\n\n|\r\r|\n\r\n")
_KNOWN = re.compile(
    rb"[\r\n](?:from|to|cc|subject|date|message-id|reply-to|mime-version|content-[a-z-]+|received|x-[a-z-]+)"
    rb"[ \t]*:",
    re.IGNORECASE,
)
_DIVIDER = re.compile(rb"[\r\n]--([^\s-][^\r\n]{0,199}|-[^\r\n]{1,199})[\r\n]")
_NAMED_CHARSET = re.compile(rb"charset\s{0,3}=\s{0,3}[\"']?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_MIME = re.compile(rb"\s{0,10}(?:mime-version|content-(?:type|transfer-encoding)):", re.IGNORECASE)
_NO_BASE64 = bytes(
    set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n\t ")
)


@dataclass(slots=True)
class Part:
    """One part: its headers, and where in the raw mail its body lies. `path` is '1', '1.2' and so on."""

    raw: bytes
    start: int
    end: int
    path: str = "1"
    depth: int = 0
    headers: dict[str, list[bytes]] = field(default_factory=dict)
    content_type: str = "text/plain"
    claimed: str = ""
    params: dict[str, str] = field(default_factory=dict)
    disposition: str = ""
    disposition_params: dict[str, str] = field(default_factory=dict)
    children: list["Part"] = field(default_factory=list)

    def header(self, name: str) -> bytes:
        """Give the first value of a header (name in lower case), unfolded; b'' when there is none."""
        return self.headers.get(name, (b"",))[0]

    @property
    def file_name(self) -> str:
        """The name it asks for, decoded but not made safe; '' when it asks for none."""
        return self.disposition_params.get("filename") or self.params.get("name") or ""

    def walk(self) -> Iterator["Part"]:
        """Give this part and all beneath it, in the order of the mail."""
        waiting = [self]
        while waiting:
            part = waiting.pop()
            yield part
            waiting += reversed(part.children)

    def foreign_charset(self) -> str:
        """Give the first charset that is neither UTF-8 nor Western, '' when there is none.

        It may be named by a part, by a mail that is attached, or by a page for itself.
        """
        labels = (part.params.get("charset", "") for part in self.walk())
        named = (found.decode() for found in _NAMED_CHARSET.findall(self.raw, 0, 200_000))
        return next(filter(charset.is_foreign, chain(labels, named)), "")

    def body(self) -> tuple[bytes, bool]:
        """Decode the transfer encoding. Returns the bytes, and whether they were whole."""
        raw = self.raw[self.start : self.end]
        encoding = (
            words.text(self.header("content-transfer-encoding")).lower().partition(";")[0].strip(" \"'")
        )
        if encoding == "base64":
            return _from_base64(raw, is_text=self.content_type.startswith("text/"))
        if encoding == "quoted-printable":
            return binascii.a2b_qp(raw), True
        if encoding in {"x-uuencode", "uuencode", "x-uue"}:
            return _from_uuencode(raw)
        return raw, encoding in {"", "7bit", "8bit", "binary", "7-bit", "8-bit"}


def split(raw: bytes, flaws: list[Flaw], *, within: Part | None = None, room: int = MAX_PARTS) -> Part:
    """Split a mail into its parts. Time is linear in its length; what cannot be split adds to `flaws`.

    `within` is the part that held a mail which lies in another; `room` says how many parts there may be.
    """
    root = Part(raw, _skip_envelope(raw), len(raw))
    if within is not None:
        root.path, root.depth = f"{within.path}.1", within.depth + 1
    count, waiting = 1, [root]
    while waiting:
        part = waiting.pop()
        _read_headers(part, flaws)
        if part is root and "content-type" not in root.headers and _MIME.match(raw, root.start):
            flaws.append(Flaw(FlawKind.BAD_HEADERS, f"part {root.path}"))  # a blank line among them
            root.start = _skip_envelope(raw, root.start)
            _read_headers(root, flaws)
        if not part.content_type.startswith("multipart/"):
            continue
        if part.depth >= MAX_DEPTH:
            flaws.append(Flaw(FlawKind.TOO_DEEP, f"depth {part.depth}"))
            part.content_type = "message/rfc822"  # kept whole, as a file
            continue
        part.children = _children(part, flaws, room=room - count)
        count += len(part.children)
        waiting += reversed(part.children)
    return root


def fields(raw: bytes) -> dict[str, list[bytes]]:
    """Read a block of headers, as delivery reports hold them; names in lower case, values unfolded."""
    part = Part(raw, 0, len(raw))
    _read_fields(part, [])
    return part.headers


def _skip_envelope(raw: bytes, start: int = 0) -> int:
    """Pass over blank lines and an mbox `From ` line before the headers."""
    blank = _BLANK.match(raw, start)
    start = blank.end() if blank else start
    if raw.startswith(b"\xef\xbb\xbf", start):
        start += 3
    if raw.startswith((b"From ", b">From "), start):
        line = _LINE.match(raw, start)
        start = line.end() if line else start
    return start


def _read_headers(part: Part, flaws: list[Flaw]) -> None:
    _read_fields(part, flaws)
    if declared := part.header("content-type"):
        kind, part.params = params.split(declared)
        part.content_type = kind if re.match(r"[^\s/]+/[^\s/]+\Z", kind) else "text/plain"
        part.claimed = part.content_type
    if disposition := part.header("content-disposition"):
        part.disposition, part.disposition_params = params.split(disposition)


def _read_fields(part: Part, flaws: list[Flaw]) -> None:
    """Fill the headers and move `start` to the body: past the blank line, or to what cannot be a header."""
    found: list[tuple[str, list[bytes]]] = []
    at, last_known = part.start, -1
    limit = min(part.end, part.start + MAX_HEADERS)
    while at < limit and (line := _LINE.match(part.raw, at, part.end)) and (content := line[1]):
        if named := _FIELD.match(content):
            found.append((named[1].decode("ascii").lower(), [content[named.end() :]]))
        elif found and content[0] in b" \t":
            found[-1][1].append(content)
        else:
            last_known = _last_known(part, at, flaws) if last_known < 0 else last_known
            if at >= last_known:
                break
            if found:
                found[-1][1].append(b" " + content)
        at = line.end()
    if limit <= at < part.end:
        flaws.append(Flaw(FlawKind.TOO_LONG, f"part {part.path}, headers"))
    blank = _NEWLINE.match(part.raw, at, part.end)
    part.start = blank.end() if blank else at
    _keep(part, found, flaws)


def _keep(part: Part, found: list[tuple[str, list[bytes]]], flaws: list[Flaw]) -> None:
    for name, lines in found:
        value = b"".join(lines)
        if len(value) > MAX_HEADER:
            flaws.append(Flaw(FlawKind.TOO_LONG, f"part {part.path}, header {name[:40]}"))
        part.headers.setdefault(name, []).append(value[:MAX_HEADER])


def _last_known(part: Part, at: int, flaws: list[Flaw]) -> int:
    """Find the last true header before the blank line; lines before it that are none were badly folded."""
    flaws.append(Flaw(FlawKind.BAD_HEADERS, f"part {part.path}"))
    blank = _BLANK_LINE.search(part.raw, at, part.end)
    end = blank.start() if blank else part.end
    return max((found.start() + 1 for found in _KNOWN.finditer(part.raw, at, end)), default=0)


def _children(part: Part, flaws: list[Flaw], *, room: int) -> list[Part]:
    boundary = part.params.get("boundary", "").rstrip().encode("utf-8", "replace")
    ranges, is_closed = _ranges(part, boundary) if boundary else ([], True)
    if not ranges and (
        guessed := _DIVIDER.search(part.raw, max(0, part.start - 1), min(part.end, part.start + 2_000))
    ):
        flaws.append(Flaw(FlawKind.NO_BOUNDARY, f"part {part.path}"))
        ranges, is_closed = _ranges(part, guessed[1].rstrip())
    if not ranges:
        flaws.append(Flaw(FlawKind.NO_BOUNDARY, f"part {part.path}"))
        part.content_type = "text/plain"
    if not is_closed:
        flaws.append(Flaw(FlawKind.UNCLOSED, f"part {part.path}"))
    if len(ranges) > room:
        flaws.append(Flaw(FlawKind.TOO_MANY_PARTS, f"part {part.path}: {len(ranges)}"))
    default = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
    return [
        Part(part.raw, start, end, f"{part.path}.{number}", part.depth + 1, content_type=default)
        for number, (start, end) in enumerate(ranges[: max(room, 0)], 1)
    ]


def _ranges(part: Part, boundary: bytes) -> tuple[list[tuple[int, int]], bool]:
    """Find what lies between the dividing lines, and whether the last of them is there."""
    raw, end, found = part.raw, part.end, list[tuple[int, int]]()
    mark, opened, at = b"--" + boundary, -1, part.start
    while (hit := raw.find(mark, at, end)) >= 0:
        at = hit + len(mark)
        if hit > part.start and raw[hit - 1] not in b"\r\n":
            following = _LINE_END.search(raw, at, end)
            at = following.start() if following else end
            continue
        line = _LINE.match(raw, at, end)
        rest = line[1].rstrip() if line else b""
        if rest not in {b"", b"--"}:
            continue
        if opened >= 0:
            found.append((opened, max(opened, _before_newline(raw, hit))))
        if rest == b"--":
            return found, True
        opened = at = line.end() if line else at
    if opened >= 0:
        found.append((opened, end))
    return found, opened < 0


def _before_newline(raw: bytes, at: int) -> int:
    return at - 2 if raw[at - 2 : at] == b"\r\n" else at - 1


def _from_base64(raw: bytes, *, is_text: bool) -> tuple[bytes, bool]:
    """Decode; text that claims to be base64 and plainly is not stays as it stands."""
    pieces = (raw[at : at + _PIECE] for at in range(0, len(raw), _PIECE))  # no second copy of a large file
    strange = sum(len(piece) - len(piece.translate(None, _NO_BASE64)) for piece in pieces)
    if is_text and strange * 20 > len(raw):
        return raw, False
    return words.base64(raw), strange == 0


def _from_uuencode(raw: bytes) -> tuple[bytes, bool]:
    decoded, whole = bytearray(), True
    for line in io.BytesIO(raw):
        if line.startswith(b"begin ") or line.strip() in {b"", b"end", b"`"}:
            continue
        try:
            decoded += binascii.a2b_uu(line)
        except binascii.Error:
            whole = False
        if len(decoded) > len(raw):  # lines may claim more than they hold
            return bytes(decoded), False
    return bytes(decoded), whole
