"""Faults on demand: what goes wrong between Slack and an app, for the next calls or at a rate."""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bot.sandbox.wire import SlackError

if TYPE_CHECKING:
    from bot.sandbox.wire import Json


class Fault(StrEnum):
    """What may go wrong. Those up to REFUSED befall calls of the Web API, the others what goes to the app.

    BEFORE is before the call was carried out, AFTER is after it. LOSE befalls interactions and commands too:
    the app does not get them, and the person sees that it did not answer.
    """

    DROP_BEFORE = "drop_before"
    DROP_AFTER = "drop_after"
    ERROR_BEFORE = "error_before"
    ERROR_AFTER = "error_after"
    LIMITED = "limited"
    HANG = "hang"
    HANG_AFTER = "hang_after"
    REFUSED = "refused"
    LOSE = "lose"
    DUPLICATE = "duplicate"
    REORDER = "reorder"
    LATE = "late"


OF_EVENTS = frozenset({Fault.LOSE, Fault.DUPLICATE, Fault.REORDER, Fault.LATE})


@dataclass(slots=True, kw_only=True)
class Plan:
    """A planned fault; `left` is how often it will strike, None for always; `refusal` is for REFUSED."""

    target: str
    fault: Fault
    left: int | None = None
    rate: float = 1.0
    seconds: float = 1.0
    refusal: SlackError | None = None


@dataclass(frozen=True, slots=True)
class Mishap:
    """A fault that strikes now; `seconds` is the Retry-After of LIMITED and the length of a hang or delay."""

    fault: Fault
    seconds: float
    refusal: SlackError | None = None


class Faults:
    """The list of planned faults, which strike in the order in which they were planned.

    `target` is a method such as `chat.postMessage`, the type of an event or interaction, or `*`.
    """

    def __init__(self, seed: int = 0) -> None:
        self.plans: list[Plan] = []
        self.struck: list[tuple[str, Fault]] = []
        self._chance = random.Random(seed)  # noqa: S311 - repeatable on purpose

    def next(self, target: str, fault: Fault, *, times: int = 1, seconds: float = 1.0) -> None:
        """Let a fault strike the next calls of a method, or the next events of a type."""
        self.plans.append(Plan(target=target, fault=fault, left=times, seconds=seconds))

    def refuse(self, target: str, error: str, *, times: int | None = 1, **more: Any) -> None:
        """Let Slack say no to the next calls of a method, or with `times=None` to all of them.

        `more` goes into the answer, such as `needed` and `provided` of `missing_scope`.
        """
        refusal = SlackError(error, **more)
        self.plans.append(Plan(target=target, fault=Fault.REFUSED, left=times, refusal=refusal))

    def at_rate(self, target: str, fault: Fault, *, rate: float, seconds: float = 1.0) -> None:
        """Let a fault strike at random, with a chance from 0 to 1; the seed makes it repeatable."""
        self.plans.append(Plan(target=target, fault=fault, rate=rate, seconds=seconds))

    def clear(self) -> None:
        """Forget all plans."""
        self.plans.clear()

    def of_call(self, method: str) -> Mishap | None:
        """Give the fault that strikes this call, if any."""
        return self._strike(method, [plan for plan in self.plans if plan.fault not in OF_EVENTS])

    def of_event(self, kind: str) -> Mishap | None:
        """Give the fault that strikes this event, if any."""
        return self._strike(kind, [plan for plan in self.plans if plan.fault in OF_EVENTS])

    def of_interaction(self, kind: str) -> Mishap | None:
        """Give the fault that strikes this interaction; they are never repeated, so they can only be lost."""
        return self._strike(
            kind, [plan for plan in self.plans if plan.fault is Fault.LOSE and plan.target == kind]
        )

    def _strike(self, target: str, plans: list[Plan]) -> Mishap | None:
        for plan in plans:
            if plan.target not in {target, "*"} or self._chance.random() >= plan.rate:
                continue
            if plan.left is not None:
                plan.left -= 1
                if plan.left <= 0:
                    self.plans.remove(plan)
            self.struck.append((target, plan.fault))
            return Mishap(plan.fault, plan.seconds, plan.refusal)
        return None


def written(plan: Plan) -> Json:
    """Give a plan as JSON, for the page."""
    return {
        "target": plan.target,
        "fault": str(plan.fault),
        "left": plan.left,
        "rate": plan.rate,
        "seconds": plan.seconds,
        "error": plan.refusal.error if plan.refusal else "",
    }
