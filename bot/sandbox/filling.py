"""What a person put into an input, as the state of a view or the action of a click has it."""

from __future__ import annotations

from typing import Any

from bot.sandbox.views import state_key
from bot.sandbox.wire import Json
from bot.sandbox.writing import compose


def filled(element: Json, value: Any) -> Json:
    """Give the state of an element after somebody gave it a value.

    Texts are typed (Markdown-ish in rich_text_input), options are named by their value, people and
    channels by their id; elements that take several take a list. Raises `ValueError` for no such option.
    """
    kind = element["type"]
    key = state_key(kind)
    if key is None:
        raise ValueError(f"{kind} takes no value")
    return {"type": kind, key: _value(element, value)}


def _value(element: Json, value: Any) -> Any:
    kind = element["type"]
    if value is None or value == "":
        return None
    if kind == "rich_text_input":
        return _written(value) if isinstance(value, str) else value
    if kind in {"static_select", "radio_buttons", "external_select"}:
        return _option(element, value)
    if kind in {"multi_static_select", "checkboxes", "multi_external_select"}:
        return [_option(element, each) for each in value]
    return list(value) if isinstance(value, list | tuple) else value


def _written(typed: str) -> Json:
    """Blanks alone are no message, but an input holds them."""
    for block in compose(typed)[0]:
        return block
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": typed}]}
    return {"type": "rich_text", "elements": [section]}


def _option(element: Json, value: Any) -> Json:
    if isinstance(value, dict):
        return value
    for option in all_options(element):
        if option["value"] == value:
            return option
    raise ValueError(f"no option {value!r} in {element.get('action_id')}")


def all_options(element: Json) -> list[Json]:
    """Give the options of a menu, grouped or not."""
    grouped = [each for group in element.get("option_groups", []) for each in group["options"]]
    return [*element.get("options", []), *grouped]


def missing(block: Json, value: Json) -> str:
    """Say what a Slack client says when an input may not be sent like this; empty when it may."""
    held = value.get(state_key(value["type"]) or "")
    if block["type"] != "input":
        return ""
    if held in (None, "", []):
        return "" if block.get("optional") else "Please complete this required field."
    element = block["element"]
    if isinstance(held, str) and len(held) > element.get("max_length", 3000):
        return f"Must be {element.get('max_length', 3000)} characters or fewer."
    if isinstance(held, str) and len(held) < element.get("min_length", 0):
        return f"Must be at least {element['min_length']} characters."
    return ""
