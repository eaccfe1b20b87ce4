"""How long an appendix takes, and how much memory all its processes together.

`python -m tests.bench.appendix` prints the lines; numbers after it measure appendices of that many
submissions instead, each third with a PDF of up to seven pages: tagged, untagged or scanned.
"""

from __future__ import annotations

import asyncio
import io
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path

import pikepdf

from handlers.apart import made
from handlers.appendix.compile import write
from handlers.appendix.placing import placed
from handlers.appendix.prepare import prepare
from handlers.appendix.redaction import redaction_of
from handlers.appendix.shape import Appendix, Author, Enclosure, Entry, Message
from handlers.notat.shape import Fact
from storage.words import Edition
from tests.handlers import papers
from tests.handlers.appendix import sample
from tests.render.sample import AT

ROOT, PATIENCE = Path(__file__).parents[2], 600
_BARS = {1_000: (15.0, 1_000.0)}  # seconds and megabytes
_PAGE = os.sysconf("SC_PAGE_SIZE")
_FACTS = (Fact("Modtaget", "5. april 2031 kl. 9.14"), Fact("Indgivet", "via mail"))


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds by the clock for the files and for the document, seconds of CPU, the most megabytes at once."""

    count: int
    pages: int
    files: float
    document: float
    cpu: float
    megabytes: float

    def __str__(self) -> str:
        held, wall = "", self.files + self.document
        if self.count in _BARS:
            seconds, megabytes = _BARS[self.count]
            # A shared machine's clock says more of the others; half of the CPU is what two processors take.
            kept = min(wall, self.cpu) < seconds and self.megabytes < megabytes
            held = f"  bars {seconds:g} s, {megabytes:g} MB {'held' if kept else 'MISSED'}"
        return (
            f"appendix of {self.count:,} submissions, {self.pages:,} pages: {wall:.1f} s "
            f"({self.files:.1f} for the files, {self.document:.1f} for the document; {self.cpu:.1f} s CPU), "
            f"{self.megabytes:.0f} MB{held}"
        )


def measure(*counts: str) -> str:
    """Measure each in a process of its own, which nothing else is loaded into."""
    return "\n".join(str(_cost(int(count))) for count in counts or ("1000", "2000"))


def _cost(count: int) -> Cost:
    command = [sys.executable, "-m", "tests.bench.appendix", "--make", str(count)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=PATIENCE, check=True)  # noqa: S603
    pages, files, document, cpu, megabytes = map(float, told.stdout.split())
    return Cost(count, int(pages), files, document, cpu, megabytes)


async def _make(count: int) -> str:
    with tempfile.TemporaryDirectory(prefix="bench") as name:
        folder = Path(name)
        whole = _whole(count, folder)
        with _watched() as used:
            began = time.perf_counter()
            by = redaction_of(Edition.INTERNAL)
            files = (file for entry in whole.entries for file in entry.files)
            pressed = await prepare(files, load=partial(_load, folder), folder=folder / "pressed")
            ready = time.perf_counter()
            work = partial(write, whole, placed(whole, pressed, by=by), folder=folder, at=AT)
            await made(work, apart=True)
            ended = time.perf_counter()
        with pikepdf.open(folder / "appendix.pdf") as made_:
            pages = len(made_.pages)
    return f"{pages} {ready - began} {ended - ready} {used.cpu} {used.megabytes}"


def _whole(count: int, folder: Path) -> Appendix:
    """Every third submission has a file, no two of which are the same; these are put into the folder."""
    (folder / "pressed").mkdir()
    kinds = (sample.tagged(), _first(sample.untagged(), 2), sample.scanned(), sample.untagged())
    entries = []
    for number in range(1, count + 1):
        said = " ".join(f"Vi ønsker {number + place} flere træer og bænke under dem." for place in range(20))
        enclosures: tuple[Enclosure, ...] = ()
        if number % 3 == 0:
            raw = kinds[number // 3 % 4] + b"\n%%%d\n" % number
            name = sha256(raw).hexdigest()
            (folder / name).write_bytes(raw)
            enclosures = (Enclosure(1, f"svar {number}.pdf", papers.PDF, len(raw), name),)
        message = Message("", _FACTS, f"{sample.TEXT}\n\n{said}")
        entries.append(Entry(number, f"Part {number}", Author((), is_private=False), (message,), enclosures))
    return Appendix(
        Edition.INTERNAL, "Bilag til høringsnotat", "Parkforvaltningen", "Sagsnr. 1", _FACTS, tuple(entries)
    )


def _first(raw: bytes, pages: int) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(raw)) as file:
        del file.pages[pages:]
        file.save(out)
    return out.getvalue()


async def _load(folder: Path, name: str) -> bytes:
    return (folder / name).read_bytes()


@dataclass(slots=True)
class _Used:
    cpu: float = 0.0
    megabytes: float = 0.0


@contextmanager
def _watched() -> Iterator[_Used]:
    """What this process and all below it use until the end."""
    used, spent, over = _Used(), dict[int, float](), threading.Event()
    before = sum(os.times()[:2])

    def watch() -> None:
        while not over.wait(0.2):
            below = dict(_below(os.getpid()))
            spent.update({pid: cpu for pid, (cpu, _) in below.items()})
            used.megabytes = max(used.megabytes, sum(held for _, held in below.values()))
        spent[0] = -time.thread_time()  # to look costs something too

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        yield used
    finally:
        over.set()
        watching.join()
        used.cpu = sum(spent.values()) - before


def _below(root: int) -> Iterator[tuple[int, tuple[float, float]]]:
    """The processes from `root` down: CPU seconds, and megabytes of their own."""
    parents: dict[int, tuple[int, float, float]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                told = (entry / "stat").read_text().rpartition(")")[2].split()
                _, resident, common = (entry / "statm").read_text().split()[:3]
            except OSError:
                continue  # it has ended
            cpu = (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")
            parents[int(entry.name)] = int(told[1]), cpu, (int(resident) - int(common)) * _PAGE / 1e6
    for pid, (_, cpu, held) in parents.items():
        above = pid
        while above in parents and above != root:
            above = parents[above][0]
        if above == root:
            yield pid, (cpu, held)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--make"]:
        print(asyncio.run(_make(int(sys.argv[2]))))  # noqa: T201  what the parent asks for
    else:
        print(measure(*sys.argv[1:]))  # noqa: T201  the lines are what the command is for
