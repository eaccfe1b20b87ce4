"""Turns what a person types into what a Slack client sends: rich_text blocks and a lossy `text`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from bot.sandbox.wire import Json, escaped

if TYPE_CHECKING:
    from collections.abc import Iterator

_ITEM = re.compile(r"^(?P<indent> *)(?:(?P<bullet>[-•])|(?P<number>\d+)[.)]) +(?P<rest>.*)$")
_QUOTE = re.compile(r"^> ?(?P<rest>.*)$")
_FENCE = "```"
_INLINE = re.compile(
    r"""
      <@(?P<user>[UW][A-Z0-9]+)>
    | <\#(?P<channel>[CG][A-Z0-9]+)(?:\|[^>]*)?>
    | <!subteam\^(?P<group>S[A-Z0-9]+)(?:\|[^>]*)?>
    | <(?P<url>(?:https?://|mailto:)[^|>\s]+)(?:\|(?P<label>[^>]+))?>
    | (?P<bare>https?://[^\s<>]*[^\s<>.,;:!?)\]'"])
    | `(?P<code>[^`\n]+)`
    | (?<![\w*])\*(?P<bold>\S(?:[^*\n]*\S)?)\*(?![\w*])
    | (?<![\w_])_(?P<italic>\S(?:[^_\n]*\S)?)_(?![\w_])
    | (?<![\w~])~(?P<strike>\S(?:[^~\n]*\S)?)~(?![\w~])
    | (?<!\S):(?P<emoji>[a-z0-9_+\-]+):(?!\S)
    """,
    re.VERBOSE,
)
_STYLES = ("bold", "italic", "strike")


@dataclass(frozen=True, slots=True)
class Line:
    """One typed line: its part (section, list, quote or code) and the rest of it."""

    part: str
    rest: str
    style: str = ""
    indent: int = 0

    @property
    def key(self) -> tuple[str, str, int]:
        """Tell lines that make one object from those that begin the next."""
        return (self.part, self.style, self.indent)


def compose(typed: str) -> tuple[list[Json], str]:
    """Give the blocks and the `text` for what was typed; no blocks when nothing was."""
    lines = list(_lines(typed.strip("\n")))
    parts = [(key, list(rows)) for key, rows in groupby(lines, key=lambda line: line.key)]
    elements = [_element(key, rows, last=at == len(parts) - 1) for at, (key, rows) in enumerate(parts)]
    blocks = [{"type": "rich_text", "elements": elements}] if typed.strip() else []
    return blocks, "\n".join(_flat(key, rows) for key, rows in parts)


def pasted(text: str) -> list[Json]:
    """Give the blocks of text that was pasted: one section of one element."""
    section = {"type": "rich_text_section", "elements": [_text(text)]}
    return [{"type": "rich_text", "elements": [section]}]


def _lines(typed: str) -> Iterator[Line]:
    fenced = False
    for line in typed.split("\n"):
        if line.strip() == _FENCE:
            fenced = not fenced
        elif fenced:
            yield Line("code", line)
        elif found := _ITEM.match(line):
            style = "bullet" if found["bullet"] else "ordered"
            yield Line("list", found["rest"], style, min(len(found["indent"]) // 2, 8))
        elif found := _QUOTE.match(line):
            yield Line("quote", found["rest"])
        else:
            yield Line("section", line)


def _element(key: tuple[str, str, int], rows: list[Line], *, last: bool) -> Json:
    part, style, indent = key
    typed = "\n".join(line.rest for line in rows)
    if part == "list":
        items = [{"type": "rich_text_section", "elements": inline(line.rest)} for line in rows]
        return {"type": "rich_text_list", "style": style, "indent": indent, "border": 0, "elements": items}
    if part == "code":
        return {"type": "rich_text_preformatted", "border": 0, "elements": [_text(typed)] if typed else []}
    if part == "quote":
        return {"type": "rich_text_quote", "elements": inline(typed)}
    return {"type": "rich_text_section", "elements": inline(typed if last else f"{typed}\n")}


def _flat(key: tuple[str, str, int], rows: list[Line]) -> str:
    part, style, indent = key
    match part:
        case "list":
            pad = "    " * indent
            marks = [f"{n}. " if style == "ordered" else "• " for n in range(1, len(rows) + 1)]
            return "\n".join(
                f"{pad}{mark}{_mrkdwn(line.rest)}" for mark, line in zip(marks, rows, strict=True)
            )
        case "quote":
            return "\n".join(f"&gt; {_mrkdwn(line.rest)}" for line in rows)
        case "code":
            return _FENCE + escaped("\n".join(line.rest for line in rows)) + _FENCE
        case _:
            return "\n".join(_mrkdwn(line.rest) for line in rows)


def _mrkdwn(typed: str) -> str:
    """Escape what was typed, but leave links and mentions as they are."""
    done, at = "", 0
    for found in _INLINE.finditer(typed):
        whole = found.group()
        if found["bare"]:
            whole = f"<{escaped(whole)}>"
        elif not whole.startswith("<"):
            whole = escaped(whole)
        done += escaped(typed[at : found.start()]) + whole
        at = found.end()
    return done + escaped(typed[at:])


def inline(typed: str, style: Json | None = None) -> list[Json]:
    """Give the inline elements of a line; styles nest, text is not escaped."""
    elements: list[Json] = []
    at = 0
    for found in _INLINE.finditer(typed):
        if found.start() > at:
            elements.append(_text(typed[at : found.start()], style))
        elements += _found(found, style or {})
        at = found.end()
    if at < len(typed):
        elements.append(_text(typed[at:], style))
    return elements


def _found(found: re.Match[str], style: Json) -> list[Json]:
    for name in _STYLES:
        if found[name]:
            return inline(found[name], {**style, name: True})
    if found["code"]:
        return [_text(found["code"], {**style, "code": True})]
    return [_thing(found) | ({"style": style} if style else {})]


def _thing(found: re.Match[str]) -> Json:
    if found["user"]:
        return {"type": "user", "user_id": found["user"]}
    if found["channel"]:
        return {"type": "channel", "channel_id": found["channel"]}
    if found["group"]:
        return {"type": "usergroup", "usergroup_id": found["group"]}
    if found["emoji"]:
        return {"type": "emoji", "name": found["emoji"]}
    label = {"text": found["label"]} if found["label"] else {}
    return {"type": "link", "url": found["url"] or found["bare"], **label}


def _text(text: str, style: Json | None = None) -> Json:
    return {"type": "text", "text": text} | ({"style": style} if style else {})
