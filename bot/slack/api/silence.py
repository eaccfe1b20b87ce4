"""Slack not answering: told once, and once when it answers again, however many calls fail meanwhile."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field

log = logging.getLogger(__name__)

_FORGOTTEN = (
    300.0  # seconds after which a call that nobody makes any more tells nothing; jobs wait 120 at most
)
_FLICKERS = 60.0  # seconds after an end for which nothing is told: what was begun before it may still fail
_LONG = 60.0  # seconds; sooner than that Slack tells an event again that nobody took


@dataclass(slots=True)
class Silence:
    """Whether Slack answers, by kind of call: that one is answered says nothing of those that hang.

    `on_long_end` is called when Slack answers after it was silent for so long that it may have given up
    telling us what happened.
    """

    on_long_end: Callable[[], None] = lambda: None
    clock: Callable[[], float] = time.monotonic
    _began: float | None = None
    _ended: float = float("-inf")
    _failed: dict[str, float] = field(default_factory=dict)

    def noted(self, call: str, why: str) -> None:
        """A call that will be made again was not answered."""
        moment = self._failed[call] = self.clock()
        if self._began is None and moment - self._ended >= _FLICKERS:
            self._began = moment
            log.error("Slack does not answer (%s): what it is owed is kept, and tried again", why)

    def answered(self, call: str) -> None:
        """A call was answered, be it with a no."""
        self._failed.pop(call, None)
        moment = self.clock()
        if self._began is None or any(moment - failed < _FORGOTTEN for failed in self._failed.values()):
            return
        lasted, self._began, self._ended = moment - self._began, None, moment
        self._failed.clear()
        log.warning("Slack answers again")
        if lasted >= _LONG:
            self.on_long_end()
