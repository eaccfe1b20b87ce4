"""Takes values out of a TOML table one by one, and notes, with its line, each that is not as it should be."""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any, TypeVar

from handlers.hearing.toml_lines import Path, dotted
from handlers.local_time import Odd, moment

Closed = TypeVar("Closed", bound=StrEnum)

_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
NEVER = datetime.min.replace(tzinfo=UTC)
"""Stands for a time that was refused."""
_ODD = {
    Odd.SKIPPED: "this time does not exist in Copenhagen: the clocks go forward over it",
    Odd.TWICE: "this time comes twice in Copenhagen, since the clocks go back over it: choose another",
    Odd.OUT_OF_RANGE: "must be a year from 1970 on",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A no to one thing in a hearing file. `line` counts from 1; `key` is "" when the text is not TOML."""

    file: str
    line: int
    key: str
    reason: str

    def __str__(self) -> str:
        return (
            ", ".join(part for part in (self.file, f"line {self.line}", self.key) if part)
            + f": {self.reason}"
        )


@dataclass(frozen=True, slots=True)
class Shape:
    """What a text must look like, and how to say so."""

    pattern: re.Pattern[str]
    must: str


_ONE_LINE = Shape(re.compile(r"[^\n\t]+"), "one line")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file under reading: where its keys stand, and what was refused so far."""

    file: str
    lines: Mapping[Path, int]
    refusals: dict[str, Refusal] = field(default_factory=dict)
    """By key: the first no to a key is enough."""

    def line(self, path: Path) -> int:
        """Return the line of a path, or of the nearest thing around it that has one."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def refuse(self, path: Path, reason: str) -> None:
        key = dotted(path)
        self.refusals.setdefault(key, Refusal(self.file, self.line(path), key, reason))

    def unlike(self, found: Iterable[tuple[Path, str]], *, what: str) -> None:
        """Refuse each value that was met before; letter case makes no difference."""
        first: dict[str, Path] = {}
        for path, value in found:
            if not value:
                continue
            earlier = first.setdefault(value.casefold(), path)
            if earlier != path:
                at = f"{dotted(earlier)} (line {self.line(earlier)})"
                self.refuse(path, f"the {what} {value!r} is already taken by {at}")


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the file. A value that was refused is returned as an empty one, never to be used."""

    sheet: Sheet
    path: Path
    values: dict[str, Any]

    def at(self, *more: str | int) -> Path:
        return (*self.path, *more)

    def refuse(self, key: str, reason: str) -> None:
        self.sheet.refuse(self.at(key), reason)

    def text(self, key: str, *, shape: Shape = _ONE_LINE, default: str | None = None) -> str:
        """Return a text that is not blank, trimmed; `default` when the key is not there."""
        if key not in self.values:
            if default is None:
                self.refuse(key, "is missing")
            return default or ""
        return self._checked(self.at(key), self.values[key], shape=shape)

    def texts(self, key: str, *, shape: Shape = _ONE_LINE, least: str = "") -> tuple[str, ...]:
        """Return a list of such texts, no two the same; `least` says what an empty one lacks."""
        value = self.values.get(key, [])
        if not isinstance(value, list):
            self.refuse(key, "must be a list of texts")
            return ()
        if not value and least:
            self.refuse(key, least)
        found = [
            (self.at(key, n), self._checked(self.at(key, n), item, shape=shape))
            for n, item in enumerate(value)
        ]
        self.sheet.unlike(found, what="text")
        return tuple(item for _, item in found)

    def flag(self, key: str, *, default: bool) -> bool:
        value = self.values.get(key, default)
        if not isinstance(value, bool):
            self.refuse(key, "must be true or false")
            return default
        return value

    def count(self, key: str, *, default: int, most: int) -> int:
        """Return a whole number from 1 to `most`."""
        value = self.values.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
            self.refuse(key, f"must be a whole number from 1 to {most}")
            return default
        return value

    def choice(self, key: str, kind: type[Closed], *, default: Closed | None = None) -> Closed:
        value = self.values.get(key, default)
        if isinstance(value, str) and value in set(kind):
            return kind(value)
        if value is None:
            self.refuse(key, "is missing")
        named = ", ".join(f'"{each}"' for each in kind)
        hint = meant(value, list(kind)) if isinstance(value, str) else ""
        self.refuse(key, f"must be one of {named}{hint}")
        return next(iter(kind))

    def moment(self, key: str, *, day_alone: bool = False) -> datetime:
        """Return a Copenhagen time as aware UTC. With `day_alone`, a date stands for its first minute."""
        if key not in self.values:
            self.refuse(key, "is missing")
            return NEVER
        value = self.values[key]
        if day_alone and isinstance(value, date) and not isinstance(value, datetime):
            value = datetime.combine(value, time.min)
        if not isinstance(value, datetime) or value.tzinfo is not None:
            alone = "a date such as 2026-09-01 or " if day_alone else ""
            self.refuse(
                key, f"must be {alone}a local time without quotes or offset, such as 2026-10-01T23:59:00"
            )
            return NEVER
        found = moment(value)
        if isinstance(found, Odd):
            self.refuse(key, _ODD[found])
            return NEVER
        return found

    def table(self, key: str) -> "Table":
        """Return the table under a key, which must be there."""
        value = self.values.get(key)
        if not isinstance(value, dict):
            self.refuse(
                key, f"is missing: write a [{key}] table" if value is None else f"must be a [{key}] table"
            )
            return Table(self.sheet, self.at(key), {})
        return Table(self.sheet, self.at(key), value)

    def tables(self, key: str, *, least: str = "") -> tuple["Table", ...]:
        """Return the tables of an array of tables; `least` says what an empty one lacks."""
        value = self.values.get(key, [])
        if not isinstance(value, list):
            self.refuse(key, f"must be written as [[{key}]] tables")
            return ()
        if not value and least:
            self.refuse(key, least)
        return tuple(self._each(key, value))

    def only(self, known: Iterable[str]) -> None:
        """Refuse every key that is not among the known ones."""
        names = list(known)
        for key in self.values:
            if key not in names:
                self.refuse(key, f"is not a key of the hearing file{meant(key, names)}")

    def _each(self, key: str, value: list[Any]) -> Iterator["Table"]:
        for number, item in enumerate(value):
            if isinstance(item, dict):
                yield Table(self.sheet, self.at(key, number), item)
            else:
                self.sheet.refuse(self.at(key, number), f"must be written as a [[{key}]] table")

    def _checked(self, path: Path, value: object, *, shape: Shape) -> str:
        reason = _unfit(value, shape=shape)
        if reason or not isinstance(value, str):
            self.sheet.refuse(path, reason)
            return ""
        return value.strip()


def _unfit(value: object, *, shape: Shape) -> str:
    if not isinstance(value, str):
        return "must be a text in quotes"
    if _UNFIT.search(value):
        return "must not hold control characters"
    if not value.strip():
        return "must not be empty"
    if not shape.pattern.fullmatch(value.strip()):
        return f"must be {shape.must}"
    return ""


def meant(word: str, known: Iterable[str]) -> str:
    """Return a question whether a known word near this one was meant; "" when none is near."""
    near = difflib.get_close_matches(word[:100].casefold(), list(known), n=1, cutoff=0.6)
    return f' (did you mean "{near[0]}"?)' if near else ""
