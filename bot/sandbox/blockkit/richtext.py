"""The rich_text block: sections, lists, quotes and code, made of inline elements.

Source: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.wire import Json

if TYPE_CHECKING:
    from bot.sandbox.blockkit.notes import Notes

_INLINE = {
    "text": ("text", "style"),
    "link": ("url", "text unsafe style"),
    "emoji": ("name", "unicode skin_tone style display_team_id url"),
    "user": ("user_id", "style"),
    "usergroup": ("usergroup_id", "style"),
    "channel": ("channel_id", "style"),
    "team": ("team_id", "style"),
    "broadcast": ("range", "style"),
    "date": ("timestamp format", "url fallback style"),
    "color": ("value", "style"),
}
_STYLES = {"bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"}
_PARTS = {
    "rich_text_section": "",
    "rich_text_quote": "border",
    "rich_text_preformatted": "border language",
    "rich_text_list": "style indent border offset",
}


def rich_text(notes: Notes, node: Any, place: str) -> None:
    """Check a whole rich_text block."""
    if not notes.keys(node, place, needed="elements", allowed="block_id"):
        return
    if node.get("type") != "rich_text":
        notes.say(f"{place}/type", "must be a valid enum value")
    for at, part in enumerate(notes.items(node, "elements", place, most=1000, least=0)):
        _part(notes, part, f"{place}/elements/{at}")


def _part(notes: Notes, node: Any, place: str) -> None:
    kind = node.get("type") if isinstance(node, dict) else None
    if kind not in _PARTS:
        notes.say(place, "unsupported type")
        return
    if not notes.keys(node, place, needed="elements", allowed=_PARTS[kind]):
        return
    parts = notes.items(node, "elements", place, most=10_000, least=0)
    if kind == "rich_text_list":
        _list(notes, node, place, parts)
        return
    for at, one in enumerate(parts):
        _inline(notes, one, f"{place}/elements/{at}")


def _list(notes: Notes, node: Json, place: str, items: list[Any]) -> None:
    if "style" not in node:
        notes.say(place, "missing required field: style")
    notes.choice(node, "style", place, among="bullet ordered")
    if not 0 <= node.get("indent", 0) <= 8:
        notes.say(f"{place}/indent", "must be between 0 and 8")
    for at, item in enumerate(items):
        here = f"{place}/elements/{at}"
        if not isinstance(item, dict) or item.get("type") != "rich_text_section":
            notes.say(here, "unsupported type")
        else:
            _part(notes, item, here)


def _inline(notes: Notes, node: Any, place: str) -> None:
    kind = node.get("type") if isinstance(node, dict) else None
    if kind not in _INLINE:
        notes.say(place, "unsupported type")
        return
    needed, allowed = _INLINE[kind]
    if notes.keys(node, place, needed=needed, allowed=allowed):
        notes.text(node, "text", place, most=40_000)
        for style in sorted(set(node.get("style", {})) - _STYLES):
            notes.say(f"{place}/style", f"invalid additional property: {style}")
