"""What people write in Slack → Content, and Content → a rich_text block that shows exactly that.

https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from handlers.content import Block, Content, Inline, Item, Listing, Para, Run, clean, link
from handlers.richtext import inlines, mrkdwn
from handlers.richtext.mentions import Names
from templates import say

Json = dict[str, Any]

_DEEPEST = 8
_LATEST = 4_102_444_800  # the year 2100
_LONGEST = 1_500  # characters: never more than Slack's 3,000, however it counts an emoji
_WORDS = {"text": "text", "color": "value"}
_KIND = re.compile(r"[a-z][a-z_]{0,40}")
_CODES = re.compile(r"[0-9a-f]{1,5}(?:-[0-9a-f]{1,5})*", re.IGNORECASE)
_NOBODY = Names()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message says, and the types of the parts that only gave their bare words."""

    content: Content
    unknown: tuple[str, ...] = ()


def read(message: Mapping[str, Any], *, names: Names = _NOBODY) -> Reading:
    """Read any message: its rich_text if it has some, else its `text` as mrkdwn. Never fails.

    Every line end that the writer made begins a new paragraph, as Enter does in Word (inside a point of a
    list it is a space); empty lines are not kept. Code loses its look, not its words.
    """
    reader = _Reader(names)
    blocks = [block for block in _list(message.get("blocks")) if isinstance(block, dict)]
    found: Content = ()
    if any(block.get("type") == "rich_text" for block in blocks):
        found = tuple(part for block in blocks + _tables(message) for part in reader.block(block))
    text = message.get("text")
    if not found and isinstance(text, str):
        found = mrkdwn.content(text, names=names)
    return Reading(found, tuple(sorted(reader.unknown)))


def rich_text(content: Content) -> list[Json]:
    """The content as blocks of a message: one rich_text block, or none when there is no content.

    `read({"blocks": rich_text(content)}).content == content` for every content that `read` gave.
    """
    elements: list[Json] = []
    for kind, group in groupby(content, key=_element_kind):
        for block in _joined(list(group)):
            if kind == "list" and elements and elements[-1]["type"] == "rich_text_list":
                elements.append(_section([Run("\n")]))
            elements += _lists(block) if isinstance(block, Listing) else [_section(block, kind)]
    return [{"type": "rich_text", "elements": elements}] if elements else []


@dataclass(frozen=True, slots=True)
class _Reader:
    names: Names
    unknown: set[str] = field(default_factory=set)

    def block(self, block: Json) -> Iterator[Block]:
        if block.get("type") != "rich_text":
            yield from self._bare(block)
            return
        elements = [element for element in _list(block.get("elements")) if isinstance(element, dict)]
        for is_list, group in groupby(elements, key=lambda part: part.get("type") == "rich_text_list"):
            if not is_list:
                yield from (part for element in group for part in self._paragraphs(element))
            elif items := tuple(item for element in group for item in self._items(element)):
                yield Listing(items)

    def _paragraphs(self, element: Json) -> Iterator[Block]:
        kind = element.get("type")
        if kind not in ("rich_text_section", "rich_text_quote", "rich_text_preformatted"):
            yield from self._bare(element)
            return
        for line in inlines.lines(self._runs(element)):
            yield Para(line, quote=kind == "rich_text_quote")

    def _items(self, element: Json) -> Iterator[Item]:
        indent = element.get("indent")
        level = min(max(indent, 0), _DEEPEST) if isinstance(indent, int) else 0
        for point in _list(element.get("elements")):
            if isinstance(point, dict) and (words := inlines.line(self._runs(point))):
                yield Item(words, level=int(level), ordered=element.get("style") == "ordered")

    def _runs(self, element: Json) -> Iterator[Run]:
        for part in _list(element.get("elements")):
            if isinstance(part, dict):
                yield from self._run(part)

    def _run(self, part: Json) -> tuple[Run, ...]:
        look = _look(part)
        if part.get("type") == "link":
            return tuple(replace(look, text=text, href=href) for text, href in _link(part))
        words = self._words(part)
        if words is None:
            self._report(part)
            words = " ".join(_spoken(part))
        return (replace(look, text=words),)

    def _words(self, part: Json) -> str | None:
        """The words of an inline element, None if it is of no known kind or shape."""
        kind = part.get("type")
        if not isinstance(kind, str):
            return None
        if kind in _WORDS:
            return _text(part, _WORDS[kind])
        if kind == "emoji":
            return _emoji(part)
        if kind == "date":
            return _date(part)
        if kind == "broadcast":
            return f"@{_text(part, 'range') or 'channel'}"
        return self._name(kind, _text(part, f"{kind}_id"))

    def _name(self, kind: str, key: str | None) -> str | None:
        look_up: dict[str, Callable[[str], str]] = {
            "user": self.names.of_person,
            "channel": self.names.of_channel,
            "usergroup": self.names.of_group,
            "team": self.names.of_group,
        }
        return look_up[kind](key) if key and kind in look_up else None

    def _bare(self, element: Json) -> Iterator[Block]:
        self._report(element)
        texts = _rows(element) if element.get("type") == "table" else _spoken(element)
        yield from (Para(line) for text in texts for line in inlines.lines([Run(text)]))

    def _report(self, element: Json) -> None:
        kind = element.get("type")
        self.unknown.add(kind if isinstance(kind, str) and _KIND.fullmatch(kind) else "?")


