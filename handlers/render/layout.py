"""The notat as every format prints it: no empty piece, no skipped level, lists as trees, notes numbered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, zip_longest
from math import ceil

from handlers.content import Inline, Item, Listing, Note, Para, Run
from handlers.notat.shape import Body, Fact, Notat, Role, Table
from handlers.render import tidy
from handlers.render.words import WORDS

DEEPEST = 8  # Word knows nine levels of a list
_LINE = 65  # signs that a line holds
_MARK = 3  # signs of a mark in a table
_FIRST, _OF_A_SIGN = 30, 1.5  # percent of a table's width: the least for its first column, what a sign takes


@dataclass(frozen=True, slots=True)
class Mark:
    """A footnote with its number in the document, counted from 1."""

    number: int
    runs: tuple[Run, ...]


Printable = Run | Mark


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph with something in it; one that `leads` is to stand on the page of what follows it."""

    runs: tuple[Printable, ...]
    quote: bool
    leads: bool = False
    kind: str = "para"


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a list, and the lists within it."""

    runs: tuple[Printable, ...]
    lists: tuple[Points, ...]


@dataclass(frozen=True, slots=True)
class Points:
    """Neighbouring points of one kind; `level` counts from 0, an ordered list from 1."""

    ordered: bool
    level: int
    points: tuple[Point, ...]
    kind: str = "list"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of words without line ends; every row is as long as the header, which is never empty.

    `widths` are those of its columns, in percent.
    """

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    kind: str = "table"


Printed = Paragraph | Points | Grid


@dataclass(frozen=True, slots=True)
class Section:
    """A heading (empty: none) and its text; levels are 1 to 3, each at most one below the last.

    `number` tells the sections apart; it is never printed. One that is `ruled` has a line above it.
    """

    level: int
    role: Role
    heading: str
    body: tuple[Printed, ...]
    number: int
    ruled: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """The whole notat; a draft may have `findings`, and `notes` repeats every footnote in order."""

    title: str
    owner: str
    facts: tuple[Fact, ...]
    draft: str
    findings: Section | None
    sections: tuple[Section, ...]
    running_title: str
    case_label: str
    notes: tuple[Mark, ...]


@dataclass(slots=True)
class _Setter:
    """Hands out the numbers of notes and keeps levels from being skipped, in reading order."""

    notes: list[Mark] = field(default_factory=list)
    last_level: int = 0
    sections: int = 0
    below_heading: bool = False  # nothing has come since the last one

    def section(self, role: Role, heading: str, content: Body, *, level: int) -> Section:
        heading = tidy.line(heading)
        level = min(level, self.last_level + 1)
        self.last_level = level if heading else self.last_level
        self.sections += 1
        ruled = role == Role.SUBMISSION and not self.below_heading
        body = self.body(content)
        self.below_heading = not body if heading else self.below_heading and not body
        return Section(level, role, heading, body, self.sections, ruled)

    def body(self, content: Body) -> tuple[Printed, ...]:
        return tuple(_led([printed for block in content for printed in self.block(block)]))

    def block(self, block: Para | Listing | Table) -> Iterator[Printed]:
        if isinstance(block, Table):
            yield from _grid(block)
        elif isinstance(block, Listing):
            yield from self.lists(_stepwise(block.items), level=0)
        elif runs := tidy.inlines(block.runs):
            yield Paragraph(self.numbered(runs), block.quote)

    def lists(self, items: Iterable[Item], *, level: int) -> Iterator[Points]:
        for ordered, points in groupby(_gathered(items, level=level), key=lambda point: point[0].ordered):
            yield Points(ordered, level, tuple(self.point(head, rest, level=level) for head, rest in points))

    def point(self, head: Item, rest: list[Item], *, level: int) -> Point:
        return Point(self.numbered(head.runs), tuple(self.lists(rest, level=level + 1)))

    def numbered(self, runs: tuple[Inline, ...]) -> tuple[Printable, ...]:
        return tuple(self.mark(run) if isinstance(run, Note) else run for run in runs)

    def mark(self, note: Note) -> Mark:
        self.notes.append(Mark(len(self.notes) + 1, note.runs))
        return self.notes[-1]


