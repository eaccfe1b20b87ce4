"""Slack's mrkdwn (a message's `text`, which is all that bots and old messages have) → Content.

https://docs.slack.dev/messaging/formatting-message-text
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from handlers.content import Block, Content, Inline, Item, Listing, Para, Run, clean, link
from handlers.richtext.inlines import line as inlines
from handlers.richtext.mentions import Names

_TOKEN = re.compile(r"<(?P<reference>[^<>\n]+)>|`(?P<code>[^`\n]+)`|(?P<sign>[*_~])|[^<`*_~]+|[<`]")
_BULLET = re.compile(r"([ \t]*)[•◦▪▫‣*-]\ufe0e?[ \t]+(?=\S)")
_NUMBER = re.compile(r"([ \t]*)(\d{1,3})[.)][ \t]+(?=\S)")
_QUOTE = re.compile(r"(?:>|&gt;) ?")
_QUOTE_REST = re.compile(r"(?:>|&gt;){3} ?")


@dataclass(frozen=True, slots=True)
class _Line:
    runs: tuple[Inline, ...]
    quote: bool = False
    item: Item | None = None
    number: int = 0
    as_text: tuple[Inline, ...] = ()


def content(text: str, *, names: Names) -> Content:
    """Each line is a paragraph, a point or a quoted paragraph; lines that count up from 1 are a list.

    A line such as "1. juni" or "15. juni" that no second number follows keeps its number as text.
    """
    lines = [line for line in _lines(clean(text), names) if line.runs]
    return tuple(_blocks(_counted(lines)))


def runs(text: str, *, names: Names) -> tuple[Run, ...]:
    """A line of mrkdwn as runs: looks, links, mentions; & < > unescaped once."""
    found: list[Run] = []
    opened: dict[str, int] = {}
    for token in _TOKEN.finditer(text):
        sign = token["sign"]
        start = opened.get(sign, -1)
        if 0 <= start < len(found) - 1 and _closes(text, token):
            found[start:] = [_looking(run, sign) for run in found[start + 1 :]]
            opened = {other: place for other, place in opened.items() if place < start}
            continue
        if sign and _opens(text, token):
            opened[sign] = len(found)
        found.append(_run(token, names))
    return tuple(found)


def unescape(text: str) -> str:
    """Slack escapes only these three: https://docs.slack.dev/messaging/formatting-message-text#escaping."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _opens(text: str, token: re.Match[str]) -> bool:
    before, after = text[max(token.start() - 1, 0) : token.start()], text[token.end() : token.end() + 1]
    return not before.isalnum() and bool(after.strip())


def _closes(text: str, token: re.Match[str]) -> bool:
    before, after = text[token.start() - 1 : token.start()], text[token.end() : token.end() + 1]
    return not after.isalnum() and bool(before.strip())


def _looking(run: Run, sign: str) -> Run:
    return replace(
        run, bold=run.bold or sign == "*", italic=run.italic or sign == "_", strike=run.strike or sign == "~"
    )


def _run(token: re.Match[str], names: Names) -> Run:
    if token["reference"]:
        return _reference(token["reference"], names)
    return Run(unescape(token["code"] or token[0]))


def _reference(body: str, names: Names) -> Run:
    target, _, label = (unescape(part) for part in body.partition("|"))
    if target.startswith("@"):
        return Run(names.of_person(target[1:], label))
    if target.startswith("#"):
        return Run(names.of_channel(target[1:], label))
    if target.startswith("!"):
        return Run(_special(target[1:], label, names))
    href = link(target)
    return Run(label.strip() or (target.removeprefix("mailto:") if href else f"<{target}>"), href=href)


def _special(target: str, label: str, names: Names) -> str:
    if target.startswith("subteam^"):
        return names.of_group(target.removeprefix("subteam^"), label)
    return label or f"@{target.partition('^')[0]}"


def _lines(text: str, names: Names) -> Iterator[_Line]:
    parts = text.split("```")
    if len(parts) % 2 == 0:
        parts[-2:] = ["```".join(parts[-2:])]
    for place, part in enumerate(parts):
        if place % 2:
            yield from (_Line(inlines([Run(unescape(line))])) for line in part.split("\n"))
        else:
            yield from _written(part.split("\n"), names)


def _written(texts: Iterable[str], names: Names) -> Iterator[_Line]:
    quoting = False
    for text in texts:
        rest = _QUOTE_REST.match(text)
        quoting = quoting or rest is not None
        mark = rest or _QUOTE.match(text)
        if mark or quoting:
            yield _Line(inlines(runs(text[mark.end() if mark else 0 :], names=names)), quote=True)
        else:
            yield _plain_or_item(text, names)


def _plain_or_item(text: str, names: Names) -> _Line:
    bullet, number = _BULLET.match(text), _NUMBER.match(text)
    whole = inlines(runs(text, names=names))
    mark = bullet or number
    if not mark:
        return _Line(whole)
    words = inlines(runs(text[mark.end() :], names=names))
    item = Item(words, level=_level(mark[1]), ordered=number is not None)
    return _Line(words, item=item, number=int(number[2]) if number else 0, as_text=whole)


def _level(indent: str) -> int:
    """Slack writes four spaces a level; people write two."""
    return min((len(indent.expandtabs(4)) + 2) // 4, 8)


def _counted(lines: Sequence[_Line]) -> Iterator[_Line]:
    """The lines, where numbers that do not count up are text and not points."""
    for is_list, group in groupby(lines, key=lambda line: line.item is not None):
        members = list(group)
        if is_list and not _count_up(members):
            yield from (_Line(line.as_text) if line.number else line for line in members)
        else:
            yield from members


def _count_up(points: Iterable[_Line]) -> bool:
    numbers = [point.number for point in points if point.number]
    reached: dict[int, int] = {}
    for point in points:
        level = point.item.level if point.item else 0
        reached = {above: number for above, number in reached.items() if above <= level}
        if point.number and point.number != reached.get(level, 0) + 1:
            return False
        reached[level] = point.number
    return not numbers or max(numbers) > 1


def _blocks(lines: Iterable[_Line]) -> Iterator[Block]:
    for is_list, group in groupby(lines, key=lambda line: line.item is not None):
        if is_list:
            yield Listing(tuple(line.item for line in group if line.item))
        else:
            yield from (Para(line.runs, quote=line.quote) for line in group)
