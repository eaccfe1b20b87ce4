"""From what somebody does in a thread to the card that says so, act by act, at Slack's own pace.

A hearing is under way meanwhile, and three people look at their home tabs, which show all of it.

`python -m tests.bench.answering` prints the row.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from dataclasses import dataclass

from bot.sandbox import Message
from tests.bench.seven import APPROVER, COORDINATOR, WRITER, Seven, mails, seven
from tests.world import shown

CARDS = 70
ROUNDS, APART = 14, 2.0  # seconds between acts, so that Slack's own pace holds nobody up
MEDIAN = 0.5


@dataclass(frozen=True, slots=True)
class Answered:
    """Seconds from each act to the card that says so."""

    seconds: tuple[float, ...]

    def __str__(self) -> str:
        ordered = sorted(self.seconds)
        median, p95 = statistics.median(ordered), ordered[int(len(ordered) * 0.95)]
        held = "held" if median < MEDIAN else "MISSED"
        told = f"median {median:.3f} s, p95 {p95:.3f} s, bar {MEDIAN} s {held}"
        return f"done in Slack to card that says so: {told}"


def measure() -> Answered:
    """People write, approve and take back; takes some two minutes."""
    return asyncio.run(_measure())


async def _measure() -> Answered:
    async with seven(*mails(CARDS)) as town:
        await town.sandbox.until(lambda: _posts(town) >= 2 * CARDS, timeout=120)  # the cards, and their texts
        for person in (WRITER, APPROVER, COORDINATOR):
            await town.sandbox.person(person).open_home()
            await town.sandbox.until(town.sandbox.person(person).home, timeout=60)
        await asyncio.sleep(2 * APART)
        seconds = [await _act(town, card) for card in town.cards()[:: CARDS // ROUNDS]]
        return Answered(tuple(each for both in seconds for each in both))


def _posts(town: Seven) -> int:
    return sum(1 for method, _ in town.sandbox.calls if method == "chat.postMessage")


async def _act(town: Seven, card: Message) -> tuple[float, float]:
    """Somebody writes, and an approver puts a ✅ on that."""
    begun = time.perf_counter()
    reply = await town.sandbox.person(WRITER).say(card.channel, "Forvaltningen er enig.", thread=card)
    wrote = await _until(town, card, "I arbejde", begun=begun)
    begun = time.perf_counter()
    await town.sandbox.person(APPROVER).react(reply, "white_check_mark")
    approved = await _until(town, card, "Godkendt", begun=begun)
    return wrote, approved


async def _until(town: Seven, card: Message, saying: str, *, begun: float) -> float:
    room = town.sandbox.channel(card.channel)
    await town.sandbox.until(lambda: saying in shown(room.message(card.ts)), timeout=30)
    spent = time.perf_counter() - begun
    await asyncio.sleep(APART)
    return spent


if __name__ == "__main__":
    print(measure())  # noqa: T201  the row is what the command is for
