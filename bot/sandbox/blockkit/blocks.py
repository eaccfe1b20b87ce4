"""Blocks of messages, modals and App Home.

Limits: https://docs.slack.dev/reference/block-kit/blocks
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.blockkit import elements, richtext, texts
from bot.sandbox.blockkit.notes import Notes
from bot.sandbox.wire import Json

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_IN_MESSAGE = 50
MOST_IN_VIEW = 100


def check_blocks(blocks: Any, *, most: int = MOST_IN_MESSAGE) -> list[str]:
    """Give Slack's complaints about a list of blocks; none when it would be taken."""
    notes = Notes()
    rows = notes.items({"blocks": blocks}, "blocks", "", most=most, least=0)
    for at, node in enumerate(rows):
        _block(notes, node, f"/blocks/{at}")
    named = [each["block_id"] for each in rows if isinstance(each, dict) and each.get("block_id")]
    if len(named) != len(set(named)):
        notes.say("/blocks", "block_id must be unique")
    return notes.said


def _block(notes: Notes, node: Any, place: str) -> None:
    kind = node.get("type") if isinstance(node, dict) else None
    if kind not in _KINDS:
        notes.say(place, "unsupported type")
        return
    needed, allowed, check = _KINDS[kind]
    if notes.keys(node, place, needed=needed, allowed=f"{allowed} block_id"):
        notes.text(node, "block_id", place, most=255)
        check(notes, node, place)


def _section(notes: Notes, node: Json, place: str) -> None:
    if "text" not in node and "fields" not in node:
        notes.say(place, "missing required field: text or fields")
    if "text" in node:
        texts.text(notes, node["text"], f"{place}/text", most=3000)
    if "fields" in node:
        for at, field in enumerate(notes.items(node, "fields", place, most=10)):
            texts.text(notes, field, f"{place}/fields/{at}", most=2000)
    if "accessory" in node:
        elements.element(notes, node["accessory"], f"{place}/accessory", where="section")


def _header(notes: Notes, node: Json, place: str) -> None:
    texts.plain_keys(notes, node, place, text=150)


def _context(notes: Notes, node: Json, place: str) -> None:
    for at, one in enumerate(notes.items(node, "elements", place, most=10)):
        here = f"{place}/elements/{at}"
        if isinstance(one, dict) and one.get("type") == "image":
            elements.element(notes, one, here, where="context")
        else:
            texts.text(notes, one, here, most=2000)


def _actions(notes: Notes, node: Json, place: str) -> None:
    rows = notes.items(node, "elements", place, most=25)
    for at, one in enumerate(rows):
        elements.element(notes, one, f"{place}/elements/{at}", where="actions")
    named = [each["action_id"] for each in rows if isinstance(each, dict) and each.get("action_id")]
    if len(named) != len(set(named)):
        notes.say(place, "action_id must be unique within a block")


def _input(notes: Notes, node: Json, place: str) -> None:
    texts.plain_keys(notes, node, place, label=2000, hint=2000)
    elements.element(notes, node["element"], f"{place}/element", where="input")


def _image(notes: Notes, node: Json, place: str) -> None:
    notes.text(node, "alt_text", place, most=2000)
    notes.text(node, "image_url", place, most=3000)
    texts.plain_keys(notes, node, place, title=2000)


def _markdown(notes: Notes, node: Json, place: str) -> None:
    notes.text(node, "text", place, most=12_000)


def _nothing(_notes: Notes, _node: Json, _place: str) -> None:
    return


_KINDS: dict[str, tuple[str, str, Callable[[Notes, Json, str], None]]] = {
    "actions": ("elements", "", _actions),
    "context": ("elements", "", _context),
    "divider": ("", "", _nothing),
    "file": ("external_id source", "", _nothing),
    "header": ("text", "", _header),
    "image": ("alt_text", "image_url slack_file title", _image),
    "input": ("label element", "dispatch_action hint optional", _input),
    "markdown": ("text", "", _markdown),
    "rich_text": ("elements", "", richtext.rich_text),
    "section": ("", "text fields accessory expand", _section),
    "table": ("rows", "column_settings", _nothing),
    "video": (
        "alt_text title thumbnail_url video_url",
        "author_name description provider_icon_url provider_name title_url",
        _nothing,
    ),
}
