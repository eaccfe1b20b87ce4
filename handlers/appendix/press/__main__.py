"""The worker: presses files into sheets, within limits it sets itself.

A request is a line of JSON, `{"kind": …, "file": …, "to": …}`; the answer is a line of JSON, what `dump`
makes of what came of it. The limits are on the command line: bytes of memory, and seconds of processor time
for one file. It ends when its input does.
"""

import contextlib
import json
import os
import resource
import sys
from pathlib import Path

from handlers.appendix.press.pressing import pressed
from handlers.appendix.record import dump

_LARGEST = 400_000_000  # bytes of the sheets of one file
_MAX_OPEN_FILES = 64


def main() -> None:
    """Serve until the input ends."""
    memory, seconds = int(sys.argv[1]), float(sys.argv[2])
    _limit(memory)
    answers = os.fdopen(os.dup(1), "w", encoding="ascii")
    # What a library writes to the standard output must not get among the answers.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    for line in sys.stdin:
        asked = json.loads(line)
        _allow(seconds)
        found = pressed(Path(asked["file"]), kind=asked["kind"], to=Path(asked["to"]))
        answers.write(json.dumps(dump(found)) + "\n")
        answers.flush()


def _limit(memory: int) -> None:
    limits = {
        resource.RLIMIT_DATA: memory,
        resource.RLIMIT_FSIZE: _LARGEST,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: _MAX_OPEN_FILES,
    }
    for what, most in limits.items():
        with contextlib.suppress(ValueError, OSError):  # not every system has each of them
            resource.setrlimit(what, (most, most))


def _allow(seconds: float) -> None:
    """Give the next file its own share of processor time; the clock of the process never stands back."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime + seconds) + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (most, hard))


if __name__ == "__main__":
    main()
