"""The database out of reach: told once, and once when it is back, however many wait for it meanwhile.

And any other fault in what goes on for ever, which must not end for it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from procrastinate.exceptions import ConnectorException
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from bot.trace import traced

log = logging.getLogger(__name__)

OUT_OF_REACH = (OperationalError, InterfaceError, NoConnection, ConnectorException, OSError)
"""What a question to the database fails with while it is away."""

_LATE = 10.0  # seconds for which what was begun in an outage may still fail after it
_TOLD_AGAIN = 60.0  # seconds until a fault that goes on is told again


@dataclass(slots=True)
class Outage:
    """Whether the database is away, as those who ask it again and again find out."""

    _lasts: bool = False
    _ended: float = float("-inf")
    _told: dict[str, float] = field(default_factory=dict)

    def noted(self, fault: Exception) -> None:
        """Somebody got no answer."""
        if self._lasts or time.monotonic() - self._ended < _LATE:
            return
        self._lasts = True
        log.error("the database does not answer (%s): what waits for it is kept", type(fault).__name__)

    @contextmanager
    def weathered(self, what: str) -> Iterator[None]:
        """Do one round of what goes on for ever: no fault of it ends more than the round.

        `what` is what the log says of a fault that is not the database's.
        """
        try:
            yield
        except Exception as fault:  # noqa: BLE001  what goes on for ever must not end for one fault
            if is_out_of_reach(fault):
                self.noted(fault)
            elif time.monotonic() >= self._told.get(what, 0.0):
                self._told[what] = time.monotonic() + _TOLD_AGAIN
                log.error("%s: %s", what, traced(fault))

    def over(self) -> None:
        """Somebody who asks all the time got an answer."""
        if self._lasts:
            self._lasts, self._ended = False, time.monotonic()
            log.warning("the database answers again")


def is_out_of_reach(fault: Exception) -> bool:
    """Whether it is the database that is away. A missing template is an OSError and a LookupError."""
    return isinstance(fault, OUT_OF_REACH) and not isinstance(fault, LookupError)


def quiet_libraries() -> None:
    """Keep the drivers from telling of each try to reach a database that is away."""
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)
    for name in ("procrastinate.utils", "procrastinate.worker", "procrastinate.worker.worker"):
        logging.getLogger(name).addFilter(_is_news)


def _is_news(record: logging.LogRecord) -> bool:
    return not (record.exc_info and isinstance(record.exc_info[1], ConnectorException))
