"""Mailboxes out of From, To and their like, in one pass however they are written."""

import re
from collections.abc import Iterator

from handlers.letter import charset, words
from handlers.letter.shape import Mailbox

_TOKEN = re.compile(
    rf"""(?P<word>{words.ENCODED.pattern})
      | \\(?P<escaped>.)
      | <(?P<angle>[^<>]*)>
      | (?P<sign>[,;:()<>"])
      | (?P<plain>[^,;:()<>"=\\]+|[=\\])""",
    re.VERBOSE | re.DOTALL,
)
_ADDRESS = re.compile(r"[^\s<>@,;:\"'()\[\]]{1,250}@[^\s<>@,;:\"'()]{1,250}")


class _Box:
    """One mailbox while it is being put together."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.comments: list[str] = []
        self.angle: str | None = None

    def done(self, before: list[str]) -> Mailbox:
        name = words.decode("".join(self.words))
        comment = words.decode("".join(self.comments))
        address = _address(self.angle) if self.angle is not None else ""
        if not address and comment and name and " " not in name:
            return Mailbox(comment, name.lower())  # the old style: postmaster (Mail System)
        if not address and (found := _ADDRESS.search(name)):
            address = found[0].lower()
            name = " ".join(name.replace(found[0], " ").strip(" <>[]()'\"").split())
        return Mailbox(", ".join([*before, name or comment]).strip(" '\""), address)


def mailboxes(raw: bytes, hint: str = "") -> Iterator[Mailbox]:
    """Give the mailboxes of a header, in order, names decoded, addresses in lower case.

    A bare `Surname, Forename <a@b>` is one mailbox. Something without an address comes out only as the last,
    with its name. `hint` is the charset to try for raw bytes that are not UTF-8.
    """
    before: list[str] = []
    for box in _boxes(charset.guess(raw, hint)):
        mailbox = box.done(before)
        before = []
        if mailbox.address:
            yield mailbox
        elif mailbox.name:
            before = [mailbox.name]
    if before:
        yield Mailbox(before[0], "")


def _boxes(value: str) -> Iterator[_Box]:
    box, depth, is_quoted = _Box(), 0, False
    for token in _TOKEN.finditer(value):
        sign = token["sign"]
        if sign == '"' and not depth:
            is_quoted = not is_quoted
        elif is_quoted:
            box.words.append(token["escaped"] or token[0])
        elif sign in {"(", ")"}:
            depth = max(0, depth + (1 if sign == "(" else -1))
        elif depth:
            box.comments.append(token[0])
        elif sign in {",", ";"}:
            yield box
            box = _Box()
        elif sign == ":" and not _is_scheme(box):
            box = _Box()  # the name of a group
        elif token["angle"] is not None and (box.angle is None or "@" not in box.angle):
            box.angle = token["angle"]
        elif sign is None:
            box.words.append(token[0])
    yield box


def _is_scheme(box: _Box) -> bool:
    return "".join(box.words).strip().lower() in {"mailto", "smtp"}


def _address(angle: str) -> str:
    if "=?" in angle:
        angle = words.decode(angle)
    address = charset.clean("".join(angle.split())).strip("\"'").lower()
    return address.removeprefix("mailto:").removeprefix("smtp:")[:320]
