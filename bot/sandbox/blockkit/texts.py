"""Text objects, options and confirmations: what elements and blocks are composed of.

Limits: https://docs.slack.dev/reference/block-kit/composition-objects
"""

from __future__ import annotations

from typing import Any

from bot.sandbox.blockkit.notes import Notes
from bot.sandbox.wire import Json


def text(notes: Notes, node: Any, place: str, *, most: int, plain: bool = False) -> None:
    """Check a text object; `plain` refuses mrkdwn."""
    if not notes.keys(node, place, needed="text", allowed="emoji verbatim"):
        return
    kind = node.get("type")
    if kind not in ({"plain_text"} if plain else {"plain_text", "mrkdwn"}):
        notes.say(f"{place}/type", "must be a valid enum value")
    if kind == "mrkdwn" and "emoji" in node:
        notes.say(place, "invalid additional property: emoji")
    if kind == "plain_text" and "verbatim" in node:
        notes.say(place, "invalid additional property: verbatim")
    notes.text(node, "text", place, most=most)


def plain_keys(notes: Notes, node: Json, place: str, **limits: int) -> None:
    """Check keys that hold plain text, each with its limit, where they are present."""
    for key, most in limits.items():
        if key in node:
            text(notes, node[key], f"{place}/{key}", most=most, plain=True)


def option(notes: Notes, node: Any, place: str, *, plain: bool = True) -> None:
    """Check an option: text 150, value 150, description 75."""
    if notes.keys(node, place, needed="text value", allowed="description url"):
        text(notes, node["text"], f"{place}/text", most=150, plain=plain)
        notes.text(node, "value", place, most=150)
        if "description" in node:
            text(notes, node["description"], f"{place}/description", most=75, plain=plain)


def options(notes: Notes, node: Json, place: str, *, most: int, plain: bool = True) -> None:
    """Check the options of a list of choices, and that what is chosen at first is among them."""
    rows = notes.items(node, "options", place, most=most)
    for at, row in enumerate(rows):
        option(notes, row, f"{place}/options/{at}", plain=plain)
    chosen = [
        *([node["initial_option"]] if "initial_option" in node else []),
        *node.get("initial_options", []),
    ]
    if any(each not in rows for each in chosen):
        notes.say(place, "initial option must match an option in the list")


def groups(notes: Notes, node: Json, place: str) -> None:
    """Check groups of options: at most 100, label 75."""
    rows = notes.items(node, "option_groups", place, most=100)
    for at, row in enumerate(rows):
        here = f"{place}/option_groups/{at}"
        if notes.keys(row, here, needed="label options"):
            plain_keys(notes, row, here, label=75)
            options(notes, row, here, most=100)


def confirm(notes: Notes, node: Any, place: str) -> None:
    """Check a confirmation: title 100, text 300, buttons 30."""
    if notes.keys(node, place, needed="title text confirm deny", allowed="style"):
        plain_keys(notes, node, place, title=100, confirm=30, deny=30)
        text(notes, node["text"], f"{place}/text", most=300)
        notes.choice(node, "style", place, among="primary danger")
