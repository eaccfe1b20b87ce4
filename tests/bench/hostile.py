"""What hostile mails cost: each is read in a process of its own, which afterwards reads an ordinary one.

`python -m tests.bench.hostile` prints the table; words after it choose mails by their names.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from handlers import mail
from tests import bombs
from tests.hostile import HEAD, HEAVY, MAILS, SAID, Hostile

SECONDS, MEGABYTES, PATIENCE = 5.0, 300.0, 60
ROOT = Path(__file__).parents[2]
FILES = {name: Hostile(bomb.build, read=partial(bombs.read, name)) for name, bomb in bombs.BOMBS.items()}
ALL: dict[str, Hostile] = MAILS | HEAVY | FILES


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds for one mail, and megabytes over what the process had before it; the mail itself counts."""

    name: str
    size: float
    seconds: float
    megabytes: float

    @property
    def held(self) -> bool:
        return self.seconds < SECONDS and self.megabytes < MEGABYTES

    def __str__(self) -> str:
        held = "held" if self.held else "MISSED"
        return f"{self.name:42} {self.size:6.1f} MB {self.seconds:6.2f} s {self.megabytes:5.0f} MB  {held}"


@dataclass(frozen=True, slots=True)
class Table:
    """All of them, the dearest last."""

    costs: tuple[Cost, ...]

    def __str__(self) -> str:
        missed = sum(not cost.held for cost in self.costs)
        bars = f"bars {SECONDS:.0f} s and {MEGABYTES:.0f} MB, missed by {missed} of {len(self.costs)}"
        return "\n".join(
            [*map(str, sorted(self.costs, key=lambda cost: cost.megabytes)), f"hostile mails: {bars}"]
        )


def measure(*words: str) -> Table:
    """Measure all, or those whose names hold one of `words`; takes about half a minute."""
    chosen = (name for name in ALL if not words or any(word in name for word in words))
    return Table(tuple(_cost(name) for name in chosen))


def _cost(name: str) -> Cost:
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        path = Path(folder) / "mail.eml"
        path.write_bytes(ALL[name].build())
        size = path.stat().st_size / 1e6
        command = [sys.executable, "-m", "tests.bench.hostile", "--read", str(path), name]
        try:
            told = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=PATIENCE, check=True)  # noqa: S603
        except subprocess.TimeoutExpired:
            return Cost(name, size, float("inf"), float("inf"))
    seconds, megabytes = map(float, told.stdout.split())
    return Cost(name, size, seconds, megabytes)


def _read(path: Path, name: str) -> str:
    """Read the mail, then an ordinary one; tell seconds and megabytes for both."""
    mail.read(HEAD + SAID)
    before, begun = _peak(), time.perf_counter()
    ALL[name].read(path.read_bytes())
    if mail.read(HEAD + SAID).text != SAID.decode().strip():
        raise RuntimeError("the next mail suffered")
    return f"{time.perf_counter() - begun} {_peak() - before}"


def _peak() -> float:
    """The most memory that this process and one that it started have had so far, in megabytes (Linux)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    started = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return (float(status.partition("VmHWM:")[2].split()[0]) + started) / 1e3


if __name__ == "__main__":
    if sys.argv[1:2] == ["--read"]:
        print(_read(Path(sys.argv[2]), sys.argv[3]))  # noqa: T201  what the parent asks for
    else:
        print(measure(*sys.argv[1:]))  # noqa: T201  the table is what the command is for
