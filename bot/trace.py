"""Faults as the log may show them: their kinds and where in the code they were, never what they say.

What a fault says may hold a citizen's words: pydantic quotes its input, PostgreSQL the failing row.
"""

from __future__ import annotations

import logging
import traceback
from pathlib import Path
from types import TracebackType

_FRAMES = 6


def traced(fault: BaseException) -> str:
    """Such as `LookupError at pictures.py:50, posting.py:120`: the innermost places first, then its cause."""
    places = ", ".join(_places(fault.__traceback__))
    told = f"{type(fault).__name__} at {places}" if places else type(fault).__name__
    inner = fault.exceptions if isinstance(fault, BaseExceptionGroup) else (fault.__cause__,)
    return " from ".join([told, *(traced(each) for each in inner if each is not None)])


def _places(where: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(where)[-_FRAMES:]
    return [f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames)]


class Discreet(logging.Formatter):
    """Formats whatever anybody logs, with faults traced and not quoted."""

    def format(self, record: logging.LogRecord) -> str:
        """One line: an exception that comes with the record is traced at its end."""
        fault = record.exc_info[1] if record.exc_info else None
        bare = logging.makeLogRecord({**record.__dict__, "exc_info": None, "exc_text": None})
        line = super().format(bare)
        if fault is None:
            return line
        said = str(fault)
        return f"{line.replace(said, '…') if said else line} ({traced(fault)})"
