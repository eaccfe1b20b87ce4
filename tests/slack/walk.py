"""People at work in threads, at random, while things go wrong; then all must be well again, and true."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

import aiohttp

from bot.sandbox import Fault, How, Mode, SlackError, Unanswered
from tests.slack.deeds import Deeds, Thread
from tests.slack.lives import GIVES_UP_AFTER, Lives
from tests.slack.oracle import Act
from tests.slack.truth import look
from tests.world import BOERN, TEKNIK

_CALLS = (
    Fault.DROP_BEFORE, Fault.DROP_AFTER, Fault.ERROR_BEFORE, Fault.ERROR_AFTER, Fault.LIMITED,
    Fault.HANG, Fault.HANG_AFTER,
)  # fmt: skip
_HANGS = 2 * GIVES_UP_AFTER
_ENDS = ("reopen", "decline", "elsewhere", "split")
MISHAPS = ("calls", "calls", "events", "events", "events", "cut", "disconnect", "down", "none")
_EVENTS = (Fault.LOSE, Fault.DUPLICATE, Fault.REORDER, Fault.LATE)


@dataclass(slots=True)
class Walk:
    """One walk; `told` is its script, for whoever must understand what went wrong.

    `exact` counts, over all rests, the remarks of which it was beyond doubt what must stand in the notat.
    """

    deeds: Deeds
    lives: Lives
    acts: list[tuple[str, Act]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    exact: int = 0

    @property
    def chance(self) -> random.Random:
        return self.deeds.chance

    def begin(self, *, stormy: bool) -> None:
        """From now on it is calm, or anything may go wrong."""
        self.deeds.stormy = stormy
        self.told.append("-- storm" if stormy else "-- calm")
        self.deeds.pending.clear()
        self.deeds.touched.clear()

    async def act(self) -> None:
        """People do a thing or two."""
        for _ in range(self.chance.randint(1, 2)):
            await self._act()
            if self.deeds.stormy:
                await asyncio.sleep(self.chance.choice((0, 0, 0.003, 0.01, 0.03)))

    async def rest(self) -> None:
        """All goes well again, and everything must be true."""
        await self.lives.rest()
        for thread, about, act in self.deeds.pending:
            alone = self.deeds.touched[thread.card.ts] == 1
            self.acts.append((about, Act(act.sure and alone, act.yes, act.tick, act.by)))
        self._meet()
        self.deeds.truth = await look(self)
        self.exact += self.deeds.truth.exact

    def _meet(self) -> None:
        """Get to know the cards that are new."""
        for channel in (TEKNIK, BOERN):
            for card in self.deeds.town.cards(channel):
                number = int(card.text.partition("nr. ")[2].partition(":")[0])
                self.deeds.threads.setdefault(card.ts, Thread(card, number))

    # What goes wrong

    async def mishap(self, what: str) -> None:
        """One of `MISHAPS`; with the last, what went wrong until now does so no more."""
        faults, chance = self.deeds.town.sandbox.faults, self.chance
        match what:
            case "calls":
                fault = chance.choice(_CALLS)
                self.told.append(f"calls: {fault}")
                seconds = 0.1 if fault is Fault.LIMITED else _HANGS
                faults.at_rate("*", fault, rate=chance.choice((0.1, 0.5)), seconds=seconds)
            case "events":
                fault = chance.choice(_EVENTS)
                self.told.append(f"events: {fault}")
                faults.at_rate("*", fault, rate=chance.choice((0.3, 0.8)), seconds=0.03)
            case "cut" | "disconnect" if self.deeds.town.sandbox.space.config.mode is Mode.HTTP:
                self.told.append("again")
                await self._again()
            case "cut":
                self.told.append("cut")
                self.deeds.town.sandbox.cut()
            case "disconnect":
                self.told.append("disconnect")
                await self.deeds.town.sandbox.disconnect()
            case "down":
                self.told.append("down")
                self.deeds.town.sandbox.go_down(chance.choice(tuple(How)))
            case _:
                faults.clear()

    async def _again(self) -> None:
        """Somebody sends the service what Slack sent it last."""
        sandbox = self.deeds.town.sandbox
        if sandbox.requests:
            with suppress(aiohttp.ClientError):  # it is dead
                await sandbox.send_again(sandbox.requests[-1])

    async def kill(self) -> None:
        """Break the service off, or begin it again where Slack lets it."""
        if self.lives.is_alive:
            self.told.append("kill")
            await self.lives.kill()
        elif not self.deeds.town.sandbox.down and not self.deeds.town.sandbox.faults.plans:
            self.told.append("begin")
            await self.lives.begin()

    # What people do

    async def _act(self) -> None:
        """Somebody does the first of many things that can be done."""
        thread = self.chance.choice(list(self.deeds.threads.values()))
        acts = self._acts_in(thread)
        acts = ["say"] if len(thread.alive) < 2 and self.chance.random() < 0.7 else acts
        for name in self.chance.sample(acts, len(acts)):
            if await self._does(name, thread):
                return

    async def _does(self, name: str, thread: Thread) -> bool:
        act: Callable[[Thread], Awaitable[str | None]] = getattr(self.deeds, name)
        try:
            told = await act(thread)
        except (Unanswered, SlackError, TimeoutError) as no:
            told = f"{type(no).__name__} {no}"
            self.deeds.touched[thread.card.ts] += 1  # nobody knows whether it reached the service
            thread.end = "unknown" if name in _ENDS else thread.end
        if told is not None:
            self.deeds.touched[thread.card.ts] += 1
            self.told.append(f"{name} in {thread.card.ts}: {told}")
        return told is not None

    def _acts_in(self, thread: Thread) -> list[str]:
        alone = (
            not self.deeds.stormy and not self.deeds.touched[thread.card.ts] and self.chance.random() < 0.3
        )
        if thread.end == "unknown":
            return ["say"]
        if thread.end:
            return (
                ["say", "tick"] + ["reopen"] * alone if thread.end == "sent" else ["say"] + ["reopen"] * alone
            )
        talk = ["say", "edit", "edit", "delete", "use", "noise", "write", "note"]
        yes = ["tick", "untick", "tick_draft", "untick_draft", "approve", "shortcut", "withdraw"]
        return [*talk, *yes, *yes, *_ENDS[1:]] if alone else [*talk, *yes, *yes]
