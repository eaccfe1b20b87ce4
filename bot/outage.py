"""The database out of reach: told once, and once when it is back, however many wait for it meanwhile."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass

from procrastinate.exceptions import ConnectorException
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

log = logging.getLogger(__name__)

OUT_OF_REACH = (OperationalError, InterfaceError, NoConnection, ConnectorException, OSError)
"""What a question to the database fails with while it is away."""


_LATE = 10.0  # seconds for which what was begun in an outage may still fail after it


@dataclass(slots=True)
class Outage:
    """Whether the database is away, as those who ask it again and again find out."""

    _lasts: bool = False
    _ended: float = float("-inf")

    def noted(self, fault: Exception) -> None:
        """Somebody got no answer."""
        if self._lasts or time.monotonic() - self._ended < _LATE:
            return
        self._lasts = True
        log.error("the database does not answer (%s): what waits for it is kept", type(fault).__name__)

    def over(self) -> None:
        """Somebody who asks all the time got an answer."""
        if self._lasts:
            self._lasts, self._ended = False, time.monotonic()
            log.warning("the database answers again")


def quiet_libraries() -> None:
    """Keep the drivers from telling of each try to reach a database that is away."""
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)
    for name in ("procrastinate.utils", "procrastinate.worker", "procrastinate.worker.worker"):
        logging.getLogger(name).addFilter(_is_news)


def _is_news(record: logging.LogRecord) -> bool:
    return not (record.exc_info and isinstance(record.exc_info[1], ConnectorException))
