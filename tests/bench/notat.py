"""How long a notat takes in each format, and how much memory; each in a process of its own.

`python -m tests.bench.notat` prints the table; numbers after it measure notats of that many submissions only.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from handlers.content import Content, Para, Run
from handlers.notat.shape import Chapter, Notat, Role
from handlers.render.docx import docx
from handlers.render.html import html
from handlers.render.pdf import pdf
from tests.render.sample import AT, FINAL

ROOT, PATIENCE = Path(__file__).parents[2], 1200
BARS = {("docx", 15): 0.2, ("docx", 1_000): 1.0, ("docx", 10_000): 5.0, ("pdf", 1_000): 15.0}
ASKED = (
    *BARS, ("pdf", 15), ("pdf", 10_000), ("html", 15), ("html", 1_000), ("html", 10_000), ("pdf", 0),
)  # fmt: skip
FORMATS: dict[str, Callable[[Notat], object]] = {
    "docx": docx,
    "html": html,
    "pdf": lambda notat: pdf(notat, at=AT),
}
SENTENCES = (
    "Parten bakker op om planen, men savner en afklaring af, hvordan der bliver plads til varelevering",
    "Forvaltningen er enig i, at tilgængelighedsforanstaltningerne bør beskrives i lokalplanens bestemmelser",
    "Behovet er opgjort i den seneste tælling, og udvidelsen holdes inden for den eksisterende ramme",
    "Cykelparkeringen flyttes, så fortovet mellem stationen og torvet bliver bredere end to meter",
    "Der er afsat midler til belysning, bænke og træer, og driften indgår i kommunens budgetforslag",
)


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU and wall seconds, and megabytes of the process and of the largest that it started."""

    form: str
    count: int
    cpu: float
    wall: float
    megabytes: float

    def __str__(self) -> str:
        bar = BARS.get((self.form, self.count))
        # A shared machine's clock says more of the others: the bars are for CPU.
        held = "" if bar is None else f"  bar {bar:g} s {'held' if self.cpu < bar else 'MISSED'}"
        what = f"{self.count:,} submissions" if self.count else "a paragraph of 2 MB"
        spent = f"{self.wall:7.2f} s ({self.cpu:.2f} s CPU) {self.megabytes:6.0f} MB"
        return f"{self.form:5} {what:22} {spent}{held}"


def measure(*counts: str) -> str:
    """Measure all, or those of the given numbers of submissions."""
    chosen = [each for each in ASKED if not counts or str(each[1]) in counts]
    return "\n".join(str(_cost(form, count)) for form, count in sorted(chosen))


def _cost(form: str, count: int) -> Cost:
    command = [sys.executable, "-m", "tests.bench.notat", "--make", form, str(count)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=PATIENCE, check=True)  # noqa: S603
    cpu, wall, megabytes = map(float, told.stdout.split())
    return Cost(form, count, cpu, wall, megabytes)


def _make(form: str, count: int) -> str:
    """Make one notat, after a small one that has everything loaded."""
    make = FORMATS[form]
    make(FINAL)
    notat = _notat(count) if count else _long()
    began, spent = time.perf_counter(), _spent()
    make(notat)
    wall, cpu = time.perf_counter() - began, _spent() - spent
    used = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return f"{cpu} {wall} {used / 1000}"


def _spent() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in both)


def _notat(count: int) -> Notat:
    """Each with a summary and two remarks of some 150 words, no two alike."""
    chapters = list(FINAL.chapters[:2])
    for number in range(1, count + 1):
        chapters.append(Chapter(Role.SUBMISSION, f"Høringssvar {number}: Part {number}", _words(number)))
        chapters += [
            Chapter(Role.REMARK, f"Bemærkninger fra {name}forvaltningen", _words(number * 7 + place))
            for place, name in enumerate(("Teknik- og Miljø", "Kultur- og Fritids"), 1)
        ]
    return replace(FINAL, chapters=tuple(chapters))


def _words(seed: int) -> Content:
    said = ". ".join(f"{SENTENCES[(seed + place) % 5]} ({seed}.{place})" for place in range(9))
    return (Para((Run(f"{said}."),)),)


def _long() -> Notat:
    paragraph = Para((Run("ordet går videre " * 120_000),))
    return replace(FINAL, chapters=(Chapter(Role.PART, "Langt", (paragraph,)),))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--make"]:
        print(_make(sys.argv[2], int(sys.argv[3])))  # noqa: T201  what the parent asks for
    else:
        print(measure(*sys.argv[1:]))  # noqa: T201  the table is what the command is for
