"""Dates as mail programs write them for people, to moments: '20. november 2025 kl. 21.14'."""

import re
from datetime import UTC, datetime, timedelta

from handlers.local_time import nearest

_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "mär": 3, "maa": 3, "apr": 4, "maj": 5, "may": 5, "mai": 5, "jun": 6,
    "jul": 7, "aug": 8, "sep": 9, "okt": 10, "oct": 10, "nov": 11, "dec": 12, "dez": 12, "des": 12,
}  # fmt: skip
_MONTH = rf"(?:{'|'.join(_MONTHS)})[^\W\d_]{{0,8}}\.?"
_DAY = re.compile(
    rf"(?<!\d)(?P<d1>\d{{1,2}})\.?\s{{1,3}}(?P<m1>{_MONTH}),?\s{{1,3}}(?P<y1>\d{{4}})(?!\d)"
    rf"|\b(?P<m2>{_MONTH})\s{{1,3}}(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,?\s{{1,3}}(?P<y2>\d{{4}})(?!\d)"
    r"|(?<!\d)(?P<y3>\d{4})-(?P<m3>\d{1,2})-(?P<d3>\d{1,2})(?!\d)"
    r"|(?<!\d)(?P<d4>\d{1,2})[-./](?P<m4>\d{1,2})[-./](?P<y4>\d{4}|\d{2})(?!\d)",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"(?<!\d)(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?"
    r"(?:\s{0,3}(?P<half>[ap])\.?m\b\.?)?(?:\s{0,3}\(?(?:gmt|utc)?(?P<zone>[+-]\d{2}:?\d{2}\b|gmt|utc|z\b))?",
    re.IGNORECASE,
)


def moment(text: str) -> datetime | None:
    """Give the moment, aware UTC, that is written; Copenhagen's clock where no zone is named.

    None when there is no whole date. Without a time it is the first minute of the day.
    """
    text = text[:200]
    day = _DAY.search(text)
    if not day:
        return None
    time = _TIME.search(text, day.end())
    try:
        wall = datetime(*_date(day), *_clock(time))  # noqa: DTZ001 - a wall clock
        offset = _offset(time["zone"]) if time and time["zone"] else None
        return nearest(wall) if offset is None else (wall - offset).replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _date(day: re.Match[str]) -> tuple[int, int, int]:
    form = next(form for form in "1234" if day[f"y{form}"])
    year, month, number = int(day[f"y{form}"]), day[f"m{form}"], int(day[f"d{form}"])
    year += 2000 if year < 100 else 0
    if not month.isdigit():
        return year, _MONTHS[month[:3].lower()], number
    if int(month) > 12 >= number:
        return year, number, int(month)  # month first, as in the United States
    return year, int(month), number


def _clock(time: re.Match[str] | None) -> tuple[int, int, int]:
    if not time:
        return 0, 0, 0
    hour = int(time["hour"])
    if time["half"]:
        hour = hour % 12 + (12 if time["half"].lower() == "p" else 0)
    return hour, int(time["minute"]), int(time["second"] or 0)


def _offset(zone: str) -> timedelta:
    if zone[0] not in "+-":
        return timedelta()
    ahead = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    return ahead if zone[0] == "+" else -ahead
