"""The small document tree that everything between Slack and the notat speaks."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from handlers.nfc import nfc

_ILLEGAL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    "\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
    "|[" + "".join(chr(plane << 16 | low) for plane in range(1, 17) for low in (0xFFFE, 0xFFFF)) + "]"
)
_LINKABLE = re.compile(r"(?:https?://[^\s/]|mailto:[^\s@]+@)[^\s]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text with one look; `href` is an http(s) or mailto address, or empty."""

    text: str
    bold: bool = False
    italic: bool = False
    strike: bool = False
    href: str = ""
    kind: Literal["run"] = "run"


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote, standing where its mark stands."""

    runs: tuple[Run, ...]
    kind: Literal["note"] = "note"


Inline = Annotated[Run | Note, Field(discriminator="kind")]


@dataclass(frozen=True, slots=True)
class Para:
    """One paragraph; `quote` sets it apart as somebody else's words."""

    runs: tuple[Inline, ...]
    quote: bool = False
    kind: Literal["para"] = "para"


@dataclass(frozen=True, slots=True)
class Item:
    """One point of a list; `level` counts from 0."""

    runs: tuple[Inline, ...]
    level: int = 0
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A list; an ordered one starts at 1, and again at 1 wherever a new level opens."""

    items: tuple[Item, ...]
    kind: Literal["list"] = "list"


Block = Annotated[Para | Listing, Field(discriminator="kind")]
Content = tuple[Block, ...]


def clean(text: str) -> str:
    """Text that every format can hold: NFC, one kind of line end, no control, bidi or surrogate signs."""
    if text.isprintable():  # which none of the signs is that are taken out, nor any line end
        return nfc(text)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return nfc(_ILLEGAL.sub("", lines.replace("\x85", "\n")))


def link(address: str) -> str:
    """The address if a reader may follow it (http, https, mailto), else empty."""
    address = clean(address).strip()
    return address if _LINKABLE.fullmatch(address) else ""


def paragraphs(text: str) -> Content:
    """Plain text as paragraphs: a blank line parts two, a single line end becomes a space."""
    blocks = re.split(r"\n[ \t]*\n", clean(text))
    joined = (" ".join(block.split()) for block in blocks)
    return tuple(Para((Run(words),)) for words in joined if words)


def plain(content: Content) -> str:
    """The words alone, a blank line between blocks, a line for each point, notes in brackets."""
    return "\n\n".join(_plain_block(block) for block in content)


def count_paragraphs(content: Content) -> int:
    """Paragraphs as a reader counts them: a list belongs to the paragraph before it."""
    return sum(isinstance(block, Para) for block in content) or bool(content)


def digest(content: Content) -> str:
    """Hex SHA-256 of the content: the same text gives the same digest on every machine."""
    canonical = json.dumps(dump(content), ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


def dump(content: Content) -> list[dict[str, Any]]:
    """The content as JSON values; `load` gives back exactly what went in."""
    return [_dump_block(block) for block in content]


def load(values: Sequence[dict[str, Any]]) -> Content:
    """Content from what `dump` gave.

    Raises:
        KeyError, TypeError: the values are not a dumped content.
    """
    return tuple(_load_block(value) for value in values)


def _plain_block(block: Block) -> str:
    if isinstance(block, Para):
        return _plain_runs(block.runs)
    return "\n".join(
        "  " * item.level + ("1. " if item.ordered else "- ") + _plain_runs(item.runs) for item in block.items
    )


def _plain_runs(runs: Iterable[Inline]) -> str:
    return "".join(run.text if isinstance(run, Run) else f" [{_plain_runs(run.runs)}]" for run in runs)


def _dump_block(block: Block) -> dict[str, Any]:
    if isinstance(block, Para):
        return {"kind": "para", "quote": block.quote, "runs": [_dump_inline(run) for run in block.runs]}
    return {"kind": "list", "items": [_dump_item(item) for item in block.items]}


def _dump_item(item: Item) -> dict[str, Any]:
    return {"level": item.level, "ordered": item.ordered, "runs": [_dump_inline(run) for run in item.runs]}


def _dump_inline(run: Inline) -> dict[str, Any]:
    if isinstance(run, Note):
        return {"kind": "note", "runs": [_dump_inline(part) for part in run.runs]}
    looks = {look: True for look in ("bold", "italic", "strike") if getattr(run, look)}
    return {"kind": "run", "text": run.text} | looks | ({"href": run.href} if run.href else {})


def _load_block(value: dict[str, Any]) -> Block:
    if value["kind"] == "para":
        return Para(_load_inlines(value["runs"]), quote=value["quote"])
    items = (Item(_load_inlines(item["runs"]), item["level"], item["ordered"]) for item in value["items"])
    return Listing(tuple(items))


def _load_inlines(values: Iterable[dict[str, Any]]) -> tuple[Inline, ...]:
    return tuple(Note(_load_runs(v["runs"])) if v["kind"] == "note" else _load_run(v) for v in values)


def _load_runs(values: Iterable[dict[str, Any]]) -> tuple[Run, ...]:
    return tuple(_load_run(value) for value in values)


def _load_run(value: dict[str, Any]) -> Run:
    bold, italic, strike = (bool(value.get(look)) for look in ("bold", "italic", "strike"))
    return Run(value["text"], bold=bold, italic=italic, strike=strike, href=value.get("href", ""))
