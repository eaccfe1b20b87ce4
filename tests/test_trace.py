"""What the log shows of a fault: where it was, and nothing of what it says."""

from __future__ import annotations

import logging
import sys

from bot.trace import Discreet, traced

SECRET = "Min nabo er syg"


def _fault() -> Exception:
    try:
        _read({})
    except ValueError as fault:
        return fault
    raise AssertionError


def _read(known: dict[str, str]) -> str:
    try:
        return known[SECRET]
    except LookupError as cause:
        raise ValueError(f"cannot read {SECRET!r}") from cause


def test_a_fault_is_told_by_its_kind_and_place_with_its_cause() -> None:
    told = traced(_fault())
    assert told.startswith("ValueError at test_trace.py:")
    assert " from KeyError at test_trace.py:" in told
    assert SECRET not in told


def test_of_several_faults_each_is_told() -> None:
    told = traced(ExceptionGroup(SECRET, [_fault(), KeyError(SECRET)]))
    assert told.startswith("ExceptionGroup from ValueError at ")
    assert told.endswith("from KeyError")


def test_a_log_line_quotes_no_fault_even_when_a_library_does() -> None:
    try:
        raise _fault()
    except ValueError as fault:
        record = logging.LogRecord(
            "library", logging.ERROR, __file__, 1, f"failed: {fault}", (), sys.exc_info()
        )
    line = Discreet("%(levelname)s %(message)s").format(record)
    assert line.startswith("ERROR failed: … (ValueError at test_trace.py:")
    assert SECRET not in line
    assert record.exc_info is not None
