"""The checker's notebook: says what is wrong and where, in the form of Slack's own messages."""

from __future__ import annotations

from typing import Any

from bot.sandbox.wire import Json


class Notes:
    """Collects complaints such as `[ERROR] must be an array [json-pointer:/blocks/0/elements]`."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, place: str, what: str) -> None:
        """Note a complaint about a place, which is a JSON pointer."""
        self.said.append(f"[ERROR] {what} [json-pointer:{place}]")

    def keys(self, node: Any, place: str, *, needed: str = "", allowed: str = "") -> bool:
        """Check which keys an object has; give whether it is an object with all it needs."""
        if not isinstance(node, dict):
            self.say(place, "must be an object")
            return False
        must, may = set(needed.split()), set(allowed.split())
        for key in sorted(must - node.keys()):
            self.say(place, f"missing required field: {key}")
        for key in sorted(node.keys() - must - may - {"type"}):
            self.say(place, f"invalid additional property: {key}")
        return must <= node.keys()

    def text(self, node: Json, key: str, place: str, *, most: int, least: int = 1) -> None:
        """Check a string's length, in characters, where the key is present."""
        if key not in node:
            return
        value = node[key]
        if not isinstance(value, str):
            self.say(f"{place}/{key}", "must be a string")
        elif len(value) > most:
            self.say(f"{place}/{key}", f"must be less than {most + 1} characters")
        elif len(value) < least:
            self.say(f"{place}/{key}", f"must be more than {least - 1} characters")

    def items(self, node: Json, key: str, place: str, *, most: int, least: int = 1) -> list[Any]:
        """Check a list's length and give it; an empty one when it is no list."""
        value = node.get(key)
        if not isinstance(value, list):
            self.say(f"{place}/{key}", "must be an array")
            return []
        if len(value) > most:
            self.say(f"{place}/{key}", f"no more than {most} items allowed")
        if len(value) < least:
            self.say(f"{place}/{key}", f"no fewer than {least} items allowed")
        return value

    def choice(self, node: Json, key: str, place: str, *, among: str) -> None:
        """Check that a key, where present, has one of the words."""
        if key in node and node[key] not in among.split():
            self.say(f"{place}/{key}", "must be a valid enum value")
