"""Days as people count them: by Copenhagen's calendar, not by hours."""

from __future__ import annotations

from datetime import date, datetime

from handlers.local_time import COPENHAGEN

LONG_OVER = 30
"""After so many days past a deadline, nobody counts any more."""


def day(moment: datetime) -> date:
    """The day that a moment falls on."""
    return moment.astimezone(COPENHAGEN).date()


def days_left(until: datetime, *, now: datetime) -> int:
    """How many times midnight comes before the deadline; below zero once it was that many days ago."""
    return max((day(until) - day(now)).days, -LONG_OVER - 1)
