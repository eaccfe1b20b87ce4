"""Builders of blocks and views for the sandbox's tests."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def button(action_id: str, value: str = "1") -> Json:
    return {"type": "button", "action_id": action_id, "text": plain("Tryk"), "value": value}


def actions(*elements: Json) -> list[Json]:
    return [{"type": "actions", "elements": list(elements)}]


def modal(*blocks: Json, **more: Any) -> Json:
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain("Bemærkning"),
        "submit": plain("Gem"),
        "blocks": list(blocks),
        **more,
    }


def entry(block_id: str, element: Json, **more: Any) -> Json:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain("Felt"),
        "element": {"action_id": "a", **element},
        **more,
    }


def section(text: str) -> list[Json]:
    return [{"type": "section", "text": {"type": "mrkdwn", "text": text}}]


def options(*values: str) -> list[Json]:
    return [{"text": plain(value.title()), "value": value} for value in values]
