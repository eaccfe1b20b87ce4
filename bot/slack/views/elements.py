"""The pieces of Block Kit that our messages are made of. A citizen's words are raw text, never mrkdwn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from bot.slack.api.board import Picture
from bot.slack.views.split import ELEMENT, cut, short, units
from templates import escape_slack

Json = dict[str, Any]

_MOST_BUTTONS = 25


def raw(text: str, *, bold: bool = False) -> Json:
    """A stretch of text in a section of rich text."""
    return {"type": "text", "text": text, **({"style": {"bold": True}} if bold else {})}


def linked(url: str, text: str) -> Json:
    """Words that lead somewhere."""
    return {"type": "link", "url": url, "text": text}


def person(user_id: str) -> Json:
    """Somebody's name as Slack shows it."""
    return {"type": "user", "user_id": user_id}


def people(user_ids: Sequence[str], *, last: str) -> Iterator[Json]:
    """Several names in a sentence; `last` is the word before the last one."""
    for index, user_id in enumerate(user_ids):
        if index:
            yield raw(f" {last} " if index == len(user_ids) - 1 else ", ")
        yield person(user_id)


def line(label: str, value: str) -> list[Json]:
    """A label and what stands after it."""
    return [raw(f"{label}: ", bold=True), raw(value)]


def section(elements: list[Json]) -> Json:
    """A paragraph of rich text."""
    return {"type": "rich_text_section", "elements": elements}


def rich(*parts: Json) -> Json:
    """A block of rich text."""
    return {"type": "rich_text", "elements": list(parts)}


def sections(lines: Iterable[list[Json]]) -> Json:
    """A block with each line on its own."""
    return rich(*(section([*each, raw("\n")]) for each in lines))


def bullets(texts: Iterable[str]) -> Json:
    """A list of raw texts."""
    items = [section([raw(text)]) for text in texts]
    return {"type": "rich_text_list", "style": "bullet", "elements": items}


def told(sentence: str, user_id: str = "") -> Json:
    """A sentence of ours, with somebody's name at its end."""
    elements = [raw(sentence + (" " if user_id else ""), bold=True)]
    return rich(section([*elements, person(user_id)] if user_id else elements))


def bare(sentence: str) -> Picture:
    """A message that is one sentence of ours."""
    return Picture(spoken(sentence), [rich(section([raw(sentence)]))])


def spoken(text: str) -> str:
    """The short text of a message, for notifications: it is mrkdwn, so names in it are escaped."""
    return escape_slack(short(text, 300))


def plain(text: str) -> Json:
    """A text in which nothing is markup."""
    return {"type": "plain_text", "text": text, "emoji": False}


def header(text: str) -> Json:
    """A heading."""
    return {"type": "header", "text": plain(short(text, 150))}


def context(text: str) -> Json:
    """A small grey line."""
    return {"type": "context", "elements": [plain(text)]}


def actions(*elements: Json) -> Json:
    """A row of buttons."""
    return {"type": "actions", "elements": list(elements)}


def rows(buttons: Sequence[Json]) -> list[Json]:
    """As many blocks as the buttons need."""
    return [actions(*buttons[at : at + _MOST_BUTTONS]) for at in range(0, len(buttons), _MOST_BUTTONS)]


def button(action: str, label: str, value: str, *, style: str = "", confirm: Json | None = None) -> Json:
    """A button; `confirm` is what is asked before the click counts."""
    look = {"style": style} if style else {}
    asked = {"confirm": confirm} if confirm else {}
    text = plain(short(label, 75))
    return {"type": "button", "action_id": action, "text": text, "value": value, **look, **asked}


def link(action: str, label: str, url: str) -> Json:
    """A button that leads somewhere else."""
    return {"type": "button", "action_id": action, "text": plain(short(label, 75)), "url": url}


def section_of(text: str, accessory: Json | None = None) -> Json:
    """A paragraph in which nothing is markup, with a button beside it; "…" for what is too long."""
    beside = {"accessory": accessory} if accessory else {}
    whole = units(text) <= ELEMENT
    told = text if whole else text[: cut(text, ELEMENT - 1)] + "…"
    return {"type": "section", "text": plain(told), **beside}


def overflow(action: str, options: Mapping[str, str]) -> Json:
    """The menu behind three dots, value to label: Slack takes five at the most."""
    shown = [{"text": plain(short(label, 75)), "value": value} for value, label in options.items()]
    return {"type": "overflow", "action_id": action, "options": shown}


def marked(text: str) -> list[Json]:
    """Paragraphs of ours in mrkdwn, as many as it needs; names in it are escaped already."""
    found = list[Json]()
    while text.strip():
        at = cut(text, ELEMENT)
        found.append({"type": "section", "text": {"type": "mrkdwn", "text": text[:at]}})
        text = text[at:]
    return found


def confirmation(title: str, text: str, *, yes: str, no: str) -> Json:
    """What is asked before a click counts."""
    return {
        "title": plain(short(title, 100)), "text": plain(short(text, 300)),
        "confirm": plain(short(yes, 30)), "deny": plain(short(no, 30)),
    }  # fmt: skip
