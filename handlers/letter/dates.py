"""The Date header, as far as it can be believed."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz


def moment(text: str) -> datetime | None:
    """Read an RFC 5322 or ISO 8601 date; aware, UTC where no zone is named; None for anything else."""
    text = text.strip()[:100]
    try:
        parts = parsedate_tz(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        parts = None
    try:
        found = _iso(text) if parts is None else datetime(*parts[:6], tzinfo=_zone(parts[9] or 0))
        found.astimezone(UTC)  # years 1 and 9999 can fall off the calendar here
    except (ValueError, TypeError, OverflowError):
        return None
    return found


def _zone(seconds: int) -> timezone:
    return timezone(timedelta(seconds=seconds))


def _iso(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
