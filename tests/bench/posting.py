"""700 submissions laid before seven departments: how fast their cards stand, at Slack's own pace.

`python -m tests.bench.posting` prints the row; it takes some two minutes.
"""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass

from bot.slack.api.pace import Pace
from tests.bench.seven import CHANNELS, mails, seven
from tests.world import key_of

CARDS = 700
BAR = 0.9
_WAITED = "Slack asks us to wait"


@dataclass(frozen=True, slots=True)
class Posted:
    """The seconds until all cards stood, what Slack's pace takes at least, and how often it said 429."""

    seconds: float
    least: float
    too_fast: int
    twice: int

    def __str__(self) -> str:
        ratio = self.least / self.seconds
        held = "held" if ratio >= BAR and not self.too_fast and not self.twice else "MISSED"
        return (
            f"{CARDS} cards over {len(CHANNELS)} channels: {self.seconds:.0f} s, Slack's pace takes "
            f"{self.least:.0f} s, ratio {ratio:.2f}, bar {BAR}; 429s {self.too_fast}, posted twice "
            f"{self.twice}, bars 0 and 0 {held}"
        )


class _Waits(logging.Handler):
    """Counts how often Slack said that we were too fast."""

    count = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.count += _WAITED in record.getMessage()


def measure() -> Posted:
    """Post them all."""
    return asyncio.run(_measure())


async def _measure() -> Posted:
    waits = _Waits(logging.INFO)
    logging.getLogger("bot.slack").addHandler(waits)
    async with seven(*mails(CARDS)) as town:
        begun = time.perf_counter()
        await town.sandbox.until(lambda: len(town.cards()) >= CARDS, timeout=400)
        seconds = time.perf_counter() - begun
        keys = [key_of(each) for each in town.cards()]
    logging.getLogger("bot.slack").removeHandler(waits)
    least = Pace().takes(CARDS // len(CHANNELS))
    return Posted(seconds, least, waits.count, len(keys) - len(set(keys)))


if __name__ == "__main__":
    print(measure())  # noqa: T201  the row is what the command is for
