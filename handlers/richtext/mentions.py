"""Who and what a Slack message points at, and the names that stand for them in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

_TYPED = re.compile(r"<(?:[@#]|!subteam\^)([A-Z0-9]+)")
_KEYS = {"user": "user_id", "channel": "channel_id", "usergroup": "usergroup_id", "team": "team_id"}


@dataclass(frozen=True, slots=True)
class Names:
    """Names by Slack id, and the words that stand in where an id is not known: an id is never shown."""

    known: Mapping[str, str] = field(default_factory=dict)
    person: str = "@…"
    channel: str = "#…"
    group: str = "@…"

    def of_person(self, key: str, label: str = "") -> str:
        return self.known.get(key) or label or self.person

    def of_channel(self, key: str, label: str = "") -> str:
        name = self.known.get(key) or label
        return f"#{name.removeprefix('#')}" if name else self.channel

    def of_group(self, key: str, label: str = "") -> str:
        return self.known.get(key) or label or self.group


def mentioned(message: Mapping[str, Any]) -> frozenset[str]:
    """Ids of the people, channels and groups that the message's text or blocks point at."""
    typed = message.get("text")
    ids = set(_TYPED.findall(typed)) if isinstance(typed, str) else set()
    return frozenset(ids | set(_pointed(message.get("blocks"))))


def _pointed(value: Any) -> Iterator[str]:
    waiting = [value]
    while waiting:
        match waiting.pop():
            case list() as values:
                waiting.extend(values)
            case dict() as element:
                waiting.extend(element.values())
                kind = element.get("type")
                key = element.get(_KEYS.get(kind, "")) if isinstance(kind, str) else None
                if isinstance(key, str):
                    yield key
            case _:
                pass