def _tables(message: Mapping[str, Any]) -> list[Json]:
    """Tables that the writer pasted: Slack hangs them on the message as attachments."""
    hung = (part for part in _list(message.get("attachments")) if isinstance(part, dict))
    blocks = (block for part in hung for block in _list(part.get("blocks")))
    return [block for block in blocks if isinstance(block, dict) and block.get("type") == "table"]


def _rows(table: Json) -> Iterator[str]:
    for row in _list(table.get("rows")):
        yield " | ".join("".join(_spoken(cell)) for cell in _list(row))


def _look(part: Json) -> Run:
    style = part.get("style")
    style = style if isinstance(style, dict) else {}
    return Run("", bold=_is(style, "bold"), italic=_is(style, "italic"), strike=_is(style, "strike"))


def _is(style: Json, look: str) -> bool:
    return style.get(look) is True


def _link(part: Json) -> Iterator[tuple[str, str]]:
    """A link's words and address. A bare address ends before a stray "]", which no address may hold.

    RFC 3986 §3.2.2: square brackets stand only around an IPv6 host.
    """
    url = clean(_text(part, "url") or "").strip()
    label = _text(part, "text") or ""
    if clean(label).strip() not in ("", url):
        yield label, link(url)
        return
    end = url.find("]") if "[" not in url and "]" in url else len(url)
    yield url[:end].removeprefix("mailto:"), link(url[:end])
    yield url[end:], ""


def _date(part: Json) -> str | None:
    """A date as its writer's client would say it, else the day in Copenhagen."""
    moment = part.get("timestamp")
    if fallback := _text(part, "fallback"):
        return fallback
    if isinstance(moment, int) and 0 <= moment <= _LATEST:
        return say("dates.j2", "day", moment=datetime.fromtimestamp(moment, UTC))
    return None


def _emoji(part: Json) -> str | None:
    codes = _text(part, "unicode") or ""
    if _CODES.fullmatch(codes):
        signs = clean("".join(chr(int(code, 16)) for code in codes.split("-")))
        if signs.strip():
            return signs
    name = _text(part, "name")
    return f":{name}:" if name else None


def _spoken(value: Any) -> Iterator[str]:
    """Every `text` (else `fallback`) in the value, in order; what can be clicked is not spoken."""
    waiting = [value]
    while waiting:
        match waiting.pop():
            case list() as values:
                waiting.extend(reversed(values))
            case dict() as element if "action_id" not in element:
                words = _text(element, "text") or _text(element, "fallback")
                if words:
                    yield words
                waiting.extend(reversed([inner for inner in element.values() if not isinstance(inner, str)]))
            case _:
                pass


def _text(part: Json, key: str) -> str | None:
    value = part.get(key)
    return value if isinstance(value, str) else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _element_kind(block: Block) -> str:
    if isinstance(block, Listing):
        return "list"
    return "rich_text_quote" if block.quote else "rich_text_section"


def _joined(blocks: Sequence[Block]) -> Iterator[Listing | list[Run]]:
    """Lists as they are; paragraphs of one kind as the runs of one section, an empty line between."""
    runs: list[Run] = []
    for block in blocks:
        if isinstance(block, Listing):
            yield block
        else:
            runs += [*([Run("\n\n")] if runs else []), *inlines.typed(block.runs)]
    if runs:
        yield runs


def _section(runs: Sequence[Run], kind: str = "rich_text_section") -> Json:
    return {"type": kind, "elements": [element for run in runs for element in _elements(run)]}


def _elements(run: Run) -> Iterator[Json]:
    look: Json = {mark: True for mark in ("bold", "italic", "strike") if getattr(run, mark)}
    style: Json = {"style": look} if look else {}
    if run.href:
        yield {"type": "link", "url": run.href, "text": run.text} | style
        return
    for start in range(0, len(run.text), _LONGEST):
        yield {"type": "text", "text": run.text[start : start + _LONGEST]} | style


def _lists(listing: Listing) -> Iterator[Json]:
    """Flat siblings, a new one for each change of level or kind; `offset` goes on with a broken count."""
    counted: dict[int, int] = {}
    for (level, ordered), group in groupby(listing.items, key=lambda item: (item.level, item.ordered)):
        points: list[Sequence[Inline]] = [item.runs for item in group]
        offset = counted.get(level, 0) if ordered else 0
        counted = {above: count for above, count in counted.items() if above < level}
        counted[level] = offset + len(points) if ordered else 0
        yield {
            "type": "rich_text_list",
            "style": "ordered" if ordered else "bullet",
            "indent": level,
            "elements": [_section(inlines.typed(point)) for point in points],
        } | ({"offset": offset} if offset else {})
