"""How fast an app may call: Slack's tiers per method, and one post a second per channel.

Source: https://docs.slack.dev/apis/web-api/rate-limits
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.sandbox.config import Pace


class Bucket:
    """Holds up to `size` calls and gains `rate` a second."""

    def __init__(self, size: float, rate: float) -> None:
        self._size = size
        self._rate = rate
        self._held = size
        self._seen = time.monotonic()

    def take(self) -> float:
        """Take one call out; give 0, or the seconds until there is one."""
        now = time.monotonic()
        self._held = min(self._size, self._held + (now - self._seen) * self._rate)
        self._seen = now
        if self._held >= 1:
            self._held -= 1
            return 0.0
        return (1 - self._held) / self._rate


class Limits:
    """Counts calls and says when there are too many."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._buckets: dict[str, Bucket] = {}

    def of_method(self, method: str, per_minute: int) -> int:
        """Count a call; give 0, or the whole seconds of Retry-After."""
        if not (self._pace.enabled and self._pace.tiers):
            return 0
        return self._take(method, size=per_minute, rate=per_minute / 60)

    def of_channel(self, channel: str) -> int:
        """Count a post to a channel; give 0, or the whole seconds of Retry-After."""
        if not self._pace.enabled:
            return 0
        return self._take(f"#{channel}", size=self._pace.burst, rate=self._pace.per_channel)

    def _take(self, key: str, *, size: float, rate: float) -> int:
        speed = self._pace.speed
        if key not in self._buckets:
            self._buckets[key] = Bucket(max(1.0, size), rate * speed)
        return math.ceil(self._buckets[key].take())
