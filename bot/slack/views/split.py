"""A text of any length as Slack messages in which nothing of it is anything but text.

Slack's figures: 3,000 signs in a text, 50 blocks in a message, and a sum over the blocks that is not
documented (9,597 was taken and 11,341 refused, slackapi/bolt-js#2867), so 8,000 is kept.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from handlers.content import clean

ELEMENT = 3_000
MESSAGE = 8_000
_WIDE = re.compile(r"\s{200,}")
_BREAKS = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"[.!?][\"')»”]*\s"), re.compile(r"\s"))
_JOINER = "\u200d"
_LONGEST_SIGN = 64


@dataclass(frozen=True, slots=True)
class Split:
    """Blocks for each message in turn, and the text for which there was no message left."""

    messages: tuple[list[dict[str, Any]], ...]
    rest: str = ""


def messages(text: str, *, most: int = 5, room: int = MESSAGE) -> Split:
    """The text as at most `most` messages' blocks: rich_text with raw text, so that no mention can arise.

    What the messages say, joined, and the rest make up `shown(text)`. Where there is a rest, the caller
    attaches the whole as a file. A text that says nothing gives no messages. Each has `room` signs.
    """
    rest = shown(text)
    pages: list[str] = []
    while rest and len(pages) < most:
        at = cut(rest, room)
        pages.append(rest[:at])
        rest = rest[at:]
    return Split(tuple([_block(page)] for page in pages), rest)


def shown(text: str) -> str:
    """The text as the messages show it: cleaned, trimmed, a stretch of 200 blanks or more an empty line."""
    return _WIDE.sub("\n\n", clean(text).strip())


def short(text: str, limit: int) -> str:
    """The text on one line in at most `limit` units, an ellipsis for what is left out."""
    line = " ".join(clean(text).split())
    if units(line) <= limit:
        return line
    at = _between_signs(line, _reach(line, limit - 1))
    space = line.rfind(" ", at * 3 // 4, at + 1)
    return line[: space if space > 0 else at].rstrip() + "…"


def units(text: str) -> int:
    """Length in UTF-16 units, which is never less than Slack counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, limit: int) -> int:
    """Where the first part of the text ends, at most `limit` units on.

    At the last paragraph, else line, sentence or word of the part's second half that ends there; else
    anywhere but inside a sign.
    """
    reach = _reach(text, limit)
    if reach == len(text):
        return reach
    for ending in _BREAKS:
        last = max((found.end() for found in ending.finditer(text, reach // 2, reach)), default=0)
        if last:
            return last
    return _between_signs(text, reach)


def _block(page: str) -> dict[str, Any]:
    elements: list[dict[str, Any]] = []
    while page:
        at = cut(page, ELEMENT)
        elements.append({"type": "text", "text": page[:at]})
        page = page[at:]
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}


def _reach(text: str, limit: int) -> int:
    """How many characters fit in the limit."""
    head = text[:limit].encode("utf-16-le", "surrogatepass")[: 2 * limit]
    return len(head.decode("utf-16-le", "ignore"))


def _between_signs(text: str, reach: int) -> int:
    """The last place up to `reach` that is not inside one sign as a reader sees it."""
    for place in range(reach, max(reach - _LONGEST_SIGN, 0), -1):
        if place == len(text) or not _is_inside(text, place):
            return place
    return reach


def _is_inside(text: str, place: int) -> bool:
    """True if a combining mark, joiner, skin tone, tag or second half of a flag stands there (UAX #29)."""
    before, after = text[place - 1], text[place]
    if _JOINER in (before, after) or unicodedata.category(after).startswith("M"):
        return True
    if "\U0001f3fb" <= after <= "\U0001f3ff" or "\U000e0020" <= after <= "\U000e007f":
        return True
    return _is_flag_half(after) and _flag_halves_before(text, place) % 2 == 1


def _flag_halves_before(text: str, place: int) -> int:
    start = place
    while start > 0 and _is_flag_half(text[start - 1]):
        start -= 1
    return place - start


def _is_flag_half(sign: str) -> bool:
    return "\U0001f1e6" <= sign <= "\U0001f1ff"
