"""The worker: reads files from its input and gives their texts on its output, within limits it sets itself.

A request is a line of JSON, `{"kind": …, "name": …, "size": …}`, and the bytes of the file; the answer is a
line of JSON, `{"outcome": …, "size": …, "last": …}`, and the text in UTF-8. After a `last` answer the worker
ends, since it has grown; it ends, too, when its input does. The limits are on its command line: bytes of
memory, and seconds of processor time for one file.
"""

import contextlib
import json
import os
import resource
import sys
from pathlib import Path
from typing import BinaryIO

from handlers.annex.reading import extracted

_GROWN = 100_000_000  # bytes; what one file took is not always given back
_MAX_OPEN_FILES = 64


def main() -> None:
    """Serve until the input ends or the worker has grown."""
    memory, seconds = int(sys.argv[1]), float(sys.argv[2])
    _limit(memory)
    source, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # What a library writes to the standard output must not get among the answers.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    while line := source.readline():
        asked = json.loads(line)
        payload = source.read(asked["size"])
        if len(payload) < asked["size"] or not _answer(payload, asked, answers, seconds=seconds):
            return


def _answer(payload: bytes, asked: dict[str, str], answers: BinaryIO, *, seconds: float) -> bool:
    """Read one file and answer; whether to go on."""
    _allow(seconds)
    found = extracted(payload, content_type=asked["kind"], name=asked["name"])
    text = found.text.encode("utf-8", "replace")
    is_last = _held() > _GROWN
    head = {"outcome": found.outcome, "size": len(text), "last": is_last}
    answers.write(json.dumps(head).encode("ascii") + b"\n" + text)
    answers.flush()
    return not is_last


def _held() -> int:
    """Count the bytes of memory held now; 0 where the system does not tell.

    The peak that getrusage gives begins with that of whoever started the process, and says nothing.
    """
    try:
        return int(Path("/proc/self/statm").read_bytes().split()[5]) * resource.getpagesize()
    except OSError:
        return 0


def _limit(memory: int) -> None:
    limits = {
        resource.RLIMIT_DATA: memory,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: _MAX_OPEN_FILES,
        resource.RLIMIT_AS: 4 * memory,  # room for what is only mapped, as libraries are
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
