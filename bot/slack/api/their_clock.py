"""How far Slack's clock is from ours: what people saw when they said yes is judged by Slack's."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime

log = logging.getLogger(__name__)

_AS_GOOD_AS_ONE = 2.0  # seconds; nobody reads a text and says yes to it sooner


@dataclass(slots=True)
class TheirClock:
    """Between which bounds, in seconds, Slack's clock is ahead of `ours`; the more answers, the narrower."""

    ours: Callable[[], float] = time.time
    _least: float = -math.inf
    _most: float = math.inf

    def heard(self, date: str, *, asked_at: float) -> None:
        """An answer has just come; its `Date` names whole seconds (RFC 9110, section 6.6.1)."""
        try:
            second = parsedate_to_datetime(date).timestamp()
        except ValueError:
            return
        least, most = second - self.ours(), second + 1 - asked_at
        if least > self._most or most < self._least:  # somebody has set one of the clocks
            self._least, self._most = -math.inf, math.inf
        agreed = not self.ahead
        self._least, self._most = max(self._least, least), min(self._most, most)
        if agreed and self.ahead:
            log.warning("our clock and Slack's differ by some %d s: let NTP set ours", self._least)

    @property
    def ahead(self) -> timedelta:
        """How much later it is there than here at most; nothing while they may well go together."""
        if self._least <= _AS_GOOD_AS_ONE and self._most >= -_AS_GOOD_AS_ONE:
            return timedelta()
        return timedelta(seconds=self._most)
