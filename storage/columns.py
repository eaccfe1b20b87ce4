"""The kinds of columns our nouns are made of."""

from __future__ import annotations

import inspect
import random
import secrets
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Enum, ForeignKeyConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field


def _moments() -> Iterator[int]:
    """The time in 1/4096 milliseconds, each later than the one before."""
    last = 0
    while True:
        last = max(time.time_ns() * 4096 // 1_000_000, last + 1)
        yield last


_ticks = _moments()
_chance = random.Random(secrets.randbits(128))  # noqa: S311  ids are no secrets, and many are made


def ordered_id() -> UUID:
    """A UUID version 7 (RFC 9562 §6.2, method 3): what one process makes sorts as it was made."""
    tick = next(_ticks)
    head = (tick >> 12) << 80 | 7 << 76 | (tick & 0xFFF) << 64
    return UUID(int=head | 2 << 62 | _chance.getrandbits(62))


# Asked for anew with every row that is made; told here, it need not be found out each time.
ordered_id.__signature__ = inspect.Signature()  # type: ignore[attr-defined]


def identity() -> Any:
    """A key that is known before the row is written, so that whole families go in at once, in order."""
    return Field(default_factory=ordered_id, primary_key=True)


def moment(*, optional: bool = False) -> Any:
    """An aware moment, kept in UTC."""
    if optional:
        return Field(default=None, sa_type=DateTime(timezone=True), nullable=True)
    return Field(sa_type=DateTime(timezone=True), nullable=False)


def values() -> Any:
    """JSON values: a list or an object, never null."""
    return Field(sa_type=JSONB, nullable=False)


def closed(words: type[StrEnum], **rest: Any) -> Any:
    """One of a closed set of words; the database refuses any other."""
    kind = Enum(
        words, native_enum=False, create_constraint=True, length=40,
        name=words.__name__.lower(), values_callable=lambda enum: [word.value for word in enum],
    )  # fmt: skip
    return Field(sa_type=kind, nullable=False, **rest)


def same_hearing(table: str, column: str) -> ForeignKeyConstraint:
    """The row that `column` names belongs to the same hearing as this row."""
    return ForeignKeyConstraint([column, "hearing_id"], [f"{table}.id", f"{table}.hearing_id"])


__all__ = ["UUID", "Sequence", "closed", "datetime", "identity", "moment", "same_hearing", "values"]
