"""Modals that hold no form: what people read in them, what they wait for, and why not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.slack.views import blocks, elements
from bot.slack.views.elements import Json
from bot.slack.views.split import short
from handlers.rules import Refusal
from templates import say

WAITING = "waiting"
"""The callback of a window that is not filled yet."""


def window(title: str, body: Sequence[Json], *, callback: str = "read") -> Json:
    """A modal to read and close."""
    return {
        "type": "modal", "callback_id": callback, "title": elements.plain(short(title, 24)),
        "close": elements.plain(_say("close")), "blocks": list(body),
    }  # fmt: skip


def reading(title: str, text: str) -> Json:
    """One that says something of ours, in mrkdwn, on as many sections as it needs."""
    return window(title, elements.marked(text))


def waiting() -> Json:
    """What stands in a window until what it is to show is read."""
    return window(_say("waiting_title"), [elements.section_of(_say("waiting"))], callback=WAITING)


def failed() -> Json:
    """That nothing comes any more."""
    return window(_say("failed_title"), [elements.section_of(_say("failed"))])


def refused(refusal: Refusal) -> Json:
    """Why not."""
    return reading(_say("refused_title"), blocks.reason(refusal))


def _say(phrase: str, **values: Any) -> str:
    return say("slack/windows.j2", phrase, **values)
