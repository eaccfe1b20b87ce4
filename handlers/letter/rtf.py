"""Text out of RTF, as Outlook puts it into winmail.dat and .msg when it has nothing better."""

import re
import struct

from handlers.letter import charset

MAX_RTF = 4_000_000  # bytes; what lies beyond is left out
MAX_OPEN = 1_000  # groups in groups that are told apart

_PACKED, _UNPACKED = b"LZFu", b"MELA"
# The words that every packed text may refer to before it has said anything (MS-OXRTFCP §2.1.2.1).
_PRELOADED = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans "
    rb"SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_TOKEN = re.compile(
    r"\\(?P<word>[A-Za-z]{1,32})(?P<number>-?[0-9]{1,9})? ?|\\'(?P<octet>[0-9A-Fa-f]{2})|\\(?P<sign>.)"
    r"|(?P<brace>[{}])|[\r\n\x00]+|(?P<plain>[^\\{}\r\n\x00]+)",
    re.DOTALL,
)
_SILENT = frozenset(
    {"fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "header", "headerl", "headerr", "headerf"}
    | {"footer", "footerl", "footerr", "footerf", "listtable", "listoverridetable", "rsidtbl", "generator"}
    | {"themedata", "colorschememapping", "datastore", "latentstyles", "xmlnstbl", "fldinst", "bkmkstart"}
)
_SAID = {
    "par": "\n", "line": "\n", "row": "\n", "sect": "\n", "page": "\n", "tab": "\t", "cell": "\t",
    "emdash": "\u2014", "endash": "\u2013", "lquote": "\u2018", "rquote": "\u2019",
    "ldblquote": "\u201c", "rdblquote": "\u201d", "bullet": "\u2022",
}  # fmt: skip
_SIGNS = {"~": "\xa0", "_": "-", "{": "{", "}": "}", "\\": "\\", "\n": "\n", "\r": "\n"}


def unpacked(packed: bytes) -> bytes:
    """Unpack compressed RTF (MS-OXRTFCP), as far as it goes and `MAX_RTF` allows; b'' for anything else."""
    size, kind = packed[4:8], packed[8:12]
    if len(size) < 4:
        return b""
    most = min(struct.unpack("<I", size)[0], MAX_RTF)
    if kind == _UNPACKED:
        return packed[16 : 16 + most]
    return _expanded(packed, most) if kind == _PACKED else b""


def _expanded(packed: bytes, most: int) -> bytes:
    out, at, before = bytearray(_PRELOADED), 16, len(_PRELOADED)
    while at < len(packed) and len(out) - before < most:
        control = packed[at]
        at += 1
        for bit in range(8):
            if not control >> bit & 1:
                out += packed[at : at + 1]
                at += 1
                continue
            reference = int.from_bytes(packed[at : at + 2], "big")
            at += 2
            distance = (len(out) - (reference >> 4)) % 4_096
            if at > len(packed) or not distance:  # a reference to the writing place is the end
                return bytes(out[before : before + most])
            _repeat(out, distance=distance, length=(reference & 15) + 2)
    return bytes(out[before : before + most])


def _repeat(out: bytearray, *, distance: int, length: int) -> None:
    """Say again what was said `distance` bytes ago; it may run into what it says."""
    start = max(0, len(out) - distance)
    piece = bytes(out[start : start + length])
    if piece:
        out += (piece * (length // len(piece) + 1))[:length]


class _Reader:
    """What has been said so far, and what holds in the group that is being read."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.octets = bytearray()
        self.codepage = "cp1252"
        self.silent = False
        self.fallback = 1  # how many signs after \u stand for it in older programs
        self.skip = 0
        self.depth = 0
        self.outer: list[tuple[bool, int]] = []

    def say(self, text: str) -> None:
        if self.octets:
            octets, self.octets = bytes(self.octets), bytearray()
            self.said.append(charset.decode(octets, self.codepage)[0])
        self.said.append(text)

    def brace(self, brace: str) -> None:
        self.skip = 0
        if brace == "{":
            self.depth += 1
            if self.depth <= MAX_OPEN:
                self.outer.append((self.silent, self.fallback))
            return
        self.depth = max(0, self.depth - 1)
        if self.depth < len(self.outer):
            self.silent, self.fallback = self.outer.pop()

    def word(self, name: str, number: int) -> None:
        if name in _SILENT:
            self.silent = True
        elif name == "ansicpg":
            self.codepage = f"cp{number}"
        elif name == "uc":
            self.fallback = max(0, min(number, 10))
        elif name == "u" and not self.silent:
            self.say(chr(number % 65_536))
            self.skip = self.fallback
        elif name in _SAID and not self.silent:
            self.say(_SAID[name])

    def octet(self, octet: str) -> None:
        if self.skip:
            self.skip -= 1
        elif not self.silent:
            self.octets.append(int(octet, 16))

    def sign(self, sign: str) -> None:
        if sign == "*":
            self.silent = True
        elif not self.silent:
            self.say(_SIGNS.get(sign, ""))

    def plain(self, text: str) -> None:
        skipped, self.skip = self.skip, max(0, self.skip - len(text))
        if not self.silent:
            self.say(text[skipped:])


def text(rtf: bytes) -> str:
    """Give what a reader of the RTF would see, a line a paragraph. Linear in its length."""
    source, reader, at = rtf[:MAX_RTF].decode("latin-1"), _Reader(), 0
    while token := _TOKEN.match(source, at):
        at = token.end()
        if word := token["word"]:
            number = int(token["number"] or 0)
            reader.word(word, number)
            at += max(0, number) if word == "bin" else 0
        elif octet := token["octet"]:
            reader.octet(octet)
        elif brace := token["brace"]:
            reader.brace(brace)
        elif plain := token["plain"]:
            reader.plain(plain)
        elif sign := token["sign"]:
            reader.sign(sign)
    reader.say("")
    said = "".join(reader.said)
    return charset.clean(said.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"))
