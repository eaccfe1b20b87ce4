"""A worker process within limits: what it may take, and an output that only its answers reach."""

from __future__ import annotations

import contextlib
import os
import resource
import sys
from typing import BinaryIO

_MAX_OPEN_FILES = 64


def begin(*, largest: int, mapped: int | None = None) -> tuple[float, BinaryIO]:
    """Set the limits that the command line names; seconds of processor time for one file, and the output.

    The command line gives bytes of memory and those seconds. `largest` is how large a file may be written,
    `mapped` how many times its memory may be mapped.
    """
    memory, seconds = int(sys.argv[1]), float(sys.argv[2])
    _limit(memory, largest=largest, mapped=mapped)
    answers = os.fdopen(os.dup(1), "wb")
    # What a library writes to the standard output must not get among the answers.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return seconds, answers


def allow(seconds: float) -> None:
    """Give the next file its own share of processor time; the clock of the process never stands back."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime + seconds) + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (most, hard))


def _limit(memory: int, *, largest: int, mapped: int | None) -> None:
    limits = {
        resource.RLIMIT_DATA: memory,
        resource.RLIMIT_FSIZE: largest,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: _MAX_OPEN_FILES,
        **({resource.RLIMIT_AS: mapped * memory} if mapped else {}),
    }
    for what, most in limits.items():
        with contextlib.suppress(ValueError, OSError):  # not every system has each of them
            resource.setrlimit(what, (most, most))
