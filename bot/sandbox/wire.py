"""What Slack's wire is made of: JSON objects, error names, escaping and timestamps."""

from __future__ import annotations

import time
from typing import Any

Json = dict[str, Any]


class SlackError(Exception):
    """A no of Slack's: HTTP 200 with `ok: false`, an error name, and sometimes more keys."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.error = error
        self.more = more

    def answer(self) -> Json:
        """Give the body that Slack sends."""
        return {"ok": False, "error": self.error, **self.more}


class Unanswered(Exception):  # noqa: N818 - what a person sees, not a fault of ours
    """The app did not answer within its time, or was not there at all; `reason` is Slack's word for it."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the app did not answer: {reason}")
        self.reason = reason


def complaints(error: str, messages: list[str]) -> SlackError:
    """Build the error that lists what is wrong, as Slack does for blocks and views."""
    return SlackError(error, response_metadata={"messages": messages})


def escaped(text: str) -> str:
    """Replace the three signs that `text` fields must not hold raw (docs: formatting text)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class Clock:
    """Gives timestamps in Slack's form, `seconds.microseconds`, each later than the one before."""

    def __init__(self) -> None:
        self._last = 0

    def ts(self) -> str:
        """Give a timestamp that nobody has had."""
        self._last = max(self._last + 1, time.time_ns() // 1000)
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"


class Numbers:
    """Gives identifiers in Slack's form: a letter and at least eight signs."""

    def __init__(self) -> None:
        self._last = 0

    def take(self, letter: str) -> str:
        """Give the next identifier of a kind, such as `F` for a file."""
        self._last += 1
        return f"{letter}0{self._last:08X}"
