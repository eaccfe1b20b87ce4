"""The worker: presses files into sheets, within limits it sets itself.

A request is a line of JSON, `{"kind": …, "file": …, "to": …}`; the answer is a line of JSON, what `dump`
makes of what came of it. The limits are on the command line: bytes of memory, and seconds of processor time
for one file. It ends when its input does.
"""

import json
import sys
from pathlib import Path

from handlers.appendix.press.pressing import pressed
from handlers.appendix.record import dump
from handlers.confined import allow, begin

_LARGEST = 400_000_000  # bytes of the sheets of one file


def main() -> None:
    """Serve until the input ends."""
    seconds, answers = begin(largest=_LARGEST)
    for line in sys.stdin:
        asked = json.loads(line)
        allow(seconds)
        found = pressed(Path(asked["file"]), kind=asked["kind"], to=Path(asked["to"]))
        answers.write(json.dumps(dump(found)).encode("ascii") + b"\n")
        answers.flush()


if __name__ == "__main__":
    main()
