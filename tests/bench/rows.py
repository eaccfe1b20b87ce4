"""A line of the benchmarks' table."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: medians of `ours` and `floor` in `unit`, and the ratio of each round."""

    what: str
    unit: str
    ours: float
    floor: float
    ratios: tuple[float, ...]
    bar: float

    @classmethod
    def of(cls, what: str, unit: str, *, ours: Sequence[float], floor: Sequence[float], bar: float) -> Row:
        """A row from rounds that measured both in turn."""
        ratios = tuple(mine / theirs for mine, theirs in zip(ours, floor, strict=True))
        return cls(what, unit, statistics.median(ours), statistics.median(floor), ratios, bar)

    @property
    def ratio(self) -> float:
        return statistics.median(self.ratios)

    def __str__(self) -> str:
        spread = f"{min(self.ratios):.2f}–{max(self.ratios):.2f}"
        held = "held" if self.ratio >= self.bar else "MISSED"
        return (
            f"{self.what}: {self.ours:,.1f} {self.unit} against {self.floor:,.1f}, "
            f"ratio {self.ratio:.2f} ({spread}), bar {self.bar:.2f} {held}"
        )
