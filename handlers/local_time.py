"""Copenhagen's wall clock to aware UTC: what people write in files, as moments."""

from datetime import UTC, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
EARLIEST, LATEST = datetime(1970, 1, 1), datetime(9998, 12, 31)  # noqa: DTZ001 - wall clocks have no zone
"""The wall clocks taken for meant; outside them, a shift of zone may leave the calendar."""


class Odd(StrEnum):
    """Why a wall clock names no single moment."""

    SKIPPED = "skipped"
    """The clocks go forward over it in March."""
    TWICE = "twice"
    """The clocks come back to it in October."""
    OUT_OF_RANGE = "out_of_range"


def moment(wall: datetime) -> datetime | Odd:
    """Return the moment, aware UTC, that a naive Copenhagen wall clock names, or why there is not one."""
    if not EARLIEST <= wall <= LATEST:
        return Odd.OUT_OF_RANGE
    early = wall.replace(tzinfo=COPENHAGEN, fold=0).astimezone(UTC)
    late = wall.replace(tzinfo=COPENHAGEN, fold=1).astimezone(UTC)
    if early == late:
        return early
    return Odd.SKIPPED if early > late else Odd.TWICE


def nearest(wall: datetime) -> datetime | None:
    """Return a moment for any wall clock: the first of two, as if no hour were skipped; None out of range.

    For times a machine wrote down, where an hour's doubt is no reason to refuse what came.
    """
    if not EARLIEST <= wall <= LATEST:
        return None
    return wall.replace(tzinfo=COPENHAGEN, fold=0).astimezone(UTC)
