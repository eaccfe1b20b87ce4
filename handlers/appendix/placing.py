"""Which sheets stand where: every page of every file that is shown, counted through the whole appendix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count

from handlers.appendix.redaction import Redaction
from handlers.appendix.shape import Appendix, Enclosure
from handlers.appendix.sheets import Pressed, Sheet, Unshown, Why


@dataclass(frozen=True, slots=True)
class Place:
    """A sheet's place; `number` counts in the appendix, `index` in the file, both from 0."""

    number: int
    index: int
    sheet: Sheet


@dataclass(frozen=True, slots=True)
class Placed:
    """A file with the places of its sheets, or why it has none."""

    file: Enclosure
    pressed: Pressed | None = None
    places: tuple[Place, ...] = ()
    why: Why | None = None

    @property
    def text(self) -> str:
        """What is printed of it for want of sheets."""
        return "" if self.places or self.why == Why.WITHHELD else self.file.text

    @property
    def is_shown(self) -> bool:
        """Whether more is printed of it than its name."""
        return bool(self.places or self.text)


Files = Mapping[int, tuple[Placed, ...]]
"""The files of each entry, by the entry's number."""


def placed(appendix: Appendix, pressed: Mapping[str, Pressed | Unshown], *, by: Redaction) -> Files:
    """Give each sheet its place; `pressed` is by the SHA-256 of the files, and what it lacks is not shown."""
    numbers = count()
    return {entry.number: tuple(_files(entry.files, pressed, by, numbers)) for entry in appendix.entries}


def _files(
    files: tuple[Enclosure, ...],
    pressed: Mapping[str, Pressed | Unshown],
    by: Redaction,
    numbers: Iterator[int],
) -> Iterator[Placed]:
    for file in files:
        found = pressed.get(file.sha256, Unshown(Why.UNKNOWN))
        if file.withheld:
            yield Placed(file, why=Why.WITHHELD)
        elif isinstance(found, Unshown):
            yield Placed(file, why=found.why)
        else:
            kept = [index for index in range(len(found.sheets)) if by.keeps(file, page=index + 1)]
            places = tuple(Place(next(numbers), index, found.sheets[index]) for index in kept)
            yield Placed(file, found, places, None if places else Why.WITHHELD)
