"""Walks blocks that were accepted: gives them ids, finds their elements, counts their text."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from bot.sandbox.wire import Json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def with_ids(blocks: list[Json], fresh: Callable[[], str]) -> list[Json]:
    """Give a copy in which every block and element has its id, as Slack fills them in."""
    copied = copy.deepcopy(blocks)
    for block in copied:
        if not block.get("block_id"):
            block["block_id"] = fresh()
        for element in _elements(block):
            if not element.get("action_id"):
                element["action_id"] = fresh()
    return copied


def elements_of(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Give every interactive element with the block it stands in."""
    for block in blocks:
        for element in _elements(block):
            yield block, element


def _elements(block: Json) -> list[Json]:
    match block["type"]:
        case "actions":
            found = list(block["elements"])
        case "input":
            found = [block["element"]]
        case "section":
            found = [block["accessory"]] if "accessory" in block else []
        case _:
            found = []
    return [each for each in found if each.get("type") != "image"]


def text_length(node: Any) -> int:
    """Count the characters of all text in blocks, of which Slack takes a sum (msg_blocks_too_long)."""
    if isinstance(node, dict):
        own = len(node["text"]) if isinstance(node.get("text"), str) else 0
        return own + sum(text_length(value) for value in node.values())
    if isinstance(node, list):
        return sum(text_length(each) for each in node)
    return 0
