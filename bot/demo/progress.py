"""How far the demo is: bars that move on a terminal, a line for each step elsewhere."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn


class Step(StrEnum):
    """What the demo does, in the words shown to who runs it."""

    OPEN = "Service, database and workspace"
    ARRIVE = "Mails and portal rows handed in"
    LAY = "Laid before the departments"
    DECIDE = "Late submissions decided on"
    APPROVE = "Remarks written and approved"
    SUMMARISE = "Summaries written"
    IDENTIFY = "Senders confirmed"
    COMPILE = "Notat compiled and fetched"


@dataclass(slots=True)
class Told:
    """Where the steps are told; without `bars`, a step is told when it is done."""

    out: Console
    bars: Progress | None
    _tasks: dict[Step, TaskID] = field(default_factory=dict)
    _counts: dict[Step, tuple[int, int]] = field(default_factory=dict)
    _began: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """How long it has taken."""
        return time.monotonic() - self._began

    def begin(self, step: Step, total: int = 1) -> None:
        """A step begins that has so many parts."""
        self._counts[step] = (0, total)
        if self.bars is not None:
            self._tasks[step] = self.bars.add_task(step, total=total)

    def advance(self, step: Step, by: int = 1) -> None:
        """So many parts of a step are done."""
        done, total = self._counts[step]
        self._counts[step] = (done + by, total)
        if self.bars is not None:
            self.bars.advance(self._tasks[step], by)
        elif done + by == total:
            self.out.print(f"{self.seconds:5.1f} s  {step}: {total}", highlight=False)


@contextmanager
def progress(out: Console) -> Iterator[Told]:
    """Tell the steps while the body runs; the bars stay on the terminal as they were last."""
    if not out.is_terminal:
        yield Told(out, None)
        return
    columns = (TextColumn("{task.description:32}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=out) as bars:
        yield Told(out, bars)
