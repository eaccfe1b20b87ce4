"""The demo's files as they were written, with every date moved to fit the day the demo is played.

The files tell of a hearing as seen on `WRITTEN_FOR`, the day before its deadline. What comes by mail is
received when it is sent, so the deadline has to lie ahead; the late submission is therefore a portal row
dated the morning after the deadline, a day that the demo, which plays weeks in a minute, does not wait for.
"""

import re
import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
WRITTEN_FOR = date(2026, 9, 30)
_DATE = re.compile(r"\{dato: (?P<spelt>\d{4}-\d\d-\d\d)\}|\b(?P<plain>\d{4}-\d\d-\d\d)(?!\d)")


def written(name: str, *, today: date) -> str:
    """Give a file's text with each date as far from `today` as it was from `WRITTEN_FOR`."""
    return moved((HERE / name).read_text(encoding="utf-8"), today=today)


def table(name: str) -> dict[str, Any]:
    """Give a TOML file that holds no dates."""
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))


def moved(text: str, *, today: date) -> str:
    """Move each ISO date in a text; `{dato: 2026-08-19}` comes out in words, "19. august 2026"."""
    months, by = table("calendar.toml")["months"], today - WRITTEN_FOR

    def move(found: re.Match[str]) -> str:
        day = date.fromisoformat(found["spelt"] or found["plain"]) + by
        return spelt(day, months) if found["spelt"] else day.isoformat()

    return _DATE.sub(move, text)


def spelt(day: date, months: Sequence[str]) -> str:
    """Give a date in Danish words."""
    return f"{day.day}. {months[day.month - 1]} {day.year}"
