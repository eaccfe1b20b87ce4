"""How fast we speak: within what Slack allows, so that it never has to say 429."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field


@dataclass(slots=True)
class Pace:
    """At most `burst` at once, then one an `interval` (seconds): for messages, what Slack allows a channel.

    https://docs.slack.dev/apis/web-api/rate-limits
    """

    burst: int = 3
    interval: float = 1.0
    _due: dict[str, float] = field(default_factory=dict)

    async def wait(self, what: str) -> None:
        """Return when the next of its kind may go, such as the next message in a channel."""
        now = time.monotonic()
        due = max(self._due.get(what, 0.0), now - self.burst * self.interval) + self.interval
        self._due[what] = due
        if due > now:
            await asyncio.sleep(due - now)

    def takes(self, calls: int) -> float:
        """The seconds that so many calls of a kind take, when there were none just before."""
        return max(0, calls - self.burst) * self.interval


def updating(pace: Pace) -> Pace:
    """How fast messages may be drawn again beside `pace`: of chat.update Slack takes some 50 a minute."""
    return Pace(burst=8, interval=1.45 * pace.interval)


def reading(pace: Pace) -> Pace:
    """How fast threads may be read again beside `pace`: Slack takes some 50 a minute of each method.

    What is left of these is for people who wait.
    """
    return Pace(burst=10, interval=1.5 * pace.interval)