def layout(notat: Notat) -> Layout:
    """Any notat, ready to print; a draft's findings come before its chapters."""
    setter = _Setter()
    findings = _findings(notat, setter)
    sections = tuple(
        setter.section(chapter.role, chapter.heading, chapter.body, level=chapter.level)
        for chapter in notat.chapters
    )
    facts = (Fact(tidy.line(fact.label), tidy.line(fact.value)) for fact in notat.facts)
    title = tidy.line(notat.title) or WORDS["untitled"]
    return Layout(
        title=title,
        owner=tidy.line(notat.owner),
        facts=tuple(fact for fact in facts if fact.label or fact.value),
        draft=tidy.line(notat.draft),
        findings=findings,
        sections=tuple(section for section in sections if section.heading or section.body),
        running_title=tidy.line(notat.running_title) or title,
        case_label=tidy.line(notat.case_label),
        notes=tuple(setter.notes),
    )


def count_marks(body: Iterable[Printed]) -> int:
    """How many footnotes are called in it."""
    return sum(_count_marks(block) for block in body)


def _count_marks(block: Printed | Point) -> int:
    if isinstance(block, Grid):
        return 0
    if isinstance(block, Points):
        return sum(map(_count_marks, block.points))
    within = sum(map(_count_marks, block.lists)) if isinstance(block, Point) else 0
    return sum(isinstance(run, Mark) for run in block.runs) + within


def _findings(notat: Notat, setter: _Setter) -> Section | None:
    if not tidy.line(notat.draft):
        return None
    found = setter.section(Role.PART, notat.findings_heading, notat.findings, level=1)
    if found.body:
        return found
    setter.last_level = 0
    return None


def _led(body: Sequence[Printed]) -> Iterator[Printed]:
    """The body, in which is known what leads up to what follows it."""
    for place, (block, following) in enumerate(zip_longest(body, body[1:])):
        if isinstance(block, Paragraph) and following is not None:
            leads = isinstance(following, Points | Grid) or _announces(block, first=place == 0)
            yield replace(block, leads=leads)
        else:
            yield block


def _announces(block: Paragraph, *, first: bool) -> bool:
    """Whether a paragraph only says what comes: it ends in a colon, or is a line below a heading."""
    words = "".join(run.text for run in block.runs if isinstance(run, Run))
    return not block.quote and len(words) < _LINE and (words.endswith(":") or first)


def _grid(table: Table) -> Iterator[Grid]:
    """The table with whole rows; none when it has no columns, or no rows with anything in them."""
    width = len(table.header)
    cells = (tuple(tidy.line(cell) for cell in (*row, *[""] * width)[:width]) for row in table.rows)
    rows = tuple(row for row in cells if any(row))
    header = tuple(tidy.line(cell) for cell in table.header)
    if rows:
        yield Grid(tidy.line(table.caption), header, rows, _widths(header, rows))


def _widths(header: Sequence[str], rows: Iterable[Sequence[str]]) -> tuple[int, ...]:
    """Room for what is named in the first column; all of it where the others hold no more than marks."""
    if len(header) == 1:
        return (100,)
    fair = max((100 - _FIRST) // (len(header) - 1), 1)
    rest = [fair for _ in header[1:]]
    if all(len(cell) <= _MARK for row in rows for cell in row[1:]):
        longest = (max(map(len, cell.split()), default=1) for cell in header[1:])
        rest = [min(ceil(_OF_A_SIGN * signs), fair) for signs in longest]
    return (max(100 - sum(rest), 1), *rest)


def _stepwise(items: Iterable[Item]) -> Iterator[Item]:
    """Items with something in them, each at most one level below the one before it."""
    last = -1
    for item in items:
        if runs := tidy.inlines(item.runs):
            last = min(max(item.level, 0), last + 1, DEEPEST)
            yield Item(runs, last, item.ordered)


def _gathered(items: Iterable[Item], *, level: int) -> Iterator[tuple[Item, list[Item]]]:
    """Each item of the level with the deeper ones that follow it."""
    head: Item | None = None
    rest: list[Item] = []
    for item in items:
        if item.level > level:
            rest.append(item)
            continue
        if head is not None:
            yield head, rest
        head, rest = item, []
    if head is not None:
        yield head, rest
