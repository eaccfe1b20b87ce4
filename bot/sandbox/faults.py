"""Faults on demand: what goes wrong between Slack and an app, for the next calls or at a rate."""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """What may go wrong. The first seven befall calls of the Web API, the others events on their way out."""

    DROP_BEFORE = "drop_before"
    DROP_AFTER = "drop_after"
    ERROR_BEFORE = "error_before"
    ERROR_AFTER = "error_after"
    LIMITED = "limited"
    HANG = "hang"
    HANG_AFTER = "hang_after"
    LOSE = "lose"
    DUPLICATE = "duplicate"
    REORDER = "reorder"


OF_EVENTS = frozenset({Fault.LOSE, Fault.DUPLICATE, Fault.REORDER})


@dataclass(slots=True)
class _Plan:
    target: str
    fault: Fault
    left: int | None
    rate: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Mishap:
    """A fault that strikes now; `seconds` is the Retry-After of LIMITED and the length of a hang."""

    fault: Fault
    seconds: float


class Faults:
    """The list of planned faults. `target` is a method such as `chat.postMessage`, an event type, or `*`."""

    def __init__(self, seed: int = 0) -> None:
        self._plans: list[_Plan] = []
        self._chance = random.Random(seed)  # noqa: S311 - repeatable on purpose

    def next(self, target: str, fault: Fault, *, times: int = 1, seconds: float = 1.0) -> None:
        """Let a fault strike the next calls of a method, or the next events of a type."""
        self._plans.append(_Plan(target, fault, times, 1.0, seconds))

    def at_rate(self, target: str, fault: Fault, *, rate: float, seconds: float = 1.0) -> None:
        """Let a fault strike at random, with a chance from 0 to 1; the seed makes it repeatable."""
        self._plans.append(_Plan(target, fault, None, rate, seconds))

    def clear(self) -> None:
        """Forget all plans."""
        self._plans.clear()

    def of_call(self, method: str) -> Mishap | None:
        """Give the fault that strikes this call, if any."""
        return self._strike(method, [plan for plan in self._plans if plan.fault not in OF_EVENTS])

    def of_event(self, kind: str) -> Mishap | None:
        """Give the fault that strikes this event, if any."""
        return self._strike(kind, [plan for plan in self._plans if plan.fault in OF_EVENTS])

    def _strike(self, target: str, plans: list[_Plan]) -> Mishap | None:
        for plan in plans:
            if plan.target not in {target, "*"} or self._chance.random() >= plan.rate:
                continue
            if plan.left is not None:
                plan.left -= 1
                if plan.left <= 0:
                    self._plans.remove(plan)
            return Mishap(plan.fault, plan.seconds)
        return None
