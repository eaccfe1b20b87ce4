"""The worker: reads files from its input and gives their texts on its output, within limits it sets itself.

A request is a line of JSON, `{"kind": …, "name": …, "size": …}`, and the bytes of the file; the answer is a
line of JSON, `{"outcome": …, "size": …, "last": …}`, and the text in UTF-8. After a `last` answer the worker
ends, since it has grown; it ends, too, when its input does. The limits are on its command line: bytes of
memory, and seconds of processor time for one file.
"""

import json
import resource
import sys
from pathlib import Path
from typing import BinaryIO

from handlers.annex.reading import extracted
from handlers.confined import allow, begin

_GROWN = 100_000_000  # bytes; what one file took is not always given back
_MAPPED = 4  # room for what is only mapped, as libraries are


def main() -> None:
    """Serve until the input ends or the worker has grown."""
    seconds, answers = begin(largest=0, mapped=_MAPPED)
    source = sys.stdin.buffer
    while line := source.readline():
        asked = json.loads(line)
        payload = source.read(asked["size"])
        if len(payload) < asked["size"] or not _answer(payload, asked, answers, seconds=seconds):
            return


def _answer(payload: bytes, asked: dict[str, str], answers: BinaryIO, *, seconds: float) -> bool:
    """Read one file and answer; whether to go on."""
    allow(seconds)
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


if __name__ == "__main__":
    main()
