"""What the appendix of a large hearing costs: 1,000 submissions, a third of them with a PDF.

`python -m tests.bench.appendix` prints the line. Half of the PDFs have tags, a third have none, the rest are
scans. All is done as the service does it: in workers, and in a process for each large step.
"""

from __future__ import annotations

import asyncio
import io
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import pikepdf

from handlers.appendix.compile import write
from handlers.appendix.placing import placed
from handlers.appendix.prepare import prepare
from handlers.appendix.redaction import Everything
from handlers.appendix.shape import Appendix, Author, Enclosure, Entry, Message
from tests.handlers.appendix import sample

SECONDS, MEGABYTES = 15.0, 1_000.0
SUBMISSIONS, EVERY = 1_000, 3
ROOT = Path(__file__).parents[2]
_ALL = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)


@dataclass(frozen=True, slots=True)
class Cost:
    """What so many pages took, and the seconds of merely joining the same files.

    Others may be busy on the machine, so it is judged by `worked`, the seconds of processor time.
    """

    pages: int
    seconds: float
    worked: float
    megabytes: float
    floor: float

    @property
    def held(self) -> bool:
        return self.worked < SECONDS and self.megabytes < MEGABYTES

    def __str__(self) -> str:
        held = "held" if self.held else "MISSED"
        return (
            f"appendix of {SUBMISSIONS:,} submissions, {SUBMISSIONS // EVERY} PDFs, {self.pages:,} pages: "
            f"{self.seconds:.1f} s, {self.worked:.1f} s of them work, and {self.megabytes:.0f} MB against "
            f"{self.floor:.1f} s of joining the PDFs, "
            f"bars {SECONDS:.0f} s and {MEGABYTES:,.0f} MB {held}"
        )


def measure() -> Cost:
    """Measure it in a process of its own; takes about a minute, most of it to make the PDFs."""
    command = [sys.executable, "-m", "tests.bench.appendix", "--told"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)  # noqa: S603
    pages, *figures = told.stdout.split()
    return Cost(int(pages), *map(float, figures))


def _files() -> Iterator[bytes]:
    """As many PDFs as are wanted, no two alike."""
    kinds = (
        sample.tagged(),
        sample.untagged(),
        sample.tagged(),
        sample.scanned(),
        sample.untagged(),
        sample.tagged(),
    )
    for number in range(SUBMISSIONS // EVERY):
        out = io.BytesIO()
        with pikepdf.open(io.BytesIO(kinds[number % len(kinds)])) as file:
            file.docinfo["/Subject"] = f"{number}"
            file.save(out)
        yield out.getvalue()


def _whole(files: dict[str, bytes]) -> Appendix:
    enclosed = [
        Enclosure(1, f"Bilag {sha[:8]}.pdf", "application/pdf", len(raw), sha) for sha, raw in files.items()
    ]
    left, author = iter(enclosed), Author(("Vejlauget",), is_private=False)
    facts = sample.appendix({}).entries[0].messages[0].facts
    entries = tuple(
        Entry(number, f"Vejlauget Lygtevej {number}", author, (Message("", facts, sample.TEXT * 2),),
              (next(left),) if number % EVERY == 0 else ())
        for number in range(1, SUBMISSIONS + 1)
    )  # fmt: skip
    return replace(sample.appendix({}), entries=entries)


async def _cost(folder: Path) -> Cost:
    files = {sha256(raw).hexdigest(): raw for raw in _files()}
    whole = _whole(files)

    async def load(name: str) -> bytes:
        return files[name]

    begun, before = time.perf_counter(), _spent()
    pressed = await prepare(
        [each for entry in whole.entries for each in entry.files], load=load, folder=folder
    )
    await write(whole, placed(whole, pressed, by=Everything()), folder=folder, at=sample.NOW)
    seconds, worked = time.perf_counter() - begun, _spent() - before
    with pikepdf.open(folder / "appendix.pdf") as made:
        pages = len(made.pages)
    return Cost(pages, seconds, worked, _peak(), _joined(files.values(), folder / "joined.pdf"))


def _joined(files: Iterable[bytes], to: Path) -> float:
    begun = time.perf_counter()
    with pikepdf.new() as out:
        for raw in files:
            with pikepdf.open(io.BytesIO(raw)) as file:
                out.pages.extend(file.pages)
        out.save(to)
    return time.perf_counter() - begun


def _peak() -> float:
    """The most memory that this process, or one that it started, has had, in megabytes."""
    return max(resource.getrusage(who).ru_maxrss for who in _ALL) / 1e3


def _spent() -> float:
    """Seconds of processor time that this process, and those it started that have ended, took."""
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, _ALL))


def _told() -> str:
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        cost = asyncio.run(_cost(Path(folder)))
    return f"{cost.pages} {cost.seconds} {cost.worked} {cost.megabytes} {cost.floor}"


if __name__ == "__main__":
    print(_told() if sys.argv[1:] == ["--told"] else measure())  # noqa: T201  the line is what the command is for
