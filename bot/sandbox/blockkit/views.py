"""Views: modals and App Home.

Limits: https://docs.slack.dev/reference/views
"""

from __future__ import annotations

from typing import Any

from bot.sandbox.blockkit import texts
from bot.sandbox.blockkit.blocks import MOST_IN_VIEW, check_blocks
from bot.sandbox.blockkit.notes import Notes
from bot.sandbox.wire import Json

_SHARED = "private_metadata callback_id external_id"
_MODAL = f"{_SHARED} submit close clear_on_close notify_on_close submit_disabled"


def check_view(view: Any, *, kind: str) -> list[str]:
    """Give Slack's complaints about a view; `kind` is modal or home."""
    notes = Notes()
    if not isinstance(view, dict) or view.get("type") != kind:
        notes.say("/view/type", "must be a valid enum value")
        return notes.said
    needed = "title blocks" if kind == "modal" else "blocks"
    if not notes.keys(
        view, "/view", needed=needed, allowed=_MODAL if kind == "modal" else f"{_SHARED} title"
    ):
        return notes.said
    texts.plain_keys(notes, view, "/view", title=24, submit=24, close=24)
    notes.text(view, "private_metadata", "/view", most=3000, least=0)
    notes.text(view, "callback_id", "/view", most=255, least=0)
    notes.text(view, "external_id", "/view", most=255, least=0)
    if kind == "modal" and _has_input(view) and "submit" not in view:
        notes.say("/view", "missing required field: submit")
    return notes.said + check_blocks(view["blocks"], most=MOST_IN_VIEW)


def _has_input(view: Json) -> bool:
    blocks = view["blocks"] if isinstance(view["blocks"], list) else []
    return any(isinstance(each, dict) and each.get("type") == "input" for each in blocks)
