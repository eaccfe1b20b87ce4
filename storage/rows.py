"""Many rows or values in one statement, which go over as one: a tenth of the work of a value for each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import ARRAY, ColumnElement, TextClause, any_, literal, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped
from sqlmodel import SQLModel

_POSTGRESQL = postgresql.dialect()  # type: ignore[no-untyped-call]

T = TypeVar("T")
Statement = tuple[TextClause, dict[str, str]]


def row_of(fact: SQLModel) -> dict[str, Any]:
    """A fact's values by the names of its columns."""
    return {name: getattr(fact, name) for name in type(fact).model_fields}


def inserted(noun: type[SQLModel], rows: Sequence[dict[str, Any]], *, once: str = "") -> Statement:
    """Insert the rows; with `once`, only those not there yet, and it gives that column of each."""
    told = dict.fromkeys(name for row in rows for name in row)
    return _insert(noun, tuple(told), once), {"rows": json.dumps(rows, default=_as_json)}


@cache
def _insert(noun: type[SQLModel], names: tuple[str, ...], once: str) -> TextClause:
    table = noun.__table__  # type: ignore[attr-defined]
    columns = ", ".join(f'"{name}"' for name in names)
    typed = ", ".join(f'"{name}" {table.columns[name].type.compile(_POSTGRESQL)}' for name in names)
    told = f"json_to_recordset(CAST(:rows AS json)) AS told({typed})"
    tail = f' ON CONFLICT DO NOTHING RETURNING "{once}"' if once else ""
    return text(f'INSERT INTO "{table.name}" ({columns}) SELECT {columns} FROM {told}{tail}')  # noqa: S608  our own names


def _as_json(value: object) -> str:
    """What PostgreSQL reads as the same value."""
    if isinstance(value, datetime):
        return value.isoformat()
    return f"\\x{value.hex()}" if isinstance(value, bytes) else str(value)


def among(column: Mapped[T], values: Iterable[T]) -> ColumnElement[bool]:
    """Whether a column holds one of these, however many they are.

    With a placeholder for each, the driver parses statements of a hundred thousand signs anew each time.
    """
    kind = ARRAY(column.type)  # type: ignore[attr-defined]
    return column == any_(literal(list(values), kind))
