"""Dates and times as Danes and their systems write them, to moments."""

import re
from datetime import UTC, datetime, timedelta

from handlers.local_time import nearest

_MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_DAY = (
    r"(?P<y1>[0-9]{4})-(?P<m1>[0-9]{1,2})-(?P<d1>[0-9]{1,2})"
    r"|(?P<d2>[0-9]{1,2})[-./](?P<m2>[0-9]{1,2})[-./](?P<y2>[0-9]{4}|[0-9]{2})"
    rf"|(?P<d3>[0-9]{{1,2}})\.? ?(?P<m3>{'|'.join(_MONTHS)})[a-z]*\.? (?P<y3>[0-9]{{4}})"
)
_CLOCK = (
    r"(?P<hour>[0-9]{1,2})[:.](?P<minute>[0-9]{2})(?:[:.](?P<second>[0-9]{2})(?:[.,][0-9]{1,9})?)?"
    r" ?(?P<offset>z|[+-][0-9]{2}:?[0-9]{2})?"
)
_WRITTEN = re.compile(rf"(?:[a-zæøå]{{3,7}},? )?(?:den )?(?:{_DAY})(?:(?:t|,? (?:kl\.? ?)?){_CLOCK})?")


def written_moment(text: str) -> datetime | None:
    """Return the moment, aware UTC, that a written date names in Copenhagen; None when it names none.

    Takes 01-09-2026, 1. september 2026, 2026-09-01, each with or without a time such as 12:30 or kl. 12.30,
    and an offset where there is one. Without a time it is the first minute of the day.
    """
    match = _WRITTEN.fullmatch(" ".join(text.lower().split())[:80])
    if not match:
        return None
    try:
        wall = datetime(*_day(match), *_clock(match))  # noqa: DTZ001 - a wall clock
        found = nearest(wall)
        offset = _offset(match["offset"])
        return found if found is None or offset is None else (wall - offset).replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _day(match: re.Match[str]) -> tuple[int, int, int]:
    year, month, day = next(
        (match[f"y{form}"], match[f"m{form}"], match[f"d{form}"]) for form in "123" if match[f"y{form}"]
    )
    number = int(month) if month.isdigit() else _MONTHS.index(month) + 1
    return int(year) + (2000 if len(year) == 2 else 0), number, int(day)


def _clock(match: re.Match[str]) -> tuple[int, int, int]:
    return int(match["hour"] or 0), int(match["minute"] or 0), int(match["second"] or 0)


def _offset(written: str | None) -> timedelta | None:
    if not written:
        return None
    if written == "z":
        return timedelta()
    ahead = timedelta(hours=int(written[1:3]), minutes=int(written[-2:]))
    return ahead if written[0] == "+" else -ahead
